namespace Sweeps.Core.Sweeps.Events;

/// <summary>Something that happened to one trial.</summary>
/// <param name="Trial">The trial.</param>
public abstract record TrialEvent(TrialId Trial) : SweepEvent;
