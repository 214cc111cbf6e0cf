namespace Sweeps.Core.Sweeps.Events;

/// <summary>A silo handed the trial back (it drains or has fewer slots now). No retry is used up.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The attempt that ended.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record AttemptReleased(TrialId Trial, int Attempt, string Reason) : AttemptEvent(Trial, Attempt);
