using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Tests;

/// <summary>A sweep of three configurations on two folds, without a refit.</summary>
internal static class SmallSweep
{
    public static SweepPlan Plan { get; } = new()
    {
        Id = "small",
        Specification = "{}",
        Seed = 1,
        Data = "digits",
        Task = TaskKind.Classification,
        Folds = 2,
        Metric = SweepMetric.DefaultOf(TaskKind.Classification),
        Configurations = 3,
        Refit = false,
    };

    public static SweepCoordinator Coordinator(ISweepStore store) =>
        new(Plan.Id, store, _ => new Source(), new(store, TimeProvider.System));

    private sealed class Source : ISearcher
    {
        public int Count => Plan.Configurations;

        public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => new(
            new() { Architecture = "linear", LearningRate = 1.0 / (n + 1), BatchSize = 10, Epochs = 1 },
            ParameterAssignment.Empty);
    }
}
