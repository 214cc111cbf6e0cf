namespace Sweeps.Core.Sweeps.Commands;

/// <summary>The scheduler ended the training before its last epoch.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record StopTrial(AttemptId Attempt, string Reason) : AttemptCommand(Attempt);
