using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Store.Contract;

namespace Sweeps.Grains;

/// <inheritdoc cref="ITrialGrain" />
// One activation, on the silo that calls, in no directory: an attempt after a lost silo's never waits for that silo.
[StatelessWorker(maxLocalWorkers: 1, removeIdleWorkers: false)]
public sealed partial class TrialGrain(
    ISlotPool slots, IOutbox outbox, ISweepStore store, ILogger<TrialGrain> logger) : Grain, ITrialGrain
{
    private const int Reads = 6;
    private static readonly TimeSpan ReadDelay = TimeSpan.FromMilliseconds(200);

    // Not known to an activation that begins in the middle: releasing a checkpoint that is not there does no harm.
    private bool _hasCheckpoint = true;

    /// <inheritdoc />
    public async Task Start(TrialAssignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        var checkpoint = assignment.Key.Number > 1 ? await ReadCheckpointAsync(assignment.Key) : null;
        _hasCheckpoint = assignment.Key.Number > 1;
        slots.Enqueue(assignment, checkpoint);
    }

    /// <inheritdoc />
    public Task EpochCompleted(EpochCompletion completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        return KeepAsync(
            completion.Key, completion.Reports, completion.Checkpoint, completion.Reports.LastOrDefault()?.Epoch ?? 0);
    }

    /// <inheritdoc />
    public async Task Ended(AttemptEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);

        // Beside the log first: when the log says that the trial is done, its model and its metrics are there.
        await KeepAsync(end.Key, end.Reports, end.Checkpoint, end.Epoch);
        if (end.Model is { } model)
            await store.Artifacts.SaveAsync(new(end.Key.Trial, ArtifactKey.Model), end.Key.Number, end.Epoch, model);
        outbox.Add(end with { Reports = [], Checkpoint = null, Model = null, HasCheckpoint = _hasCheckpoint });
        DeactivateOnIdle();
    }

    /// <summary>A checkpoint that cannot be read costs its epochs, never the trial.</summary>
    private async Task<byte[]?> ReadCheckpointAsync(AttemptKey key)
    {
        for (var read = 1; ; read++)
        {
            try
            {
                return await store.Artifacts.ReadAsync(new ArtifactKey(key.Trial, ArtifactKey.Checkpoint));
            }
            catch (SweepsException error) when (read == Reads)
            {
                LogNoCheckpoint(error, key);
                return null;
            }
            catch (SweepsException)
            {
                await Task.Delay(ReadDelay * (1 << read));
            }
        }
    }

    private async Task KeepAsync(AttemptKey key, EpochReport[] reports, byte[]? checkpoint, int epoch)
    {
        if (reports.Length > 0)
            await store.Metrics.PutAsync([.. reports.Select(report => new MetricRow(key.Trial, key.Number, report))]);
        if (checkpoint is null)
            return;
        var name = new ArtifactKey(key.Trial, ArtifactKey.Checkpoint);
        _hasCheckpoint |= await store.Artifacts.SaveAsync(name, key.Number, epoch, checkpoint) != null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The checkpoint of {Attempt} cannot be read: it starts again")]
    private partial void LogNoCheckpoint(Exception error, AttemptKey attempt);
}
