using System.Runtime.InteropServices;

namespace Sweeps.Client;

/// <summary>
/// Ends the process without the destructors of native libraries: those of libtorch would run beside threads that are
/// still loading it or computing with it (a silo told to stop while it measures the machine, a second Ctrl-C), and
/// such a process ends by a segmentation fault instead of its exit code. Everything of ours is closed by then.
/// </summary>
internal static partial class ProcessEnd
{
    /// <summary>Ends the process with this exit code.</summary>
    public static int With(int code)
    {
        Console.Out.Flush();
        Console.Error.Flush();
        // Windows ends all other threads first.
        if (!OperatingSystem.IsWindows())
            Exit(code);
        return code;
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Exit(int code);
}
