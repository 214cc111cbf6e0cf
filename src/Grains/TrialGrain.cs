using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Sweeps.Grains.Contracts;
using Sweeps.Grains.Work;
using Sweeps.Storage;

namespace Sweeps.Grains;

/// <inheritdoc cref="ITrialGrain" />
[PreferLocalPlacement]
public sealed partial class TrialGrain(
    ISlotPool slots, IOutbox outbox, ISweepStore store, ILogger<TrialGrain> logger) : Grain, ITrialGrain
{
    // A training keeps no activation alive by itself: its reports do, and this bound where an epoch takes long.
    private static readonly TimeSpan LongestEpoch = TimeSpan.FromDays(1);

    private TrialAssignment? _assignment;
    private bool _hasCheckpoint;

    /// <inheritdoc />
    public async Task<bool> Start(TrialAssignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        var held = _assignment?.Key;
        if (assignment.Incarnation != slots.Incarnation)
        {
            LogElsewhere(assignment.Key, assignment.Incarnation, slots.Incarnation);
            Drop("the trial goes on on another silo");
            DeactivateOnIdle();
            return false;
        }

        if (held?.Number >= assignment.Key.Number)
            return true;
        Drop("a newer attempt has begun");
        var checkpoint = assignment.Key.Number > 1
            ? await store.Artifacts.ReadAsync(new ArtifactKey(assignment.Key.Trial, ArtifactKey.Checkpoint))
            : null;
        _hasCheckpoint = checkpoint != null;
        _assignment = assignment;
        DelayDeactivation(LongestEpoch);
        slots.Enqueue(assignment, checkpoint);
        return true;
    }

    /// <inheritdoc />
    public async Task EpochCompleted(EpochCompletion completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        if (!IsCurrent(completion.Key))
            return;
        await KeepAsync(completion.Key, completion.Reports, completion.Checkpoint, completion.Reports[^1].Epoch);
    }

    /// <inheritdoc />
    public async Task Ended(AttemptEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (!IsCurrent(end.Key))
        {
            LogStale(end.Key);
            outbox.Add(new AttemptEnd(end.Key, AttemptEnding.Dropped));
            return;
        }

        // Beside the log first: when the log says that the trial is done, its model and its metrics are there.
        await KeepAsync(end.Key, end.Reports, end.Checkpoint, end.Epoch);
        if (end.Model is { } model)
            await store.Artifacts.SaveAsync(new(end.Key.Trial, ArtifactKey.Model), end.Key.Number, end.Epoch, model);
        outbox.Add(end with { Reports = [], Checkpoint = null, Model = null, HasCheckpoint = _hasCheckpoint });
        _assignment = null;
        DeactivateOnIdle();
    }

    /// <inheritdoc />
    public Task Stop(StopRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_assignment is { } assignment && assignment.Key.Number == request.Number)
            slots.Stop(assignment.Key, request);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<TrialActivity?> Live() =>
        Task.FromResult(_assignment is { } assignment ? slots.Find(assignment.Key) : null);

    private bool IsCurrent(AttemptKey key) => _assignment?.Key.Number == key.Number;

    private void Drop(string reason)
    {
        if (_assignment is { } old)
            slots.Stop(old.Key, new(old.Key.Number, AttemptEnding.Dropped, reason, AtOnce: true));
        _assignment = null;
    }

    private async Task KeepAsync(AttemptKey key, EpochNumbers[] reports, byte[]? checkpoint, int epoch)
    {
        if (reports.Length > 0)
        {
            await store.Metrics.PutAsync(
                [.. reports.Select(report => new MetricRow(key.Trial, key.Number, report.ToReport()))]);
        }

        if (checkpoint is null)
            return;
        var name = new ArtifactKey(key.Trial, ArtifactKey.Checkpoint);
        _hasCheckpoint |= await store.Artifacts.SaveAsync(name, key.Number, epoch, checkpoint) != null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Attempt} was given to {Incarnation}, this is {Here}: let go")]
    private partial void LogElsewhere(AttemptKey attempt, string incarnation, string here);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Attempt} ended after another attempt had begun: ignored")]
    private partial void LogStale(AttemptKey attempt);
}
