using System.Runtime.InteropServices;

namespace Sweeps.TrainingBench;

/// <summary>
/// CPU seconds of the child processes that have ended: .NET forgets a process's time when it exits, the system does
/// not.
/// </summary>
internal static unsafe partial class ChildTime
{
    private const int Children = -1;

    /// <summary>User and system time of all of them so far; NaN where the system does not tell.</summary>
    public static double Seconds
    {
        get
        {
            // struct rusage: two struct timeval, then counters that are not read.
            var usage = stackalloc long[32];
            return !OperatingSystem.IsLinux() || GetUsage(Children, usage) != 0
                ? double.NaN
                : usage[0] + usage[2] + ((usage[1] + usage[3]) * 1e-6);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, long* usage);
}
