using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;
using Sweeps.Tests.Shared;

namespace Sweeps.Grains.Tests;

/// <summary>
/// A trial's grain between the slots of its silo and the outbox. Its activation may end while its trial is trained.
/// </summary>
public sealed class TrialGrainTests : IAsyncLifetime
{
    private static readonly AttemptKey Key = new(SmallSweep.Plan.Id, 0, 1, 2);
    private readonly FaultyStore _store;
    private readonly SiloParts _parts = new();
    private int _brokenReads;
    private StoreFault _break = StoreFault.Outage;
    private IHost _silo = null!;

    public TrialGrainTests() => _store = new(
        new MemoryStore(),
        call => call == StoreCall.ReadArtifact && _brokenReads-- > 0 ? _break : StoreFault.None);

    private ITrialGrain Grain =>
        _silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrialGrain>(Key.TrialGrainKey);

    public async Task InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ISweepStore>(_store);
        builder.Services.AddSingleton<ISlotPool>(_parts);
        builder.Services.AddSingleton<IOutbox>(_parts);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort.Next(), FreePort.Next()));
        _silo = builder.Build();
        await _silo.StartAsync();
        await SmallSweep.Coordinator(_store).ExecuteAsync([new SubmitSweep(SmallSweep.Plan)]);
    }

    public async Task DisposeAsync()
    {
        await _silo.StopAsync();
        _silo.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Start_LaterAttempt_BringsTheCheckpoint()
    {
        await Grain.EpochCompleted(new(Key with { Number = 1 }, [Report(1)], Checkpoint: [1, 2, 3]));

        await Grain.Start(SiloParts.Assignment(Key));

        var (assignment, checkpoint) = Assert.Single(_parts.Queued);
        Assert.Equal(SiloParts.Assignment(Key), assignment);
        Assert.Equal([1, 2, 3], checkpoint);
    }

    [Fact]
    public async Task Start_TrialThatBeganElsewhere_BringsItsOwnCheckpointElseTheKeptOne()
    {
        await KeepAsync();
        var assignment = SiloParts.Assignment(Key) with { Beginning = Beginning };
        await Grain.Start(assignment);
        Assert.Equal([7, 8], _parts.Queued.Last().Checkpoint);
        Assert.Null(_parts.CheckpointLoss);

        await Grain.EpochCompleted(new(Key with { Number = 1 }, [Report(3)], Checkpoint: [1, 2, 3]));
        await Grain.Start(assignment);
        Assert.Equal([1, 2, 3], _parts.Queued.Last().Checkpoint);
    }

    [Fact]
    public async Task Start_OwnCheckpointDamaged_GoesOnFromTheKeptOne()
    {
        await KeepAsync();
        await Grain.EpochCompleted(new(Key with { Number = 1 }, [Report(3)], Checkpoint: [1, 2, 3]));
        (_brokenReads, _break) = (3, StoreFault.Damage);
        await Grain.Start(SiloParts.Assignment(Key) with { Beginning = Beginning });
        Assert.Equal([7, 8], _parts.Queued.Last().Checkpoint);
        Assert.Null(_parts.CheckpointLoss);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Start_KeptCheckpointGone_TrainsFromTheStartAndSaysSo(int number)
    {
        await Grain.Start(SiloParts.Assignment(Key with { Number = number }) with { Beginning = Beginning });
        Assert.Null(_parts.Queued.Last().Checkpoint);
        Assert.Equal(
            "the checkpoint that trial 7/1 of sweep earlier kept is gone", _parts.CheckpointLoss);
    }

    [Fact]
    public async Task Ended_WithAKeptCheckpoint_IsInTheStoreBeforeTheReport()
    {
        await Grain.Ended(new(Key, AttemptEnding.Completed) { Epoch = 5, KeptCheckpoint = [4, 5] });
        var end = Assert.Single(_parts.Ends);
        Assert.Null(end.KeptCheckpoint);
        var kept = await _store.Artifacts.FindAsync(new(Key.Trial, ArtifactKey.KeptCheckpoint));
        Assert.Equal((Key.Number, 5, 2L), (kept!.Attempt, kept.Epoch, kept.Bytes));
    }

    [Fact]
    public async Task Weights_OfLaterAttempts_AreAddedToThoseBefore()
    {
        await Grain.EpochCompleted(new(Key with { Number = 1 }, [Report(1), Report(2)], null)
        {
            Weights = [Weights(1), Weights(2)],
        });
        await Grain.Start(SiloParts.Assignment(Key));
        await Grain.EpochCompleted(new(Key, [Report(2)], null) { Weights = [Weights(2)] });
        await Grain.Ended(new(Key, AttemptEnding.Completed) { Epoch = 3, Weights = [Weights(3)] });

        Assert.Empty(Assert.Single(_parts.Ends).Weights);
        Assert.Equal([1, 2, 3], await WeightsAsync());
    }

    [Fact]
    public async Task Weights_OfATrainingThatBeganElsewhere_HaveItsEpochs()
    {
        await KeepAsync();
        await _store.Artifacts.SaveAsync(
            new(new("earlier", 7, 1), ArtifactKey.Histograms), 1, 2, EpochWeights.Write([Weights(1), Weights(2)]));

        await Grain.Start(SiloParts.Assignment(Key with { Number = 1 }) with { Beginning = Beginning });
        await Grain.EpochCompleted(new(Key with { Number = 1 }, [Report(3)], null) { Weights = [Weights(3)] });

        Assert.Equal([1, 2, 3], await WeightsAsync());
    }

    private async Task<IEnumerable<int>> WeightsAsync() => EpochWeights.Read(
        (await _store.Artifacts.ReadAsync(new ArtifactKey(Key.Trial, ArtifactKey.Histograms)))!)
        .Select(epoch => epoch.Epoch);

    private static EpochWeights Weights(int epoch) => new(epoch, [WeightHistogram.Of("0.weight", [epoch, 0])!]);

    private static TrialBeginning Beginning { get; } = new("earlier", new(7, 1), 2, 0.5, 0.25, 10);

    private async Task KeepAsync()
    {
        await _store.Log.AppendAsync("earlier", 0, [new("T", "{}"u8.ToArray())]);
        await _store.Artifacts.SaveAsync(new(new("earlier", 7, 1), ArtifactKey.KeptCheckpoint), 1, 2, [7, 8]);
    }

    [Fact]
    public async Task Start_StoreAwayForAMoment_BringsTheCheckpoint()
    {
        await Grain.EpochCompleted(new(Key with { Number = 1 }, [Report(1)], Checkpoint: [1, 2, 3]));
        _brokenReads = 2;

        await Grain.Start(SiloParts.Assignment(Key));

        Assert.Equal([1, 2, 3], Assert.Single(_parts.Queued).Checkpoint);
    }

    /// <summary>The store is waited for, 20 s; what is damaged is read three times.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public Task Start_CheckpointOfAStoreThatStaysAway_TrainsFromTheStart() => TrainsFromTheStartAsync();

    [Fact]
    public async Task Start_DamagedCheckpoint_TrainsFromTheStart()
    {
        _break = StoreFault.Damage;

        await TrainsFromTheStartAsync();

        Assert.Contains("damaged", _parts.CheckpointLoss, StringComparison.Ordinal);
        Assert.Equal(int.MaxValue - 3, _brokenReads);
    }

    private async Task TrainsFromTheStartAsync()
    {
        _brokenReads = int.MaxValue;

        await Grain.Start(SiloParts.Assignment(Key));

        Assert.Null(Assert.Single(_parts.Queued).Checkpoint);
        Assert.NotNull(_parts.CheckpointLoss);
    }

    [Fact]
    public async Task Start_NoCheckpoint_IsNoLoss()
    {
        await Grain.Start(SiloParts.Assignment(Key));

        Assert.Null(Assert.Single(_parts.Queued).Checkpoint);
        Assert.Null(_parts.CheckpointLoss);
    }

    [Fact]
    public async Task Reports_ToAnActivationThatNeverStarted_AreTaken()
    {
        await Grain.EpochCompleted(new(Key, [Report(1)], Checkpoint: [1, 2, 3]));
        await Grain.Ended(new(Key, AttemptEnding.Completed) { Epoch = 1 });

        var row = Assert.Single(await _store.Metrics.ReadTrialAsync(Key.Trial));
        Assert.Equal((Key.Number, 0.7), (row.Attempt, row.Report.ValidationMetric));
        var end = Assert.Single(_parts.Ends);
        Assert.Equal((Key, AttemptEnding.Completed, true), (end.Key, end.Ending, end.HasCheckpoint));
    }

    private static EpochReport Report(int epoch) => new(epoch, 0.5, 0.8, 0.6, 0.7, 1, 0.1, 1, 100);
}
