using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;

namespace Sweeps.Grains.Coordination;

/// <summary>Turns the last report of an attempt into the command it means.</summary>
internal static class EndCommands
{
    public static SweepCommand Of(AttemptEnd end)
    {
        var attempt = end.Key.Attempt;
        var reason = end.Reason ?? string.Empty;
        return end.Ending switch
        {
            AttemptEnding.Completed => new CompleteTrial(attempt, TrialResultJson.Read(end.Result)),
            AttemptEnding.Stopped => new StopTrial(attempt, reason),
            AttemptEnding.Failed => new FailTrial(attempt, end.Failure ?? TrainingFailure.Error, reason),
            AttemptEnding.Released => new ReleaseTrial(attempt, reason),
            AttemptEnding.TimedOut => new ExpireAttempt(attempt, ExpiryReason.Timeout, end.Epoch, reason),
            _ => throw new ArgumentException(
                $"An attempt that ended as {end.Ending} has nothing to report.", nameof(end)),
        };
    }
}
