using System.Collections.Concurrent;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>
/// Trials that one slot trains side by side, through the real grains, worker and slots. Trials of other folds than the
/// first are held up until some wait, so that there is something to take.
/// </summary>
public sealed class TogetherTests
{
    // So many that some wait even where each slot holds as many as it may.
    private const int Configurations = 24;
    private const int Waiting = 6;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public async Task Sweep_TrainedTogether_HasTheAnswerOfAlone(int silos, int slots)
    {
        var (alone, _) = await RunAsync(1, 1, new NoOpTrainer());
        var groups = new ConcurrentBag<IReadOnlyList<TrainingTask>>();
        var (together, _) = await RunAsync(silos, slots, Grouping(groups));

        Assert.Equal(alone.Completion!.Digest, together.Completion!.Digest);
        Assert.Equal(alone.Completion.Audit, together.Completion.Audit);
        Assert.Contains(groups, group => group.Count > 1);
        Assert.All(groups, group => Assert.Single(group.Select(task => task.Request.Split).Distinct()));
    }

    /// <summary>A slot takes its share of what waits: of 72 trials in all three slots get no more than 8 at once.
    /// </summary>
    [Fact]
    public async Task Sweep_ManyWait_NoSlotTakesMoreThanItsShare()
    {
        var groups = new ConcurrentBag<IReadOnlyList<TrainingTask>>();
        await RunAsync(1, 3, Grouping(groups, sharesAll: true));

        Assert.All(groups, group => Assert.InRange(group.Count, 2, 8));
    }

    [Fact]
    public async Task Sweep_OneOfAGroupFails_OthersAreDone()
    {
        var failures = 0;
        var groups = new ConcurrentBag<IReadOnlyList<TrainingTask>>();
        var (state, _) = await RunAsync(1, 1, Grouping(groups, request =>
        {
            if (request.Hyperparameters.LearningRate == 1.0 / 6 && Interlocked.Increment(ref failures) == 1)
                throw new InvalidOperationException("a bug");
        }));

        Assert.Equal(1, state.Completion!.Audit.Retried);
        Assert.Equal(state.Completion.Audit.Planned, state.Completion.Audit.Completed);
        Assert.Contains(groups, group => group.Count > 1);
    }

    /// <summary>At a rung each pauses by itself, and goes on from its own checkpoint.</summary>
    [Fact]
    public async Task Sweep_WithRungs_HasTheAnswerOfAlone()
    {
        var schedule = new SweepSchedule { Shapes = [new(Configurations, [new(1, 1, 4), new(3, 2, 1)])] };
        var (alone, _) = await RunAsync(1, 1, new NoOpTrainer(), schedule);
        var groups = new ConcurrentBag<IReadOnlyList<TrainingTask>>();
        var (together, _) = await RunAsync(1, 2, Grouping(groups), schedule);

        Assert.Equal(alone.Completion!.Digest, together.Completion!.Digest);
        Assert.Equal(alone.Completion.Audit, together.Completion.Audit);
    }

    private static NoOpTrainer Grouping(
        ConcurrentBag<IReadOnlyList<TrainingTask>> groups,
        Action<TrainingRequest>? before = null, bool sharesAll = false) => new()
        {
            Group = request => request.Split.Kind == SplitKind.All ? null : sharesAll ? "all" : request.Split,
            Together = groups.Add,
            BeforeEpoch = (request, epoch, _) =>
            {
                before?.Invoke(request);
                if (request.Split.Fold > 0 && epoch == 1)
                    SpinWait.SpinUntil(() => s_isFull |= s_waiting() >= Waiting, TimeSpan.FromSeconds(10));
            },
        };

    // Of the running test alone: the tests of a class run one after another.
    private static Func<int> s_waiting = () => 0;
    private static bool s_isFull;

    private static async Task<(SweepState State, MemoryStore Store)> RunAsync(
        int silos, int slots, NoOpTrainer trainer, SweepSchedule? schedule = null)
    {
        var store = new MemoryStore(TimeProvider.System);
        var started = new List<SiloHost>();
        try
        {
            for (var i = 0; i < silos; i++)
                started.Add(await TestSweep.StartAsync(store, TestSweep.Settings($"silo{i}", slots), trainer));
            s_isFull = schedule is not null;
            s_waiting = () => started.Sum(silo => silo.Activities.Count(activity => activity.Slot < 0));
            var plan = TestSweep.Plan(Configurations) with
            {
                SampleOrder = SampleOrder.Shared,
                Schedule = schedule,
            };
            await TestSweep.SubmitAsync(started[0], plan);
            return (await TestSweep.EndAsync(store, "test"), store);
        }
        finally
        {
            foreach (var silo in started)
                await silo.DisposeAsync();
            await store.DisposeAsync();
        }
    }
}
