using Sweeps.Core.Trainings;

namespace Sweeps.Core.Sweeps.Commands;

/// <summary>The training failed.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Kind">What failed; decides the cure (<see cref="Scheduling.RetryPolicy"/>).</param>
/// <param name="Message">The error, for people.</param>
public sealed record FailTrial(AttemptId Attempt, TrainingFailure Kind, string Message) : AttemptCommand(Attempt);
