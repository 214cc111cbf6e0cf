namespace Sweeps.Build.Torch;

/// <summary>
/// TorchSharp's native library is linked against GCC 13 and so needs its version of libstdc++, but uses nothing of it:
/// the one symbol of that version is a marker. With the need marked as weak the library loads on older systems too.
/// </summary>
public static class Mark
{
    /// <summary>Marks the need for a version as weak, in place.</summary>
    /// <param name="library">The file's bytes.</param>
    /// <param name="version">The version that may be absent, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="marker">The one symbol of that version that it may list; nothing may refer to it.</param>
    /// <exception cref="InvalidDataException">It uses more of the version, or is no such library.</exception>
    public static void Weaken(byte[] library, string version, string marker)
    {
        var elf = new ElfLibrary(library);
        if (elf.Find(version) is not { } need)
            return; // Nothing keeps it from loading.
        foreach (var symbol in elf.Symbols(need))
        {
            if (symbol.Name != marker || symbol.IsReferred)
            {
                throw new InvalidDataException(
                    $"the library uses {symbol.Name} of {version}, which this system's libstdc++ lacks; "
                    + "use a system with GCC 13 or newer (Debian 13, Ubuntu 24.04, RHEL 10)");
            }
        }

        elf.Weaken(need);
    }
}
