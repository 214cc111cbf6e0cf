using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Sweeps.Grains.Contracts;
using Sweeps.Store.Contract;

namespace Sweeps.Grains;

/// <inheritdoc cref="ITrialGrain" />
[PreferLocalPlacement]
public sealed partial class TrialGrain(
    ISlotPool slots, IOutbox outbox, ISweepStore store, ILogger<TrialGrain> logger) : Grain, ITrialGrain
{
    // A training keeps no activation alive by itself: its reports do, and this bound where an epoch takes long.
    private static readonly TimeSpan LongestEpoch = TimeSpan.FromDays(1);

    private AttemptKey? _key;

    // Not known to an activation that begins in the middle: letting go of a checkpoint that is not there does no harm.
    private bool _hasCheckpoint = true;

    /// <inheritdoc />
    public async Task<bool> Start(TrialAssignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        if (!IsHere(assignment.Key, assignment.Incarnation))
            return false;
        if (_key is not null)
            return true;
        var checkpoint = assignment.Key.Number > 1
            ? await store.Artifacts.ReadAsync(new ArtifactKey(assignment.Key.Trial, ArtifactKey.Checkpoint))
            : null;
        _hasCheckpoint = checkpoint != null;
        Keep(assignment.Key);
        slots.Enqueue(assignment, checkpoint);
        return true;
    }

    /// <inheritdoc />
    public async Task<bool> EpochCompleted(string incarnation, EpochCompletion completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        if (!IsHere(completion.Key, incarnation))
            return false;
        Keep(completion.Key);
        await KeepAsync(completion.Key, completion.Reports, completion.Checkpoint, completion.Reports[^1].Epoch);
        return true;
    }

    /// <inheritdoc />
    public async Task<bool> Ended(string incarnation, AttemptEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (!IsHere(end.Key, incarnation))
            return false;

        // Beside the log first: when the log says that the trial is done, its model and its metrics are there.
        await KeepAsync(end.Key, end.Reports, end.Checkpoint, end.Epoch);
        if (end.Model is { } model)
            await store.Artifacts.SaveAsync(new(end.Key.Trial, ArtifactKey.Model), end.Key.Number, end.Epoch, model);
        outbox.Add(end with { Reports = [], Checkpoint = null, Model = null, HasCheckpoint = _hasCheckpoint });
        DeactivateOnIdle();
        return true;
    }

    /// <inheritdoc />
    public Task Stop(StopRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_key is not null)
            slots.Stop(_key, request);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<TrialActivity?> Live() => Task.FromResult(_key is null ? null : slots.Find(_key));

    private bool IsHere(AttemptKey key, string incarnation)
    {
        if (incarnation == slots.Incarnation)
            return true;
        LogElsewhere(key, incarnation, slots.Incarnation);
        DeactivateOnIdle();
        return false;
    }

    private void Keep(AttemptKey key)
    {
        _key = key;
        DelayDeactivation(LongestEpoch);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Attempt} was given to {Incarnation}, this is {Here}: ends")]
    private partial void LogElsewhere(AttemptKey attempt, string incarnation, string here);
}
