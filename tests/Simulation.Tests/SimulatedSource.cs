using Sweeps.Core.Sweeps;
using Sweeps.Core.Trainings;

namespace Sweeps.Simulation.Tests;

internal sealed class SimulatedSource : IConfigurationSource
{
    public int Count => int.MaxValue;

    // A searcher that learns: each batch of eight looks at the first configurations, half as many as came before it.
    public int BarrierOf(int n) => n / 8 * 8 / 2;

    public Hyperparameters Propose(int n, IReadOnlyList<ScoredConfiguration> history)
    {
        var best = history.Count == 0 ? 0 : history.MaxBy(item => (item.Score.Mean, -item.Index))!.Index;
        return new() { Architecture = "mlp-5", LearningRate = 0.01 + n + best * 1e-4, BatchSize = 32, Epochs = 4 };
    }
}
