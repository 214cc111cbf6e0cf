namespace Sweeps.Core.Sweeps.Commands;

/// <summary>The training gave a result.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Result">The result.</param>
public sealed record CompleteTrial(AttemptId Attempt, TrialResult Result) : AttemptCommand(Attempt);
