using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests;

/// <summary>A sweep with a trainer that does nothing, run by silos of this process over a store.</summary>
internal static class TestSweep
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static SweepPlan Plan(int configurations, int folds = 3) => new()
    {
        Id = "test",
        Specification = "{}",
        Seed = 7,
        Data = "digits",
        Task = TaskKind.Classification,
        Folds = folds,
        Metric = SweepMetric.DefaultOf(TaskKind.Classification),
        Configurations = configurations,
    };

    public static SiloSettings Settings(string name = "silo", int slots = 2) => new()
    {
        Name = name,
        Slots = slots,
        Lease = TimeSpan.FromSeconds(1),
        CheckpointInterval = TimeSpan.Zero,
        CheckpointShare = 1,
    };

    public static Task<SiloHost> StartAsync(
        ISweepStore store, SiloSettings? settings = null, ITrainer? trainer = null, SiloNumerics? numerics = null) =>
        SiloHost.StartAsync(
            store, trainer ?? new NoOpTrainer(), numerics ?? new("test-numerics"),
            plan => new FixedSearcher(plan.Configurations), settings ?? Settings());

    public static async Task SubmitAsync(SiloHost silo, SweepPlan plan) =>
        (await silo.Sweep(plan.Id).Submit(plan)).ThrowIfNotDone();

    /// <summary>Steers a sweep by its log, as a user does.</summary>
    public static async Task ExecuteAsync(ISweepStore store, string id, SweepCommand command)
    {
        var coordinator = new SweepCoordinator(
            id, store, plan => new FixedSearcher(plan.Configurations), new(store, TimeProvider.System));
        Assert.Null((await coordinator.ExecuteAsync([command]))[0].Rejection);
    }

    /// <summary>The sweep as its log tells it once it has ended.</summary>
    public static async Task<SweepState> EndAsync(ISweepStore store, string id)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (true)
        {
            var mark = store.Changes.Mark(id);
            var state = await ReadAsync(store, id);
            if (state.IsOver)
                return state;
            await store.Changes.WaitAsync(id, mark, Deadline, limit.Token);
        }
    }

    public static async Task<SweepState> ReadAsync(ISweepStore store, string id)
    {
        var state = new SweepState();
        foreach (var stored in await store.Log.ReadAsync(id, 0))
            state.Evolve(SweepEventCodec.Decode(stored.Type, stored.Payload.Span));
        return state;
    }
}
