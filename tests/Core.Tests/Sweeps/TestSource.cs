using Sweeps.Core.Sweeps;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Sweeps;

/// <summary>Proposes learning rates that tell their index.</summary>
internal sealed class TestSource(int count = int.MaxValue) : IConfigurationSource
{
    public int Count => count;

    public Hyperparameters Propose(int n, IReadOnlyList<ScoredConfiguration> history) =>
        new() { Architecture = $"mlp-{n % 3}", LearningRate = 0.001 * (n + 1), BatchSize = 32, Epochs = 3 };
}
