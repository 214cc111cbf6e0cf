using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>Whole sweeps through the real grains, worker and slots; only the trainer does nothing.</summary>
public sealed class SiloHostTests
{
    [Fact]
    public async Task Sweep_OneSilo_CompletesEveryTrialOnce()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        await using var silo = await TestSweep.StartAsync(store);

        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 5));
        var state = await TestSweep.EndAsync(store, "test");

        Assert.Equal(SweepStatus.Completed, state.Status);
        Assert.Equal(new SweepAudit(16, 16, 16, 0, 0, 0, 0), state.Completion!.Audit);
        Assert.NotNull(await store.Artifacts.FindAsync(new(Key(state.RefitTrial!.Value), ArtifactKey.Model)));
    }

    /// <summary>Times of trials are compared, so that each has one thread; nothing is compared with the refit's.
    /// </summary>
    [Fact]
    public async Task Refit_IdleSlots_ShareItsWork()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        await using var silo = await TestSweep.StartAsync(
            store, TestSweep.Settings(slots: 3), new NoOpTrainer { SharesWork = true });

        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 4));
        var state = await TestSweep.EndAsync(store, "test");

        // A slot may be about to end its last trial.
        var cores = Environment.ProcessorCount;
        Assert.InRange(
            state.ResultOf(state.RefitTrial!.Value)!.Threads, Math.Min(2, cores), Math.Min(3, cores));
        Assert.All(
            Enumerable.Range(0, 12), trial => Assert.Equal(1, state.ResultOf(new(trial / 3, trial % 3))!.Threads));
    }

    [Fact]
    public async Task Sweep_SeedOfZero_IsASeedLikeOthers()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        await using var silo = await TestSweep.StartAsync(store);

        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 2) with { Seed = 0 });

        Assert.Equal(7, (await TestSweep.EndAsync(store, "test")).Completion!.Audit.Completed);
    }

    [Fact]
    public async Task Sweep_TwoCoordinatorsOnOneLog_AgreeOnTheAnswer()
    {
        var alone = await DigestAsync(silos: 1, slots: 1);

        Assert.Equal(alone, await DigestAsync(silos: 1, slots: 4));
        Assert.Equal(alone, await DigestAsync(silos: 3, slots: 2));
    }

    [Fact]
    public async Task Sweep_SiloOfAnotherSweep_LeavesItAlone()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        await TestSweep.ExecuteAsync(store, "other", new SubmitSweep(TestSweep.Plan(configurations: 2) with
        {
            Id = "other",
        }));
        // An attempt of another process's silo, which this store knows nothing of: not this silo's to take back.
        await TestSweep.ExecuteAsync(store, "other", new ClaimTrials(new("away", "away.1"), 1, 1, "test-numerics"));
        var settings = TestSweep.Settings() with { Sweeps = ["test"] };
        await using (var silo = await TestSweep.StartAsync(store, settings))
        {
            await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 3));
            Assert.Equal(SweepStatus.Completed, (await TestSweep.EndAsync(store, "test")).Status);
            Assert.Equal(["test"], (await store.Silos.ListAsync())[0].Serves);
        }

        var other = await TestSweep.ReadAsync(store, "other");
        Assert.Equal((0, 1), (other.Totals.Completed, other.Totals.Running));
        Assert.Equal(["away"], other.SilosAtWork.Select(silo => silo.Name));
    }

    [Fact]
    public async Task Drain_TrainingInHand_IsHandedBackWithItsCheckpoint()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        using var inSecondEpoch = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var trainer = new NoOpTrainer
        {
            BeforeEpoch = (_, epoch, cancellation) =>
            {
                if (epoch != 2)
                    return;
                inSecondEpoch.Release();
                goOn.Wait(cancellation);
            },
        };
        await using (var first = await TestSweep.StartAsync(store, TestSweep.Settings("first", slots: 1), trainer))
        {
            await TestSweep.SubmitAsync(first, TestSweep.Plan(configurations: 1, folds: 2));
            Assert.True(await inSecondEpoch.WaitAsync(TestSweep.Deadline));
            var drained = first.DrainAsync(TestSweep.Deadline);
            goOn.Release();
            await drained;
        }

        var state = await TestSweep.ReadAsync(store, "test");
        Assert.Equal(0, state.Totals.Running);
        Assert.Equal(2, (await store.Artifacts.FindAsync(new(Key(new(0, 0)), ArtifactKey.Checkpoint)))!.Epoch);

        var trained = new List<(SplitKindAndFold Trial, int Epoch)>();
        var second = new NoOpTrainer
        {
            BeforeEpoch = (request, epoch, _) =>
            {
                lock (trained)
                    trained.Add((new(request.Split.Kind, request.Split.Fold), epoch));
            },
        };
        await using var other = await TestSweep.StartAsync(store, TestSweep.Settings("second"), second);
        state = await TestSweep.EndAsync(store, "test");

        Assert.Equal(0, state.Completion!.Audit.Lost);
        Assert.Equal([3], trained.Where(item => item.Trial == new SplitKindAndFold(SplitKind.KFold, 0))
            .Select(item => item.Epoch));
    }

    [Fact]
    public async Task SiloLost_ItsTrials_GoOnElsewhere()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        using var never = new ManualResetEventSlim();
        using var started = new SemaphoreSlim(0);
        var isGone = false;
        var stuck = new NoOpTrainer
        {
            BeforeEpoch = (_, _, cancellation) =>
            {
                // It comes back as another incarnation, perhaps before the other silo is there: what it gets then ends.
                if (Volatile.Read(ref isGone))
                    return;
                started.Release();
                never.Wait(cancellation);
            },
        };
        var dead = await TestSweep.StartAsync(store, TestSweep.Settings("dead"), stuck);
        await TestSweep.SubmitAsync(dead, TestSweep.Plan(configurations: 2));
        Assert.True(await started.WaitAsync(TestSweep.Deadline));
        // Gone without a word to the sweep: its incarnation ends, its attempts stay behind.
        Volatile.Write(ref isGone, true);
        await store.Silos.LeaveAsync(dead.Incarnation);

        await using var alive = await TestSweep.StartAsync(store, TestSweep.Settings("alive"));
        var state = await TestSweep.EndAsync(store, "test");

        Assert.Equal(7, state.Completion!.Audit.Completed);
        Assert.True(state.Completion.Audit.Retried >= 1);
        await dead.DisposeAsync();
    }

    private static async Task<string> DigestAsync(int silos, int slots)
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var hosts = new List<SiloHost>();
        for (var i = 0; i < silos; i++)
            hosts.Add(await TestSweep.StartAsync(store, TestSweep.Settings($"silo-{i}", slots)));
        await TestSweep.SubmitAsync(hosts[0], TestSweep.Plan(configurations: 20));
        var state = await TestSweep.EndAsync(store, "test");
        foreach (var host in hosts)
            await host.DisposeAsync();
        Assert.True(state.Completion!.Audit.Holds);
        return state.Completion.Digest;
    }

    private static TrialKey Key(TrialId trial) => new("test", trial.Configuration, trial.Fold);

    private sealed record SplitKindAndFold(SplitKind Kind, int Fold);
}
