using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sweeps.Training.Data;

/// <summary>
/// Files that have an end. A pipe keeps whoever opens it waiting until someone writes to it, and a device such as
/// <c>/dev/zero</c> can be read for ever: neither is opened.
/// </summary>
public static partial class RegularFile
{
    // statx(2): one layout on every processor. The mode is 2 bytes at 28, and its upper 4 bits are the type.
    private const int StatusLength = 256;
    private const int ModeAt = 28;
    private const int TypeMask = 0xf000;
    private const int Regular = 0x8000;
    private const int WorkingFolder = -100;
    private const uint WantsType = 1;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="IOException">It is no regular file, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        Check(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Opens a file for reading.</summary>
    /// <inheritdoc cref="ReadAllBytes" path="/exception" />
    public static FileStream Open(string path, int buffer = 4096)
    {
        Check(path);
        return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, buffer);
    }

    /// <summary>Throws where a path is something else than a regular file; one that is not there passes.</summary>
    /// <exception cref="IOException">It is a pipe, a device or a socket.</exception>
    public static void Check(string path)
    {
        // What is not regular has no length.
        var file = new FileInfo(path);
        if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
            file = target;
        if (!OperatingSystem.IsLinux() || !file.Exists || file.Length > 0)
            return;
        var status = new byte[StatusLength];
        if (Statx(WorkingFolder, path, 0, WantsType, status) != 0)
            return;
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeAt));
        if ((mode & TypeMask) != Regular)
        {
            throw new IOException(
                $"it is {NameOf(mode & TypeMask)}, not a regular file; write what it gives into a file first");
        }
    }

    private static string NameOf(int type) => type switch
    {
        0x1000 => "a pipe",
        0x2000 or 0x6000 => "a device",
        0xc000 => "a socket",
        _ => "something else",
    };

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte[] status);
}
