using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sweeps.Grains.Contracts;

namespace Sweeps.Silo.Slots;

/// <summary>
/// Carries a training's reports to its trial's grain. One call at a time per training, so that what comes while one is
/// under way travels together and the last report comes last; a call that fails is made again.
/// </summary>
internal sealed partial class GrainReports(IGrainFactory grains, ILogger<GrainReports> logger)
{
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<AttemptKey, Task> _under = new();

    /// <summary>Carries the epochs that wait; returns at once.</summary>
    public void Epochs(SlotTraining training)
    {
        var key = training.Assignment.Key;
        if (_under.TryGetValue(key, out var running) && !running.IsCompleted)
            return;
        if (training.TakeReports() is { } taken)
            _under[key] = SendAsync(key, grain => grain.EpochCompleted(new(key, taken.Reports, taken.Checkpoint)));
    }

    /// <summary>Carries the end, with what still waits; returns at once.</summary>
    public void End(SlotTraining training, AttemptEnd end)
    {
        var taken = training.TakeReports();
        var complete = end with { Reports = taken?.Reports ?? [], Checkpoint = taken?.Checkpoint };
        _under.TryRemove(end.Key, out var before);
        _ = EndAsync(before ?? Task.CompletedTask, complete);
    }

    private async Task EndAsync(Task before, AttemptEnd end)
    {
        await before;
        await SendAsync(end.Key, grain => grain.Ended(end));
    }

    private async Task SendAsync(AttemptKey key, Func<ITrialGrain, Task> call)
    {
        var delay = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            try
            {
                await call(grains.GetGrain<ITrialGrain>(key.TrialGrainKey));
                return;
            }
            catch (Exception error) when (error is not ObjectDisposedException)
            {
                LogRetry(error, key, delay);
            }

            await Task.Delay(delay);
            delay = delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A report of {Attempt} did not arrive; again in {Delay}")]
    private partial void LogRetry(Exception error, AttemptKey attempt, TimeSpan delay);
}
