namespace Sweeps.Core.Sweeps.Events;

/// <summary>The user removed the cause: failed trials wait again, with all their retries.</summary>
/// <param name="Trials">The trials that had failed.</param>
public sealed record TrialsRequeued(IReadOnlyList<TrialId> Trials) : SweepEvent;
