using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Store;
using Sweeps.Store.Contract;

namespace Sweeps.Grains;

/// <inheritdoc cref="ITrialGrain" />
// One activation, on the silo that calls, in no directory: an attempt after a lost silo's never waits for that silo.
[StatelessWorker(maxLocalWorkers: 1, removeIdleWorkers: false)]
public sealed partial class TrialGrain(
    ISlotPool slots, IOutbox outbox, ISweepStore store, ILogger<TrialGrain> logger) : Grain, ITrialGrain
{
    private static readonly TimeSpan ReadDelayMin = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a checkpoint may take to be read, however often it is tried: whoever starts the trial waits for the
    /// answer, and no call of Orleans is waited for longer than 30 s.
    /// </summary>
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(20);

    /// <summary>What is damaged or gone is looked at again, since a disk may err once.</summary>
    private const int ReadsOfDamaged = 3;

    // Not known to an activation that begins in the middle: releasing a checkpoint that is not there does no harm.
    private bool _hasCheckpoint = true;

    // By epoch; null: not read yet.
    private SortedDictionary<int, EpochWeights>? _weights;
    private TrialBeginning? _beginning;

    /// <inheritdoc />
    public async Task Start(TrialAssignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        var (checkpoint, loss) = await ReadCheckpointAsync(assignment);
        _hasCheckpoint = assignment.Key.Number > 1;
        (_weights, _beginning) = (null, assignment.Beginning);
        slots.Enqueue(assignment, checkpoint, loss);
    }

    /// <inheritdoc />
    public Task EpochCompleted(EpochCompletion completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        var epoch = completion.Reports.LastOrDefault()?.Epoch ?? 0;
        return KeepAsync(completion.Key, completion.Reports, completion.Weights, completion.Checkpoint, epoch);
    }

    /// <inheritdoc />
    public async Task Ended(AttemptEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);

        // Beside the log first: when the log says that the trial is done, its model and its metrics are there.
        await KeepAsync(end.Key, end.Reports, end.Weights, end.Checkpoint, end.Epoch);
        if (end.Model is { } model)
            await store.Artifacts.SaveAsync(new(end.Key.Trial, ArtifactKey.Model), end.Key.Number, end.Epoch, model);
        if (end.KeptCheckpoint is { } kept)
        {
            var name = new ArtifactKey(end.Key.Trial, ArtifactKey.KeptCheckpoint);
            await store.Artifacts.SaveAsync(name, end.Key.Number, end.Epoch, kept);
        }

        outbox.Add(end with
        {
            Reports = [],
            Weights = [],
            Checkpoint = null,
            Model = null,
            KeptCheckpoint = null,
            HasCheckpoint = _hasCheckpoint,
        });
        DeactivateOnIdle();
    }

    /// <summary>
    /// The trial's own checkpoint, else the one that another training kept. What cannot be read costs its epochs, never
    /// the trial.
    /// </summary>
    /// <returns>The checkpoint, or why it begins from the start where it should not have to.</returns>
    private async Task<(byte[]? Checkpoint, string? Loss)> ReadCheckpointAsync(TrialAssignment assignment)
    {
        using var limit = new CancellationTokenSource(ReadTime);
        var key = assignment.Key;
        var (checkpoint, loss) = key.Number > 1
            ? await ReadCheckpointAsync(new(key.Trial, ArtifactKey.Checkpoint), limit.Token)
            : (null, null);
        if (checkpoint is null && assignment.Beginning is { } beginning)
        {
            var source = new TrialKey(beginning.Sweep, beginning.Source.Configuration, beginning.Source.Fold);
            var own = loss;
            (checkpoint, loss) = await ReadCheckpointAsync(new(source, ArtifactKey.KeptCheckpoint), limit.Token);
            if (checkpoint is null)
                loss = $"the checkpoint that trial {beginning.Source} of sweep {beginning.Sweep} kept is "
                    + (loss is null ? "gone" : $"lost: {loss}");
            else if (own is not null)
                LogNoOwnCheckpoint(key, beginning.Epochs, own);
        }

        if (checkpoint is null && loss is not null)
            LogNoCheckpoint(key, loss);
        return (checkpoint, loss);
    }

    private async Task<(byte[]? Checkpoint, string? Loss)> ReadCheckpointAsync(
        ArtifactKey name, CancellationToken limit)
    {
        var loss = $"the store did not answer within {ReadTime.TotalSeconds:0} s";
        var delay = ReadDelayMin;
        try
        {
            for (var damaged = 0; damaged < ReadsOfDamaged; delay *= 2)
            {
                try
                {
                    // Not every read of every store hears of a cancellation.
                    return (await store.Artifacts.ReadAsync(name, limit).WaitAsync(limit), null);
                }
                catch (SweepsException error)
                {
                    loss = error.Message;
                    if (error is StoreException { Reason: StoreReason.Damaged or StoreReason.Missing })
                        damaged++;
                }

                await Task.Delay(delay, limit);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The last error says why.
        }

        return (null, loss);
    }

    private async Task KeepAsync(
        AttemptKey key, EpochReport[] reports, EpochWeights[] weights, byte[]? checkpoint, int epoch)
    {
        if (reports.Length > 0)
            await store.Metrics.PutAsync([.. reports.Select(report => new MetricRow(key.Trial, key.Number, report))]);
        if (weights.Length > 0)
            await KeepWeightsAsync(key, weights);
        if (checkpoint is null)
            return;
        var name = new ArtifactKey(key.Trial, ArtifactKey.Checkpoint);
        var isKept = await store.Artifacts.SaveAsync(name, key.Number, epoch, checkpoint) != null;
        _hasCheckpoint |= isKept;
        if (isKept)
            SweepsTelemetry.CheckpointsWritten.Add(checkpoint.Length);
    }

    /// <summary>
    /// Adds to what the attempts before left, or the training that it went on from; an epoch trained again is as it
    /// was.
    /// </summary>
    private async Task KeepWeightsAsync(AttemptKey key, EpochWeights[] weights)
    {
        if (_weights is null)
        {
            var known = await ReadWeightsAsync(key.Trial);
            if (known.Count == 0 && _beginning is { } beginning)
                known = await ReadWeightsAsync(
                    new(beginning.Sweep, beginning.Source.Configuration, beginning.Source.Fold));
            _weights = new(known.ToDictionary(epoch => epoch.Epoch));
        }

        foreach (var epoch in weights)
            _weights[epoch.Epoch] = epoch;
        await store.Artifacts.SaveAsync(
            new(key.Trial, ArtifactKey.Histograms), key.Number, weights[^1].Epoch, EpochWeights.Write(_weights.Values));
    }

    // To look at only: what is damaged or gone costs the trial nothing.
    private async Task<IReadOnlyList<EpochWeights>> ReadWeightsAsync(TrialKey trial)
    {
        try
        {
            var bytes = await store.Artifacts.ReadAsync(new ArtifactKey(trial, ArtifactKey.Histograms));
            return bytes is null ? [] : EpochWeights.Read(bytes);
        }
        catch (StoreException error) when (error.Reason is StoreReason.Damaged or StoreReason.Missing)
        {
            return [];
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The checkpoint of {Attempt} cannot be read, it starts again: {Reason}")]
    private partial void LogNoCheckpoint(AttemptKey attempt, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The checkpoint of {Attempt} cannot be read, it goes on from the kept one of epoch {Epoch}: "
            + "{Reason}")]
    private partial void LogNoOwnCheckpoint(AttemptKey attempt, int epoch, string reason);
}
