using System.Collections.Immutable;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// What searchers that learn have in common. The first configurations are first guesses and Sobol' points. From then on
/// configuration n is chosen by a model of the scores of the first n - lag configurations, and of the values of all n.
/// A configuration that failed, or diverged on a fold, counts as a little worse than the worst known; one that the
/// schedule stopped has the value of the rung where it stood; methods that rank put it behind all that passed that
/// rung. Of several objectives the cost of a configuration is its place in the order of <see cref="NonDominatedSort"/>,
/// with those that failed or diverged behind all others.
/// </summary>
internal abstract class LearningSearcher : ISearcher
{
    /// <summary>Fewer known configurations are no model.</summary>
    private const int LeastKnown = 2;

    /// <summary>A failed one is worse than the worst by this share of the range of all values.</summary>
    private const double WorseByShare = 0.1;

    private readonly SearchSpace _space;
    private readonly PointSequence _sequence;
    private readonly bool _minimizes;
    private readonly ImmutableArray<bool> _furtherMinimize;
    private readonly int _lag;
    private readonly Lock _lock = new();
    private (List<double[]?> Costs, IReadOnlyList<int> Order)? _last;

    /// <param name="shape">Where in a range the first configurations lie that an even point has at a quantile; null:
    /// there.</param>
    protected LearningSearcher(SearchSpace space, SearchSettings settings, Func<double, double>? shape = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        (_space, _minimizes, _lag) = (space, settings.Minimizes, settings.Lag);
        _furtherMinimize = settings.FurtherMinimize;
        Warmup = Math.Max(settings.Warmup, settings.StartWith.Length);
        Seed = settings.Seed;
        Code = new(space.Parameters);
        _sequence = new(space, Code, settings.StartWith, isEven: true, settings.Seed, shape);
    }

    public int Count => _sequence.Count;

    /// <summary>The sweep's seed.</summary>
    protected long Seed { get; }

    /// <summary>So many configurations come before the first that is chosen.</summary>
    protected int Warmup { get; }

    /// <summary>How often vectors were put in order so far.</summary>
    internal int Sorted { get; private set; }

    /// <summary>Assignments as places.</summary>
    protected SpaceCode Code { get; }

    public int BarrierOf(int n) => n < Warmup ? 0 : Math.Max(0, n - _lag);

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var known = new List<Observation>();
        var scores = new List<ConfigurationScore>();
        var pending = new List<SpacePlace>();
        var used = new HashSet<ParameterAssignment>();
        foreach (var item in history)
        {
            var values = item.Values
                ?? throw new InvalidOperationException($"Configuration {item.Index} was proposed without its values.");
            used.Add(values);
            if (item.Score is { } score)
            {
                known.Add(new(Code.PlaceOf(values), CostOf(score), item.Reached.Order));
                scores.Add(score);
            }
            else
            {
                pending.Add(Code.PlaceOf(values));
            }
        }

        if (n < Warmup || known.Count < LeastKnown)
            return _space.ProposalOf(_sequence.At(n));
        known = _furtherMinimize.IsEmpty ? WithWorst(known) : InOrder(known, scores);
        return _space.ProposalOf(Choose(n, known, pending, used) ?? FirstUnused(n, used));
    }

    /// <summary>Chooses configuration <paramref name="n"/>.</summary>
    /// <param name="known">At least two configurations, in index order.</param>
    /// <param name="pending">Those that have no score yet, in index order.</param>
    /// <param name="used">All of both: none of them may come again.</param>
    /// <returns>Null where the model finds none that is new.</returns>
    protected abstract ParameterAssignment? Choose(
        int n, IReadOnlyList<Observation> known, IReadOnlyList<SpacePlace> pending,
        IReadOnlySet<ParameterAssignment> used);

    /// <summary>What is minimised; NaN where the configuration has no value that could be compared.</summary>
    private double CostOf(ConfigurationScore score) => score.Diverged > 0 || score.Missing > 0
        ? double.NaN
        : _minimizes ? score.Mean : -score.Mean;

    /// <summary>Of several objectives: places in the order instead of values, which only together say what is good.
    /// </summary>
    private List<Observation> InOrder(List<Observation> known, List<ConfigurationScore> scores)
    {
        var ordered = known.ToArray();
        var costs = scores.Select(CostsOf).ToList();
        foreach (var (place, index) in OrderOf(costs).Index())
            ordered[index] = known[index] with { Cost = place, Stage = costs[index] is null ? 0 : known[index].Stage };
        return [.. ordered];
    }

    /// <summary>The last order is kept: configurations that are proposed together mostly know the same scores.
    /// </summary>
    private IReadOnlyList<int> OrderOf(List<double[]?> costs)
    {
        lock (_lock)
        {
            if (_last is not { } last || last.Costs.Count != costs.Count || !last.Costs.Zip(costs).All(
                pair => pair.First is { } left && pair.Second is { } right
                    ? left.AsSpan().SequenceEqual(right)
                    : pair.First == pair.Second))
            {
                last = (costs, NonDominatedSort.Order(costs));
                _last = last;
                Sorted++;
            }

            return last.Order;
        }
    }

    private double[]? CostsOf(ConfigurationScore score)
    {
        double[] costs =
        [
            CostOf(score), .. score.Further!.Zip(_furtherMinimize, (value, least) => least ? value.Mean : -value.Mean),
        ];
        return Array.TrueForAll(costs, double.IsFinite) ? costs : null;
    }

    private static List<Observation> WithWorst(List<Observation> known)
    {
        var costs = known.Where(o => double.IsFinite(o.Cost)).Select(o => o.Cost).DefaultIfEmpty(0).ToList();
        var (best, worst) = (costs.Min(), costs.Max());
        var failed = worst > best ? worst + (worst - best) * WorseByShare : worst + 1;
        return [.. known.Select(o => double.IsFinite(o.Cost) ? o : o with { Cost = failed, Stage = 0 })];
    }

    // Of n + 1 different points one is unused; where the sequence repeats itself, all that there are may be used.
    private ParameterAssignment FirstUnused(int n, HashSet<ParameterAssignment> used)
    {
        for (var i = 0; i <= n; i++)
        {
            if (_sequence.At(i) is var point && !used.Contains(point))
                return point;
        }

        return _sequence.At(n);
    }
}

/// <summary>A configuration whose value is known.</summary>
/// <param name="Place">Where it lies.</param>
/// <param name="Cost">Its value: smaller is better.</param>
/// <param name="Stage">How far it was trained: the schedule stopped those that were trained less.</param>
internal readonly record struct Observation(SpacePlace Place, double Cost, long Stage);

/// <summary>How a searcher searches.</summary>
/// <param name="Seed">The sweep's seed.</param>
/// <param name="Minimizes">Smaller values of the metric are better; otherwise larger ones.</param>
/// <param name="Lag">Of a searcher that learns: it looks back over so many configurations that may still run.</param>
/// <param name="Warmup">
/// Of a searcher that learns: so many configurations come before the first that it chooses.
/// </param>
/// <param name="StartWith">What is tried first.</param>
internal sealed record SearchSettings(
    long Seed, bool Minimizes, int Lag, int Warmup, ImmutableArray<ParameterAssignment> StartWith)
{
    /// <summary>Whether smaller values of each further objective are better; empty: there is one objective.</summary>
    public ImmutableArray<bool> FurtherMinimize { get; init; } = [];

    /// <summary>Of a searcher that breeds: how many of the best configurations may be parents.</summary>
    public int Population { get; init; } = Nsga2Searcher.DefaultPopulation;
}
