using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;
using Sweeps.Silo;
using Sweeps.Tests;

namespace Sweeps.Faults.Host;

/// <summary>The sweep that the silos of the fault tests train.</summary>
public static class FaultSweep
{
    private const int Folds = 5;
    private const int Epochs = 5;

    /// <summary>All silos have the same numbers: they draw them from the request.</summary>
    public static SiloNumerics Numerics { get; } = new("fault-tests");

    /// <summary>A sweep of so many trials, a multiple of 5, and a refit.</summary>
    public static SweepPlan Plan(string id, int trials) => new()
    {
        Id = id,
        Specification = "{}",
        Seed = 11,
        Data = "digits",
        Task = TaskKind.Classification,
        Folds = Folds,
        Metric = SweepMetric.DefaultOf(TaskKind.Classification),
        Configurations = trials / Folds,
    };

    /// <summary>A search over learning rates 1, 1/2, 1/3, ...</summary>
    public static ISearcher SearcherOf(SweepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Source(plan.Configurations);
    }

    /// <summary>Epochs of the given length that cost no processor; a checkpoint after each.</summary>
    public static ITrainer Trainer(TimeSpan epoch) => new NoOpTrainer
    {
        EpochSeconds = 1,
        BeforeEpoch = (_, _, cancellation) =>
        {
            if (cancellation.WaitHandle.WaitOne(epoch))
                throw new OperationCanceledException(cancellation);
        },
    };

    private sealed class Source(int count) : ISearcher
    {
        public int Count => count;

        public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => new(
            new() { Architecture = "linear", LearningRate = 1.0 / (n + 1), BatchSize = 100, Epochs = Epochs },
            ParameterAssignment.Empty);
    }
}
