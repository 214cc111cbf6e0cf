namespace Sweeps.Core.Sweeps.Events;

/// <summary>The user ended the sweep: every trial without an end is cancelled, running ones too.</summary>
/// <param name="Reason">Why, for people.</param>
public sealed record SweepCancelled(string Reason) : SweepEvent;
