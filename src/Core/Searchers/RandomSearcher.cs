using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Configurations drawn independently from the parameters' distributions (Bergstra and Bengio, "Random search for
/// hyper-parameter optimization", JMLR 2012), without replacement as far as points are countable. Where all points are
/// equally likely, their numbers are visited in a keyed random order, so that the n-th is computed directly. Where they
/// are not (probabilities, conditions), each block of equally likely points has a Poisson clock that slows down as its
/// points are used up (Rényi 1953; the exponential race of Efraimidis and Spirakis 2006), which is successive sampling
/// without replacement; the n-th is found by running the race up to n, once. A block with a continuous parameter never
/// runs out.
/// </summary>
internal sealed class RandomSearcher : ISearcher
{
    private readonly SearchSpace _space;
    private readonly long _seed;
    private readonly BlockRace _race;
    private readonly IReadOnlyList<SpaceBlock> _blocks;
    private readonly KeyedPermutation?[] _orders;

    /// <summary>Creates the searcher.</summary>
    public RandomSearcher(SearchSpace space, long seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        (_space, _seed) = (space, seed);
        var cut = new SpaceBlocks(space.Parameters, isRandom: true);
        _blocks = cut.Blocks;
        _orders = new KeyedPermutation?[_blocks.Count];
        _race = new(_blocks, seed);
        Size = cut.Size;
    }

    /// <summary>Number of configurations that can be drawn; null: no end.</summary>
    public long? Size { get; }

    public int Count => (int)Math.Min(int.MaxValue, Size ?? int.MaxValue);

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => _space.ProposalOf(AssignmentAt(n));

    /// <summary>The searched parameters of the configuration with index <paramref name="n"/>.</summary>
    /// <param name="n">From 0, less than <see cref="Count"/>.</param>
    public ParameterAssignment AssignmentAt(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Count);
        var (index, rank) = _race.WinnerAt(n);
        var block = _blocks[index];
        if (block.Size is not { } size)
            return block.Draw(new RandomStream(KeyOf(index, rank, SearchStream.Draws)));
        // Two threads may make the same order at the same time; both are equal, and either may stay.
        var order = _orders[index] ??= new KeyedPermutation(size, KeyOf(index, 0, SearchStream.Order));
        return block.PointAt(order.At(rank));
    }

    private StreamKey KeyOf(int block, int rank, SearchStream stream) =>
        new(_seed, Purpose.Search, Configuration: (ulong)stream, Fold: block, Index: rank);
}

/// <summary>The random streams of a search; the values enter stream keys and never change.</summary>
internal enum SearchStream
{
    /// <summary>Values of continuous parameters.</summary>
    Draws = 1,

    /// <summary>The order of a block's points.</summary>
    Order = 2,

    /// <summary>The clocks of a race between blocks.</summary>
    Clocks = 3,

    /// <summary>The scrambling of Sobol' points.</summary>
    Scrambling = 4,

    /// <summary>The candidates among which a searcher that learns chooses.</summary>
    Candidates = 5,

    /// <summary>Where in its interval a value with neighbours stands to a searcher of generations.</summary>
    Generations = 6,

    /// <summary>The children of a searcher that breeds.</summary>
    Children = 7,

    /// <summary>The scrambling of the Sobol' points at which an evolution strategy draws.</summary>
    Spreading = 8,
}
