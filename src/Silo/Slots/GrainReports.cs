using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Grains;
using Sweeps.Grains.Contracts;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Slots;

/// <summary>
/// Carries a training's reports to its trial's grain. One call at a time per training, so that what comes while one is
/// under way travels together and the last report comes last; a call that fails is made again until the silo goes on
/// as another incarnation, which nobody gave the attempt to.
/// </summary>
internal sealed partial class GrainReports(
    IGrainFactory grains, IOutbox outbox, ISweepStore store, SiloIdentity identity, ILogger<GrainReports> logger)
{
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<AttemptKey, Task> _underWay = new();
    private readonly ConcurrentDictionary<long, RefusedReport> _refused = new();
    private long _calls;

    /// <summary>The report that the store refuses for longest; null: it takes them.</summary>
    public RefusedReport? Refused => _refused.Values.MinBy(report => report.Since);

    /// <summary>Carries the epochs that wait; returns at once.</summary>
    public void Epochs(SlotTraining training)
    {
        var key = training.Assignment.Key;
        if (_underWay.TryGetValue(key, out var running) && !running.IsCompleted)
            return;
        if (training.TakeReports() is not { } taken)
            return;
        var completion = new EpochCompletion(key, taken.Reports, taken.Checkpoint) { Weights = taken.Weights };
        _underWay[key] = EpochsAsync(training, completion);
    }

    /// <summary>Carries the end, with what still waits; returns at once.</summary>
    public void End(SlotTraining training, AttemptEnd end)
    {
        var taken = training.TakeReports();
        var complete = end with
        {
            Reports = taken?.Reports ?? [],
            Weights = taken?.Weights ?? [],
            Checkpoint = taken?.Checkpoint ?? end.Checkpoint,
        };
        _underWay.TryRemove(end.Key, out var before);
        _ = EndAsync(before ?? Task.CompletedTask, training.Assignment, complete);
    }

    private async Task EpochsAsync(SlotTraining training, EpochCompletion completion)
    {
        if (!await SendAsync(training.Assignment, grain => grain.EpochCompleted(completion)))
            training.Stop(new(AttemptEnding.Dropped, "its sweep was deleted", AtOnce: true));
    }

    private async Task EndAsync(Task before, TrialAssignment assignment, AttemptEnd end)
    {
        await before;
        // Nobody wants to hear of it; the silo has it no longer in hand.
        if (!await SendAsync(assignment, grain => grain.Ended(end)))
            outbox.Add(new(end.Key, AttemptEnding.Dropped));
    }

    /// <summary>Carries one report until it has arrived, or is another incarnation's.</summary>
    /// <returns>False: its sweep was deleted.</returns>
    private async Task<bool> SendAsync(TrialAssignment assignment, Func<ITrialGrain, Task> call)
    {
        // Not from the slot's thread: Orleans takes what it needs for a call from a store of the calling thread's and
        // gives it back to that of the thread that hears the answer, so the latter's would grow with every call.
        await Task.Yield();
        var grain = grains.GetGrain<ITrialGrain>(assignment.Key.TrialGrainKey);
        var number = Interlocked.Increment(ref _calls);
        for (var delay = RetryDelayMin; assignment.Incarnation == identity.Incarnation; delay = Longer(delay))
        {
            try
            {
                await call(grain);
                break;
            }
            catch (Exception error) when (error is not ObjectDisposedException)
            {
                if (error is StoreException { Reason: StoreReason.Missing }
                    && await store.Log.IsGoneAsync(assignment.Key.Sweep))
                {
                    LogDeleted(assignment.Key);
                    _refused.TryRemove(number, out _);
                    return false;
                }

                LogRetry(error, assignment.Key);
                if (error is SweepsException { Kind: ErrorKind.Store })
                {
                    var now = Stopwatch.GetTimestamp();
                    _refused.AddOrUpdate(
                        number, new RefusedReport(now, now, error.Message),
                        (_, before) => before with { Last = now, Why = error.Message });
                }
            }

            await Task.Delay(delay);
        }

        _refused.TryRemove(number, out _);
        return true;
    }

    private static TimeSpan Longer(TimeSpan delay) => delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax;

    [LoggerMessage(Level = LogLevel.Information, Message = "A report of {Attempt} did not arrive; trying again")]
    private partial void LogRetry(Exception error, AttemptKey attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep was deleted: what {Attempt} reports is dropped")]
    private partial void LogDeleted(AttemptKey attempt);
}

/// <summary>A report that the store does not take.</summary>
/// <param name="Since">When it first did not, as a timestamp of the stopwatch.</param>
/// <param name="Last">When it last did not.</param>
/// <param name="Why">What it said then.</param>
internal sealed record RefusedReport(long Since, long Last, string Why);
