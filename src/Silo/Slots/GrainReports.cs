using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Workers;

namespace Sweeps.Silo.Slots;

/// <summary>
/// Carries a training's reports to its trial's grain. One call at a time per training, so that what comes while one is
/// under way travels together and the last report comes last; a call that fails is made again.
/// </summary>
internal sealed partial class GrainReports(
    IGrainFactory grains, SiloIdentity identity, Outbox outbox, ILogger<GrainReports> logger)
{
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(5);

    // Another silo's activation ends when it is asked, and the next one is here: that takes one or two tries.
    private const int MostElsewhere = 20;
    private readonly ConcurrentDictionary<AttemptKey, Task> _under = new();

    /// <summary>Carries the epochs that wait; returns at once.</summary>
    public void Epochs(SlotTraining training)
    {
        var assignment = training.Assignment;
        if (_under.TryGetValue(assignment.Key, out var running) && !running.IsCompleted)
            return;
        if (training.TakeReports() is not { } taken)
            return;
        var completion = new EpochCompletion(assignment.Key, taken.Reports, taken.Checkpoint);
        _under[assignment.Key] = SendAsync(
            assignment, grain => grain.EpochCompleted(assignment.Incarnation, completion));
    }

    /// <summary>Carries the end, with what still waits; returns at once.</summary>
    public void End(SlotTraining training, AttemptEnd end)
    {
        var taken = training.TakeReports();
        var complete = end with { Reports = taken?.Reports ?? [], Checkpoint = taken?.Checkpoint };
        _under.TryRemove(end.Key, out var before);
        _ = EndAsync(before ?? Task.CompletedTask, training.Assignment, complete);
    }

    private async Task EndAsync(Task before, TrialAssignment assignment, AttemptEnd end)
    {
        await before;
        if (await SendAsync(assignment, grain => grain.Ended(assignment.Incarnation, end)))
            return;
        LogNotTaken(end.Key);
        outbox.Add(new(end.Key, AttemptEnding.Released) { Reason = "its grain could not be reached on its silo" });
    }

    /// <summary>True: taken, or nobody waits for it any more. False: its grain would not live on this silo.</summary>
    private async Task<bool> SendAsync(TrialAssignment assignment, Func<ITrialGrain, Task<bool>> call)
    {
        var grain = grains.GetGrain<ITrialGrain>(assignment.Key.TrialGrainKey);
        var delay = TimeSpan.FromMilliseconds(50);
        for (var elsewhere = 0; elsewhere < MostElsewhere;)
        {
            if (assignment.Incarnation != identity.Incarnation)
                return true;
            try
            {
                if (await call(grain))
                    return true;
                elsewhere++;
            }
            catch (Exception error) when (error is not ObjectDisposedException)
            {
                LogRetry(error, assignment.Key, delay);
            }

            await Task.Delay(delay);
            delay = delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax;
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A report of {Attempt} did not arrive; again in {Delay}")]
    private partial void LogRetry(Exception error, AttemptKey attempt, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Attempt} ended, but its grain is not here: handed back")]
    private partial void LogNotTaken(AttemptKey attempt);
}
