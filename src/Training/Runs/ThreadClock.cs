using System.Runtime.InteropServices;

namespace Sweeps.Training.Runs;

/// <summary>CPU time of the calling thread.</summary>
internal static partial class ThreadClock
{
    // CLOCK_THREAD_CPUTIME_ID differs by system.
    private static readonly int s_clock = OperatingSystem.IsLinux() ? 3 : OperatingSystem.IsMacOS() ? 16 : -1;

    /// <summary>
    /// CPU seconds that this thread has used; NaN where the system has no such clock that we know (Windows).
    /// </summary>
    public static double Seconds
    {
        get
        {
            if (s_clock < 0 || GetTime(s_clock, out var time) != 0)
                return double.NaN;
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
