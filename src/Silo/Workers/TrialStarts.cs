using Microsoft.Extensions.Logging;
using Sweeps.Core.Trainings;
using Sweeps.Grains;
using Sweeps.Grains.Contracts;

namespace Sweeps.Silo.Workers;

/// <summary>
/// Hands assignments to the grains of their trials. A trial that cannot be started is a failed attempt with its
/// reason, so that it can neither stay in hand for ever nor hold up others.
/// </summary>
internal sealed partial class TrialStarts(
    IGrainFactory grains, IOutbox outbox, SiloSettings settings, TimeProvider time, ILogger<TrialStarts> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    // By then a cluster has noticed the loss of a silo that its grains were looked up on.
    private readonly TimeSpan _patience = 2 * settings.Lease;

    /// <summary>Starts a trial; never throws.</summary>
    public async Task StartAsync(TrialAssignment assignment)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                await grains.GetGrain<ITrialGrain>(assignment.Key.TrialGrainKey).Start(assignment);
                return;
            }
            catch (Exception error) when (time.GetElapsedTime(begun) < _patience)
            {
                LogNotStarted(error, assignment.Key);
            }
            catch (TimeoutException error)
            {
                // The store or the cluster is away: that is no fault of the trial, and uses up none of its tries.
                LogReleased(error, assignment.Key);
                outbox.Add(new(assignment.Key, AttemptEnding.Released)
                {
                    Reason = "the silo could not start it in time",
                    IsStalled = true,
                });
                return;
            }
            catch (Exception error)
            {
                LogFailed(error, assignment.Key);
                outbox.Add(new(assignment.Key, AttemptEnding.Failed)
                {
                    Failure = TrainingFailure.Error,
                    Reason = $"it could not be started: {error.Message}",
                });
                return;
            }

            await Task.Delay(RetryDelay, time);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Attempt} did not start; trying again")]
    private partial void LogNotStarted(Exception error, AttemptKey attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Attempt} did not start in time: it is handed back")]
    private partial void LogReleased(Exception error, AttemptKey attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Attempt} could not be started on this silo: it failed")]
    private partial void LogFailed(Exception error, AttemptKey attempt);
}
