namespace Sweeps.Core.Sweeps.Events;

/// <summary>The scheduler ended the trial before its last epoch.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The attempt that ran.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record TrialStopped(TrialId Trial, int Attempt, string Reason) : AttemptEvent(Trial, Attempt);
