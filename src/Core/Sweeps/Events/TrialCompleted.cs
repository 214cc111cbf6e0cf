namespace Sweeps.Core.Sweeps.Events;

/// <summary>An attempt gave the trial's one result.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The attempt that gave it.</param>
/// <param name="Result">The result.</param>
public sealed record TrialCompleted(TrialId Trial, int Attempt, TrialResult Result) : AttemptEvent(Trial, Attempt);
