using System.Globalization;
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

/// <summary>
/// What the first points of a sequence do not tell apart. Sobol' points are even in each parameter from the start, but
/// in pairs of parameters only from some power of two on: until then, of two with few values one may decide the other.
/// </summary>
internal sealed class ConfoundedPairs
{
    private const int ValuesMax = 4;
    private const int FactorMax = 4;
    private const int Shown = 3;

    // Pairs that conditions keep apart never meet: what so many points do not tell is left.
    private const int PointsMax = 4_096;

    // A value that came once says nothing of what it goes together with.
    private const int TimesMin = 2;

    private readonly Func<int, ParameterAssignment> _at;
    private readonly SpaceBlocks _blocks;
    private readonly int _count;

    /// <summary>Looks at the beginning of a sequence.</summary>
    /// <param name="parameters">In the file's order.</param>
    /// <param name="blocks">The same, cut: what conditions decide is no matter of the sequence.</param>
    /// <param name="at">The configuration at a place.</param>
    /// <param name="count">How many of them there will be.</param>
    public ConfoundedPairs(
        IEnumerable<SearchedParameter> parameters, SpaceBlocks blocks, Func<int, ParameterAssignment> at, int count)
    {
        (_blocks, _at, _count) = (blocks, at, count);
        List<string> names = [.. parameters.Where(IsOfFewValues).Select(parameter => parameter.Name)];
        List<Pair> open = [.. names.SelectMany(
            (first, index) => names.Skip(index + 1).Select(second => new Pair(first, second)))];
        for (var n = 0; n < Math.Min(count, PointsMax) && open.Count > 0; n++)
        {
            var point = at(n);
            open.RemoveAll(pair =>
            {
                pair.Add(point);
                return !Decides(pair.Met.Keys) && !Decides(pair.Met.Keys.Select(Turned)) && pair.IsSpread;
            });
        }

        Pairs = [.. open.Where(pair => IsDecided(pair, meeting => meeting) || IsDecided(pair, Turned))];
    }

    /// <summary>Those of which one decides the other.</summary>
    public IReadOnlyList<Pair> Pairs { get; }

    /// <summary>What cannot be told, and what to write instead; null: there is nothing to tell.</summary>
    /// <param name="most">How many configurations a sweep may have.</param>
    public string? Describe(int most)
    {
        if (Pairs is not [var pair, ..])
            return null;
        var others = string.Concat(Pairs.Skip(1).Take(Shown - 1).Select(p => $", and {p.First} with {p.Second} ({p})"))
            + (Pairs.Count > Shown ? $", and {Pairs.Count - Shown} more such pairs" : "");
        var ways = new List<string>();
        if (EvenAt(Math.Min(most, _blocks.Size ?? most)) is { } even)
            ways.Add($"'run_cap: {even}'");
        if (_blocks.Size <= (long)_count * FactorMax)
            ways.Add($"'method: grid' for all {_blocks.Size}");
        ways.Add("'method: random'");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"in the {_count} configurations of sobol, {pair.First} always goes with {pair.Second} ({pair}){others}: "
                + $"which of the two makes a difference cannot be told; write {string.Join(" or ", ways)}");
    }

    /// <summary>The next power of two at which any two values of a pair meet, and none twice as often as others; null:
    /// none up to four times as many.</summary>
    private int? EvenAt(long most)
    {
        List<Pair> pairs = [.. Pairs.Select(pair => new Pair(pair.First, pair.Second))];
        var n = 0;
        for (var end = 1L; end <= Math.Min(most, (long)_count * FactorMax); end *= 2)
        {
            for (; n < end; n++)
                pairs.ForEach(pair => pair.Add(_at(n)));
            if (end > _count && pairs.TrueForAll(IsEven))
                return (int)end;
        }

        return null;
    }

    private static bool IsOfFewValues(SearchedParameter parameter)
    {
        var values = new HashSet<ParameterValue>();
        foreach (var branch in parameter.Branches)
        {
            if (branch.Domain.Enumerate(ValuesMax) is not { } few)
                return false;
            values.UnionWith(few.Where(value => value.Probability > 0).Select(value => value.Value));
        }

        return values.Count is > 1 and <= ValuesMax;
    }

    private bool IsDecided(
        Pair pair, Func<(ParameterValue, ParameterValue), (ParameterValue, ParameterValue)> turn) =>
        Decides(pair.Met.Keys.Select(turn)) && !Decides(Possible(pair).Select(turn))
        && pair.Met.GroupBy(met => turn(met.Key).Item1).All(met => met.Sum(counted => counted.Value) >= TimesMin);

    private bool IsEven(Pair pair)
    {
        var times = Possible(pair).Select(meeting => pair.Met.GetValueOrDefault(meeting)).ToList();
        return times.Min() > 0 && times.Max() < 2 * times.Min();
    }

    /// <summary>The values that can meet.</summary>
    private HashSet<(ParameterValue, ParameterValue)> Possible(Pair pair) =>
    [
        .. from block in _blocks.Blocks
           from first in ValuesOf(block, pair.First)
           from second in ValuesOf(block, pair.Second)
           select (first, second),
    ];

    private static IEnumerable<ParameterValue> ValuesOf(SpaceBlock block, string name)
    {
        var free = block.Free.FirstOrDefault(free => free.Name == name)?.Domain.Enumerate(ValuesMax) ?? [];
        return block.Chosen.Where(chosen => chosen.Key == name).Select(chosen => chosen.Value)
            .Concat(free.Select(value => value.Value));
    }

    private static (ParameterValue, ParameterValue) Turned((ParameterValue First, ParameterValue Second) meeting) =>
        (meeting.Second, meeting.First);

    /// <summary>Whether of two values or more each first one meets a single second one, and not all the same.</summary>
    private static bool Decides(IEnumerable<(ParameterValue First, ParameterValue Second)> meetings)
    {
        var all = meetings.ToList();
        return all.Select(meeting => meeting.Second).Distinct().Count() > 1
            && all.Select(meeting => meeting.First).Distinct().Count() == all.Count;
    }

    /// <summary>Two parameters, and how often their values met.</summary>
    public sealed class Pair(string first, string second)
    {
        private readonly Dictionary<(ParameterValue First, ParameterValue Second), int> _met = [];

        public string First => first;

        public string Second => second;

        public IReadOnlyDictionary<(ParameterValue First, ParameterValue Second), int> Met => _met;

        /// <summary>Whether both have had two values, of which neither decided the other's.</summary>
        public bool IsSpread => _met.Keys.Select(met => met.First).Distinct().Count() > 1
            && _met.Keys.Select(met => met.Second).Distinct().Count() > 1;

        /// <summary><c>mlp with 25, cnn with 100</c>.</summary>
        public override string ToString() =>
            string.Join(", ", _met.Keys.Select(met => Quote.Short($"{met.First} with {met.Second}")));

        /// <summary>Counts a configuration that has both.</summary>
        public void Add(ParameterAssignment point)
        {
            if (point[first] is { } one && point[second] is { } other)
                _met[(one, other)] = _met.GetValueOrDefault((one, other)) + 1;
        }
    }
}
