namespace Sweeps.Tests;

/// <summary>Whether tests that repeat something do so as often as the long run of all tests (./test --all).</summary>
internal static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("SWEEPS_TEST_ALL") is { Length: > 0 };
}
