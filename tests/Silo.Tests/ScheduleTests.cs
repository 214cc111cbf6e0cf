using System.Collections.Concurrent;
using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>Sweeps whose schedule stops configurations early, through the real grains, worker and slots.</summary>
public sealed class ScheduleTests
{
    /// <summary>
    /// Nine configurations on one fold and one epoch, four on all folds and two, then one to the end.
    /// </summary>
    private static readonly SweepSchedule s_halving = new() { Shapes = [new(9, [new(1, 1, 4), new(3, 2, 1)])] };

    [Fact]
    public async Task Sweep_WithRungs_TrainsEachEpochOnceAndStopsTheRest()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var trained = new ConcurrentQueue<(double Rate, int Fold, int Epoch)>();
        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings(slots: 3), Watched(trained));

        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 9) with { Schedule = s_halving });
        var state = await TestSweep.EndAsync(store, "test");

        // 9 trials of an epoch; 4 go on for one more and their other 8 for two; 3 of them for the third; the refit's 3.
        Assert.Equal(9 + 4 + 16 + 3 + 3, trained.Count);
        Assert.Equal(trained.Count, trained.Distinct().Count());
        Assert.Equal(new SweepAudit(28, 4, 4, 24, 0, 0, 0), state.Completion!.Audit);
        Assert.Equal(state.Completion.Audit, Core.Results.LogAudit.Of(await EventsAsync(store)));
        var stopped = state.ResultOf(new(WorstOf(state), 0))!;
        Assert.Equal((TrainingOutcome.Stopped, 1), (stopped.Outcome, stopped.Epochs));
        Assert.Null(state.ResultOf(new(WorstOf(state), 2)));
        Assert.Contains("is not among the best 4 of 9", state.NoteOf(new(WorstOf(state), 0))!.Message);
        var artifacts = await store.Artifacts.ListAsync("test");
        Assert.DoesNotContain(artifacts, item => item.Key.Name == ArtifactKey.Checkpoint);
    }

    [Fact]
    public async Task Sweep_WithRungs_HasTheSameAnswerOnAnySilosAndSlots()
    {
        var alone = await DigestAsync(silos: 1, slots: 1);

        Assert.Equal(alone, await DigestAsync(silos: 1, slots: 4));
        Assert.Equal(alone, await DigestAsync(silos: 3, slots: 2));
    }

    /// <summary>The report of a rung was lost with its silo: the next attempt has nothing to train.</summary>
    [Fact]
    public async Task Checkpoint_OfTheRungItself_ReachesItWithoutTraining()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var plan = TestSweep.Plan(configurations: 1) with { Schedule = new() { Shapes = [new(1, [new(1, 2, 1)])] } };
        var lost = new SiloId("lost", "lost.1");
        await TestSweep.ExecuteAsync(store, "test", new SubmitSweep(plan));
        await TestSweep.ExecuteAsync(store, "test", new ClaimTrials(lost, 1, 1, "test-numerics"));
        await store.Artifacts.SaveAsync(
            new(new("test", 0, 0), ArtifactKey.Checkpoint), attempt: 1, epoch: 2, "2"u8.ToArray());
        await TestSweep.ExecuteAsync(store, "test", new ExpireSilo(lost));
        var trained = new ConcurrentQueue<(double Rate, int Fold, int Epoch)>();

        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings(), Watched(trained));
        var state = await TestSweep.EndAsync(store, "test");

        Assert.Equal(4, state.Completion!.Audit.Completed);
        Assert.Equal([3], trained.Where(item => item.Fold == 0).Select(item => item.Epoch));
        var reached = (await EventsAsync(store)).OfType<RungReached>().Single();
        Assert.Equal((2, 2), (reached.Attempt, reached.Result.Epochs));
    }

    /// <summary>A rung may let go of thousands of checkpoints: nobody waits for it.</summary>
    [Fact]
    public async Task Rung_WhoseCheckpointsAreNotReleasedYet_KeepsNoSlotWaiting()
    {
        var plan = TestSweep.Plan(configurations: 9) with { Schedule = s_halving };
        await using var memory = new MemoryStore(TimeProvider.System);
        var gate = new TaskCompletionSource();
        var held = new ConcurrentQueue<ArtifactKey>();
        var store = HeldReleases.Before(memory, async key =>
        {
            if ((await TestSweep.ReadAsync(memory, "test")).StatusOf(new(key.Trial.Configuration, key.Trial.Fold))
                == TrialStatus.Stopped)
            {
                held.Enqueue(key);
                await gate.Task;
            }
        });
        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings(slots: 3));
        try
        {
            await TestSweep.SubmitAsync(silo, plan);
            var state = await TestSweep.EndAsync(memory, "test");

            Assert.Equal(4, state.Completion!.Audit.Completed);
            Assert.NotEmpty(held);
        }
        finally
        {
            gate.SetResult();
        }
    }

    private static int WorstOf(SweepState state) =>
        Enumerable.Range(0, 9).MinBy(index => state.ResultOf(new(index, 0))!.ValidationMetric);

    private static NoOpTrainer Watched(ConcurrentQueue<(double Rate, int Fold, int Epoch)> trained) => new()
    {
        BeforeEpoch = (request, epoch, _) => trained.Enqueue((
            request.Hyperparameters.LearningRate,
            request.Split.Kind == SplitKind.All ? -1 : request.Split.Fold,
            epoch)),
    };

    private static async Task<string> DigestAsync(int silos, int slots)
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var running = new List<SiloHost>();
        try
        {
            for (var index = 0; index < silos; index++)
                running.Add(await TestSweep.StartAsync(store, TestSweep.Settings($"silo-{index}", slots)));
            await TestSweep.SubmitAsync(
                running[0], TestSweep.Plan(configurations: 20) with { Schedule = s_halving });
            return (await TestSweep.EndAsync(store, "test")).Completion!.Digest;
        }
        finally
        {
            foreach (var silo in running)
                await silo.DisposeAsync();
        }
    }

    private static async Task<List<SweepEvent>> EventsAsync(MemoryStore store) =>
        [.. (await store.Log.ReadAsync("test", 0)).Select(
            item => SweepEventCodec.Decode(item.Type, item.Payload.Span))];
}
