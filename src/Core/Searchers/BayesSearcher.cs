using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Bayesian optimisation (Jones, Schonlau and Welch, "Efficient global optimization", 1998; Snoek, Larochelle and
/// Adams, "Practical Bayesian optimization of machine learning algorithms", NeurIPS 2012): a <see
/// cref="GaussianProcess"/> of the scores, and the configuration with the largest logarithm of the expected improvement
/// (Ament et al., "Unexpected improvements to expected improvement", NeurIPS 2023). Pending configurations have the
/// mean that the process expects (the kriging believer of Ginsbourger, Le Riche and Carraro, 2010). The cost is
/// bounded: the process knows the best and some others, and its kernel is fitted to fewer, and not for each proposal.
/// </summary>
internal sealed class BayesSearcher(SearchSpace space, SearchSettings settings) : LearningSearcher(space, settings)
{
    private const int MostBest = 120;
    private const int MostOthers = 60;
    private const int MostPending = 64;
    private const int MostFitted = 90;

    /// <summary>Of the logarithm of values, as a share of the range of the better nine tenths.</summary>
    private const double LeastScale = 0.1;

    private readonly Lock _lock = new();
    private PlaceVector? _vector;
    private (List<Observation> Known, GaussianFit Fit)? _last;

    private PlaceVector Vector => _vector ??= new(Code);

    protected override ParameterAssignment? Choose(
        int n, IReadOnlyList<Observation> known, IReadOnlyList<SpacePlace> pending,
        IReadOnlySet<ParameterAssignment> used)
    {
        var fit = FitOf(known);
        var chosen = Chosen(known, MostBest, MostOthers);
        var values = Standardised(chosen);
        var process = new GaussianProcess(fit, [.. chosen.Select(o => Vector.Of(o.Place))], values);
        foreach (var place in pending.Skip(pending.Count - MostPending))
        {
            var point = Vector.Of(place);
            process.Add(point, process.At(point).Mean);
        }

        var stream = new RandomStream(
            new(Seed, Purpose.Search, Configuration: (ulong)SearchStream.Candidates, Index: n));
        var best = chosen.OrderBy(o => o.Cost).Take(AcquisitionSearch.Starts).Select(o => o.Place).ToList();
        return new AcquisitionSearch(
            Code, used, stream, new ExpectedImprovement(process, Vector, fit.Lengths, values.Min())).Run(best);
    }

    /// <summary>
    /// The kernel for what is known, from the first ones of it: a function of the history alone, so that every process
    /// has the same, and one that is not computed again for each proposal.
    /// </summary>
    private GaussianFit FitOf(IReadOnlyList<Observation> known)
    {
        var step = 1;
        while (step * 16 <= known.Count)
            step *= 2;
        var first = known.Take(known.Count - known.Count % step).ToList();
        lock (_lock)
        {
            if (_last is { } last && last.Known.SequenceEqual(first))
                return last.Fit;
            var chosen = Chosen(first, MostFitted / 2, MostFitted / 2);
            var fit = GaussianFit.Of(
                Vector.Names, [.. chosen.Select(o => Vector.Of(o.Place))], Standardised(chosen));
            _last = (first, fit);
            return fit;
        }
    }

    /// <summary>The best, and evenly spaced ones of the others, in index order.</summary>
    private static List<Observation> Chosen(IReadOnlyList<Observation> known, int best, int others)
    {
        if (known.Count <= best + others)
            return [.. known];
        var sorted = Enumerable.Range(0, known.Count).OrderBy(i => known[i].Cost).ToList();
        var rest = sorted.Skip(best).Order().ToList();
        var spaced = Enumerable.Range(1, others).Select(i => rest[(int)((long)i * rest.Count / others) - 1]);
        return [.. sorted.Take(best).Concat(spaced).Order().Select(i => known[i])];
    }

    /// <summary>
    /// Values with mean 0 and variance 1. What is far worse than the middle is drawn nearer by a logarithm: a process
    /// that has to explain it sees nothing else. Its scale has a floor: where half of all lie on the ground of one
    /// basin, no other one would be worth a look beside the last digits there.
    /// </summary>
    private static double[] Standardised(List<Observation> known)
    {
        var sorted = known.Select(o => o.Cost).Order().ToList();
        var scale = Math.Max(
            sorted[sorted.Count / 2] - sorted[0], LeastScale * (sorted[sorted.Count * 9 / 10] - sorted[0]));
        double[] values =
        [
            .. known.Select(o => scale > 0 ? PortableMath.Log(1 + (o.Cost - sorted[0]) / scale) : o.Cost - sorted[0]),
        ];
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        var deviation = squares > 0 ? Math.Sqrt(squares / values.Length) : 1;
        return Array.ConvertAll(values, value => (value - mean) / deviation);
    }
}

/// <summary>
/// Places as points of a Gaussian process. A number is its quantile, whole numbers and listed ones the middle of their
/// interval; where it is absent, 0.5. A name is only equal to itself, and so is the branch that a parameter's values
/// come from, or its absence: each different one is 1 away. Parameters with a single value are left out.
/// </summary>
internal sealed class PlaceVector
{
    private readonly List<(int Parameter, bool IsName)> _coordinates = [];
    private readonly bool[][] _named;

    public PlaceVector(SpaceCode code)
    {
        for (var parameter = 0; parameter < code.Length; parameter++)
        {
            if (!code.IsSearched(parameter))
                continue;
            var branches = Enumerable.Range(0, code.BranchesOf(parameter)).Select(b => code.AxisOf(parameter, b));
            if (branches.Any(axis => !axis.IsNamed && axis.Cells != 1))
                _coordinates.Add((parameter, false));
            if (branches.Any(axis => axis.IsNamed) || code.BranchesOf(parameter) > 1 || code.IsConditional(parameter))
                _coordinates.Add((parameter, true));
        }

        Names = [.. _coordinates.Select(c => c.IsName)];
        _named =
        [
            .. Enumerable.Range(0, code.Length).Select(parameter => Enumerable.Range(0, code.BranchesOf(parameter))
                .Select(branch => code.AxisOf(parameter, branch).IsNamed).ToArray()),
        ];
    }

    /// <summary>The coordinates that are only equal or different.</summary>
    public bool[] Names { get; }

    /// <summary>The coordinates of a place.</summary>
    public double[] Of(SpacePlace place)
    {
        var point = new double[_coordinates.Count];
        for (var i = 0; i < point.Length; i++)
        {
            var (parameter, isName) = _coordinates[i];
            var branch = place.Branches[parameter];
            if (!isName)
                point[i] = branch < 0 || _named[parameter][branch] ? 0.5 : place.Quantiles[parameter];
            else if (branch >= 0)
                point[i] = 1 + branch + (_named[parameter][branch] ? 1000.0 * (1 + place.Cells[parameter]) : 0);
        }

        return point;
    }

    /// <summary>The parameter of each coordinate that has values without end at a place; -1: it is another one.
    /// </summary>
    public int[] Continuous(SpaceCode code, SpacePlace place) =>
    [
        .. _coordinates.Select(c => place.Branches[c.Parameter] is var branch && !c.IsName && branch >= 0
            && code.AxisOf(c.Parameter, branch) is { IsNamed: false, Cells: 0 } ? c.Parameter : -1),
    ];
}
