using System.Collections.Concurrent;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>
/// Trials that one slot trains side by side, through the real grains, worker and slots.
/// </summary>
public sealed class TogetherTests
{
    private const int Configurations = 24;

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
            BeforeEpoch = (request, _, _) => before?.Invoke(request),
        };

    private static async Task<(SweepState State, MemoryStore Store)> RunAsync(
        int silos, int slots, NoOpTrainer trainer, SweepSchedule? schedule = null)
    {
        var store = new MemoryStore(TimeProvider.System);
        var started = new List<SiloHost>();
        try
        {
            for (var i = 0; i < silos; i++)
                started.Add(await TestSweep.StartAsync(store, TestSweep.Settings($"silo{i}", slots), trainer));
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
