namespace Sweeps.Core.Sweeps.Commands;

/// <summary>Takes one attempt from its silo.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Reason">Why.</param>
/// <param name="Epoch">Epochs the trial has safe in a checkpoint; 0 without one.</param>
/// <param name="Detail">More for people; null: nothing more.</param>
public sealed record ExpireAttempt(AttemptId Attempt, ExpiryReason Reason, int Epoch = 0, string? Detail = null)
    : AttemptCommand(Attempt);
