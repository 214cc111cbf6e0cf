namespace Sweeps.Core.Sweeps.Commands;

/// <summary>Hand out trials again.</summary>
/// <param name="RetryFailed">Also try again what has failed, now that its cause is removed.</param>
public sealed record ResumeSweep(bool RetryFailed = false) : SweepCommand;
