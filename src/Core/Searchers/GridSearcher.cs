using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Every combination of the values, numbered without listing them: the numbers of a mixed radix (Knuth, The Art of
/// Computer Programming 2, section 4.1), one for each block of a conditional space. The order makes early results
/// informative: blocks take turns, larger ones first; within a block the architecture varies first, then the parameters
/// in the file's order; and numbers come from coarse to fine (the middle, both ends, the middles of the gaps). So the
/// first results compare all architectures at a middling learning rate, the next ones at both ends, and so on.
/// </summary>
internal sealed class GridSearcher : ISearcher
{
    private readonly SearchSpace _space;
    private readonly SpaceBlock[] _blocks;
    private readonly long[] _sizesFrom;

    /// <summary>Creates the searcher.</summary>
    /// <exception cref="SweepsException">A parameter has no end of values.</exception>
    public GridSearcher(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        _space = space;
        var cut = new SpaceBlocks(space.Parameters, isRandom: false);
        Size = cut.Size
            ?? throw new SweepsException(ErrorKind.Usage, "a grid needs parameters with finitely many values");

        // Largest first, so that the blocks that still have points in a round are the first ones.
        _blocks = [.. cut.Blocks.OrderByDescending(b => b.Size)];
        _sizesFrom = new long[_blocks.Length + 1];
        for (var i = _blocks.Length - 1; i >= 0; i--)
            _sizesFrom[i] = _sizesFrom[i + 1] + _blocks[i].Size!.Value;
    }

    /// <summary>Number of combinations.</summary>
    public long Size { get; }

    public int Count => (int)Math.Min(int.MaxValue, Size);

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => _space.ProposalOf(AssignmentAt(n));

    /// <summary>The searched parameters of the configuration with index <paramref name="n"/>.</summary>
    /// <param name="n">From 0, less than <see cref="Count"/>.</param>
    public ParameterAssignment AssignmentAt(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Size);
        var (low, high) = (0L, _blocks[0].Size!.Value - 1);
        while (low < high)
        {
            var middle = low + (high - low + 1) / 2;
            (low, high) = Before(middle) <= n ? (middle, high) : (low, middle - 1);
        }

        return _blocks[n - Before(low)].PointAt(low);
    }

    /// <summary>Configurations in earlier rounds; in a round each block that has a point left gives one.</summary>
    private long Before(long round)
    {
        var (low, high) = (0, _blocks.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _blocks[middle].Size >= round ? (middle + 1, high) : (low, middle);
        }

        return low * round + _sizesFrom[low];
    }
}
