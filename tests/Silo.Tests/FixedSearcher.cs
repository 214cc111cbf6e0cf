using Sweeps.Core.Searchers;
using Sweeps.Core.Space;

namespace Sweeps.Silo.Tests;

/// <summary>A search over learning rates 1, 1/2, 1/3, ...</summary>
internal sealed class FixedSearcher(int count) : ISearcher
{
    public int Count => count;

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => new(
        new() { Architecture = "linear", LearningRate = 1.0 / (n + 1), BatchSize = 100, Epochs = 3 },
        ParameterAssignment.Empty);
}
