using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;

namespace Sweeps.Grains.Coordination;

/// <summary>What the last reports of attempts mean for their sweep.</summary>
internal static class AttemptEnds
{
    /// <summary>
    /// The commands that an end means. One that no worker of this version makes is an error of its trial: were it
    /// refused, the worker would report it for ever, and everything that it has to say beside it would be lost.
    /// </summary>
    public static IEnumerable<SweepCommand> CommandsOf(AttemptEnd end)
    {
        var attempt = end.Key.Attempt;
        if (end.CheckpointLoss is { } loss)
            yield return new LoseCheckpoint(attempt, loss);
        var reason = end.Reason ?? string.Empty;
        yield return end.Ending switch
        {
            AttemptEnding.Completed when end.Result is { } result => new CompleteTrial(attempt, result),
            AttemptEnding.AtRung when end.Result is { } result => new ReachRung(attempt, result),
            AttemptEnding.Failed => new FailTrial(attempt, end.Failure ?? TrainingFailure.Error, reason),
            AttemptEnding.Released => new ReleaseTrial(attempt, reason, end.IsStalled),
            AttemptEnding.TimedOut => new ExpireAttempt(attempt, ExpiryReason.Timeout, end.Epoch, reason),
            _ => new FailTrial(
                attempt, TrainingFailure.Error,
                $"its report is malformed: it ended as '{end.Ending}' without a result. The silo that trained it may "
                    + "be of another version."),
        };
    }
}
