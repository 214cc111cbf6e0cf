using Sweeps.Core.Trainings;

namespace Sweeps.Core.Sweeps.Events;

/// <summary>An attempt failed.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The attempt that failed.</param>
/// <param name="Kind">What failed; decides the cure.</param>
/// <param name="Message">The error, for people; at most 2,000 characters.</param>
/// <param name="WillRetry">Whether the trial waits for another attempt; otherwise it has failed.</param>
/// <param name="Exclusive">Whether that attempt must run without neighbours.</param>
public sealed record TrialFailed(
    TrialId Trial, int Attempt, TrainingFailure Kind, string Message, bool WillRetry, bool Exclusive = false)
    : AttemptEvent(Trial, Attempt);
