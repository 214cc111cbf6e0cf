using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Store.Contract;

namespace Sweeps.Bench.Orchestration;

/// <summary>A sweep of any number of trials whose training does nothing.</summary>
internal static class NoOpSweep
{
    private const int Folds = 5;

    /// <summary>Whether the store is asked for each trial, as is usual. It has none: no two sweeps share their data, so
    /// that what is measured is trained, whatever ran before.</summary>
    public static bool Reuses { get; set; } = true;

    public static SweepPlan Plan(string id, int trials) => new()
    {
        Id = id,
        Specification = "{}",
        Seed = 1,
        Data = "digits",
        Task = TaskKind.Classification,
        Folds = Folds,
        Metric = SweepMetric.DefaultOf(TaskKind.Classification),
        Configurations = trials / Folds,
        Refit = false,
        Reuse = Reuses,
        // Without it no result is known by its request, and none is entered.
        Content = Reuses ? new() { Digest = DigestOf(id), IsPublished = true } : null,
    };

    private static string DigestOf(string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    public static ISearcher SearcherOf(SweepPlan plan) => new Source(plan.Configurations);

    public static async Task SubmitAsync(SiloHost silo, SweepPlan plan) =>
        (await silo.Sweep(plan.Id).Submit(plan)).ThrowIfNotDone();

    /// <summary>Waits until the sweep has ended; calls back with the number of its last event as it grows.</summary>
    public static async Task EndAsync(ISweepStore store, string id, Action<long>? progress = null)
    {
        while (true)
        {
            var mark = store.Changes.Mark(id);
            var summary = await store.Log.FindAsync(id);
            progress?.Invoke(summary?.LastSequence ?? 0);
            if (summary is { Header.IsOpen: false })
                return;
            await store.Changes.WaitAsync(id, mark, TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }
    }

    public static async Task<SweepState> ReadAsync(ISweepStore store, string id)
    {
        var state = new SweepState();
        await foreach (var events in SweepEvents.ReadAsync(store, id, 0))
        {
            foreach (var @event in events)
                state.Evolve(@event);
        }

        return state;
    }

    private sealed class Source(int count) : ISearcher
    {
        public int Count => count;

        public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => new(
            new() { Architecture = "linear", LearningRate = 1.0 / (n + 1), BatchSize = 100, Epochs = 1 },
            new([new("learning_rate", ParameterValue.Of(1.0 / (n + 1)))]));
    }
}
