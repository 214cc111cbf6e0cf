using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Configurations in an order that no score changes, none twice: first guesses, then points that fill the space evenly
/// or at random, and once the even ones repeat themselves (a space with few points is nearly used up) what is left, in
/// random order.
/// </summary>
internal sealed class PointSequence
{
    /// <summary>So many even points in a row that came before: the space is nearly used up.</summary>
    private const int MostRepeats = 200;

    /// <summary>
    /// So many repeats in a row: a space without an end by its description, as of a rounded normal distribution, has
    /// few values. What repeats is taken then, as a random search takes it.
    /// </summary>
    private const int MostDraws = 1_200;

    private readonly Lock _lock = new();
    private readonly List<ParameterAssignment> _points = [];
    private readonly HashSet<ParameterAssignment> _seen = [];
    private readonly SpaceCode _code;
    private readonly SobolSequence? _even;
    private readonly Func<double, double>? _shape;
    private readonly RandomSearcher _random;
    private int _evens, _randoms, _repeats;

    /// <summary>Creates the sequence.</summary>
    /// <param name="guesses">What comes first.</param>
    /// <param name="isEven">Sobol' points; otherwise random ones.</param>
    /// <param name="shape">Where a Sobol' point's quantile in a range goes; null: it stays, as in a list.</param>
    public PointSequence(
        SearchSpace space, SpaceCode code, IEnumerable<ParameterAssignment> guesses, bool isEven, long seed,
        Func<double, double>? shape = null)
    {
        (_code, _shape) = (code, shape);
        _random = new(space, seed);
        if (isEven)
            _even = new(code.Length, new(seed, Purpose.Search, Configuration: (ulong)SearchStream.Scrambling));
        foreach (var guess in guesses)
            Add(guess);
    }

    /// <summary>As <see cref="ISearcher.Count"/>.</summary>
    public int Count => _random.Count;

    /// <summary>The configuration in place <paramref name="n"/>, from 0.</summary>
    public ParameterAssignment At(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(n, Count);
        lock (_lock)
        {
            while (_points.Count <= n)
                Add(Next());
            return _points[n];
        }
    }

    private ParameterAssignment Next()
    {
        if (_even is not { } even || _repeats >= MostRepeats)
            return _random.AssignmentAt(_randoms++);
        var index = _evens++;
        return _code.At((parameter, branch) =>
        {
            var quantile = even.QuantileAt(index, parameter);
            return _shape is null || _code.AxisOf(parameter, branch).Cells > 0 ? quantile : _shape(quantile);
        }).Assignment;
    }

    private void Add(ParameterAssignment point)
    {
        var isNew = _seen.Add(point);
        _repeats = isNew ? 0 : _repeats + 1;
        if (isNew || (_repeats >= MostDraws && Count == int.MaxValue))
            _points.Add(point);
    }
}

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
