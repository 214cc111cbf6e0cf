namespace Sweeps.Core.Sweeps.Events;

/// <summary>
/// The trial is not tried again: it was running each time a silo died or hung, without any progress in between.
/// </summary>
/// <param name="Trial">The trial.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record TrialSetAside(TrialId Trial, string Reason) : TrialEvent(Trial);
