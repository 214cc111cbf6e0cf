namespace Sweeps.Core.Sweeps.Events;

/// <summary>Trials are handed out again; the count of equal errors starts anew.</summary>
public sealed record SweepResumed : SweepEvent;
