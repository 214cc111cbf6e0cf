using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>Configurations in an order that no score changes: Sobol' points, or first guesses before random
/// ones.</summary>
internal sealed class SequenceSearcher(SearchSpace space, SearchSettings settings, bool isEven) : ISearcher
{
    private readonly PointSequence _sequence =
        new(space, new(space.Parameters), settings.StartWith, isEven, settings.Seed);

    public int Count => _sequence.Count;

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) =>
        space.ProposalOf(_sequence.At(n));
}
