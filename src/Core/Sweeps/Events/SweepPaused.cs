namespace Sweeps.Core.Sweeps.Events;

/// <summary>No more trials are handed out until <see cref="SweepResumed"/>.</summary>
/// <param name="Reason">Who or what paused it, for people.</param>
public sealed record SweepPaused(string Reason) : SweepEvent;
