namespace Sweeps.Core.Sweeps.Commands;

/// <summary>The silo hands the trial back, with its checkpoint saved if there is one.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record ReleaseTrial(AttemptId Attempt, string Reason) : AttemptCommand(Attempt);
