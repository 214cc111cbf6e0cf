namespace Sweeps.Core.Sweeps.Events;

/// <summary>An attempt was taken from its silo, which is gone or hangs. The trial waits for another.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The attempt that ended; whatever it still reports changes nothing.</param>
/// <param name="Reason">Why.</param>
/// <param name="Epoch">
/// Epochs the trial has safe in a checkpoint; 0 without one. Progress shows that the trial did not kill its silo.
/// </param>
/// <param name="Detail">More for people; null: nothing more.</param>
/// <param name="Exclusive">
/// The next attempt is the last before the trial is set aside, and runs without neighbours, so that it is not blamed
/// for what one of them did.
/// </param>
public sealed record AttemptExpired(
    TrialId Trial, int Attempt, ExpiryReason Reason, int Epoch = 0, string? Detail = null, bool Exclusive = false)
    : AttemptEvent(Trial, Attempt);
