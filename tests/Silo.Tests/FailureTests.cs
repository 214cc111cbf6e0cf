using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>Each kind of failure with its own cure, from the trainer's exception to the log.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task OutOfMemory_IsTriedAgainWithoutNeighbours()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var running = 0;
        var beside = new List<int>();
        var failures = 0;
        var trainer = new NoOpTrainer
        {
            BeforeEpoch = (request, epoch, _) =>
            {
                var now = Interlocked.Increment(ref running);
                try
                {
                    if (!IsConfiguration(request, 0) || request.Split.Kind == SplitKind.All || epoch != 1)
                        return;
                    if (Interlocked.Increment(ref failures) == 1)
                        throw new TrainingException(TrainingFailure.OutOfMemory, "no memory for the activations");
                    lock (beside)
                        beside.Add(now - 1);
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            },
        };
        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings(slots: 4), trainer);

        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 6, folds: 2));
        var state = await TestSweep.EndAsync(store, "test");

        Assert.Equal(0, state.Completion!.Audit.Failed);
        Assert.Equal(1, state.Completion.Audit.Retried);
        var exclusive = await ExclusiveAsync(store);
        Assert.Equal([new AttemptId(new(0, exclusive.Single().Trial.Fold), 2)], exclusive);
        // Both folds of configuration 0 came through, the second attempt alone.
        Assert.Equal(2, beside.Count);
        Assert.Contains(0, beside);
    }

    /// <summary>
    /// What nobody expected in a coordinator is an answer like others: told once, and asked again until it is over.
    /// </summary>
    [Fact]
    public async Task UnexpectedErrorOfTheCoordinator_IsToldOnceAndTriedAgain()
    {
        var logs = Directory.CreateTempSubdirectory("sweeps-unexpected-");
        try
        {
            var (appends, thrown) = (0, 0);
            await using var store = new FaultyStore(
                new MemoryStore(TimeProvider.System),
                call => call == StoreCall.AppendEvents && Interlocked.Increment(ref appends) is > 2 and < 6
                    && Interlocked.Increment(ref thrown) > 0
                    ? throw new InvalidOperationException("a mistake of the program")
                    : StoreFault.None);
            await using (var silo = await TestSweep.StartAsync(
                store, TestSweep.Settings() with { LogFolder = logs.FullName }))
            {
                await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 40));
                Assert.Equal(SweepStatus.Completed, (await TestSweep.EndAsync(store, "test")).Status);
            }

            Assert.Equal(3, thrown);
            var lines = logs.GetFiles("*", SearchOption.AllDirectories)
                .SelectMany(file => File.ReadAllLines(file.FullName)).ToList();
            Assert.Single(lines, line => line.Contains("met an unexpected error: nothing was done"));
            Assert.Contains(lines, line => line.Contains("InvalidOperationException: a mistake of the program"));
            Assert.Single(lines, line => line.Contains("has no work to give for now"));
        }
        finally
        {
            logs.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task SameErrorOfSeveralTrials_PausesTheSweepOnce()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var trainings = 0;
        var trainer = new NoOpTrainer
        {
            BeforeEpoch = (_, _, _) =>
            {
                Interlocked.Increment(ref trainings);
                throw new TrainingException(TrainingFailure.Data, "the file is damaged");
            },
        };
        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings(slots: 2), trainer);

        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 100));
        var state = await UntilAsync(store, state => state is { Status: SweepStatus.Paused, Totals.Running: 0 });

        Assert.Contains("the file is damaged", state.Reason);
        Assert.Contains("3 trials", state.Reason);
        Assert.InRange(trainings, 3, 20);
    }

    [Fact]
    public async Task AttemptThatTakesTooLong_ExpiresAndIsTriedAgain()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var hung = 0;
        var trainer = new NoOpTrainer
        {
            BeforeEpoch = (_, _, cancellation) =>
            {
                if (Interlocked.Exchange(ref hung, 1) == 0)
                    cancellation.WaitHandle.WaitOne();
                cancellation.ThrowIfCancellationRequested();
            },
        };
        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings(), trainer);

        await TestSweep.SubmitAsync(
            silo, TestSweep.Plan(configurations: 2) with { AttemptTimeout = TimeSpan.FromMilliseconds(300) });
        var state = await TestSweep.EndAsync(store, "test");

        Assert.True(state.Completion!.Audit.Retried >= 1);
        Assert.Equal(7, state.Completion.Audit.Completed);
        Assert.Contains(state.Notes, note => note.Value.Message.Contains("ran longer than", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SiloWithOtherNumerics_TrainsNothingOfTheSweep()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        using var begun = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var first = new NoOpTrainer
        {
            BeforeEpoch = (_, _, cancellation) =>
            {
                begun.Release();
                goOn.Wait(cancellation);
            },
        };
        await using var one = await TestSweep.StartAsync(store, TestSweep.Settings("one"), first);
        await TestSweep.SubmitAsync(one, TestSweep.Plan(configurations: 4));
        Assert.True(await begun.WaitAsync(TestSweep.Deadline));
        var trained = 0;
        var second = new NoOpTrainer { BeforeEpoch = (_, _, _) => Interlocked.Increment(ref trained) };

        await using var other = await TestSweep.StartAsync(
            store, TestSweep.Settings("other"), second, new SiloNumerics("other-numerics"));
        await UntilEventAsync<SiloRefused>(store, refused => refused.Silo.Name == "other");
        goOn.Set();
        await TestSweep.EndAsync(store, "test");

        Assert.Equal(0, trained);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task SiloWithOtherData_TrainsNothingOfTheSweep_UntilTheyAreRight()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var (isRight, trained) = (false, 0);
        var trainer = new NoOpTrainer
        {
            Preparing = (_, _) => Volatile.Read(ref isRight)
                ? Task.CompletedTask
                : throw new SweepsException(ErrorKind.Data, "t.csv is another one here"),
            BeforeEpoch = (_, _, _) => Interlocked.Increment(ref trained),
        };
        var settings = TestSweep.Settings("far") with { DataPatience = TimeSpan.Zero };
        await using var silo = await TestSweep.StartAsync(store, settings, trainer);
        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 2));

        await UntilEventAsync<SiloRefused>(store, refused => refused.Reason == "t.csv is another one here");
        Assert.Equal(0, trained);
        Assert.Contains(
            (await store.Log.ListAsync()).Select(sweep => SweepHeaders.Read(sweep.Header)!),
            headline => headline.DataProblems?.GetValueOrDefault(silo.Incarnation) == "t.csv is another one here");
        Volatile.Write(ref isRight, true);
        var state = await TestSweep.EndAsync(store, "test");

        Assert.Equal(7, state.Completion!.Audit.Completed);
        Assert.Single((await EventsAsync(store)).OfType<SiloRefused>());
    }

    /// <summary>The data of one sweep take long or are missing: the others on the silo do not wait for it.</summary>
    [Fact]
    public async Task SweepWhoseDataTakeLong_DoesNotHoldUpOthers()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        var never = new TaskCompletionSource();
        var trainer = new NoOpTrainer
        {
            Preparing = (data, _) => data.Data == "slow.csv" ? never.Task : Task.CompletedTask,
        };
        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings(), trainer);
        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 1) with { Id = "slow", Data = "slow.csv" });
        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 2));

        Assert.NotNull((await TestSweep.EndAsync(store, "test")).Completion);
        Assert.Equal(0, (await TestSweep.ReadAsync(store, "slow")).Totals.Completed);
        never.SetResult();
        Assert.NotNull((await TestSweep.EndAsync(store, "slow")).Completion);
    }

    [Fact]
    public async Task TrainingWithNeighbours_SaysHowManyAndHowFastItsSiloIs()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        using var all = new Barrier(3);
        var trainer = new NoOpTrainer
        {
            BeforeEpoch = (request, epoch, cancellation) =>
            {
                if (epoch == 1 && request.Split.Kind != SplitKind.All)
                    all.SignalAndWait(cancellation);
            },
        };
        await using var silo = await TestSweep.StartAsync(
            store, TestSweep.Settings(slots: 3), trainer, new SiloNumerics("test-numerics", Speed: 1.5));

        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 1));
        var state = await TestSweep.EndAsync(store, "test");

        var results = (await EventsAsync(store)).OfType<TrialCompleted>()
            .Select(completed => completed.Result).Where(result => result.Test is null).ToList();
        Assert.Equal(3, results.Count);
        Assert.All(results, result => Assert.Equal(2, result.Neighbours));
        Assert.All(results, result => Assert.Equal(1.5, result.SiloSpeed));
        Assert.All(results, result => Assert.Equal(1, result.Threads));
        Assert.NotNull(state.Completion);
    }

    private static bool IsConfiguration(TrainingRequest request, int index) =>
        Math.Abs(request.Hyperparameters.LearningRate - (1.0 / (index + 1))) < 1e-9;

    private static async Task<SweepState> UntilAsync(MemoryStore store, Func<SweepState, bool> holds)
    {
        using var limit = new CancellationTokenSource(TestSweep.Deadline);
        while (true)
        {
            var mark = store.Changes.Mark("test");
            var state = await TestSweep.ReadAsync(store, "test");
            if (holds(state))
                return state;
            await store.Changes.WaitAsync("test", mark, TestSweep.Deadline, limit.Token);
        }
    }

    private static async Task UntilEventAsync<T>(MemoryStore store, Func<T, bool> holds)
        where T : SweepEvent
    {
        using var limit = new CancellationTokenSource(TestSweep.Deadline);
        while (true)
        {
            var mark = store.Changes.Mark("test");
            if ((await EventsAsync(store)).OfType<T>().Any(holds))
                return;
            await store.Changes.WaitAsync("test", mark, TestSweep.Deadline, limit.Token);
        }
    }

    private static async Task<List<AttemptId>> ExclusiveAsync(MemoryStore store) =>
        [.. (await EventsAsync(store)).OfType<TrialStarted>()
            .Where(started => started.Exclusive)
            .Select(started => new AttemptId(started.Trial, started.Attempt))];

    private static async Task<List<SweepEvent>> EventsAsync(MemoryStore store) =>
        [.. (await store.Log.ReadAsync("test", 0))
            .Select(stored => SweepEventCodec.Decode(stored.Type, stored.Payload.Span))];
}
