using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// An evolution strategy in the cube of quantiles: see <see cref="CovarianceAdaptation"/>. The first configurations are
/// even points of a round normal distribution around the middle of the space; it begins in the middle of their better
/// half, and each later generation moves and shapes the distribution that the next ones are drawn from. Configuration n
/// is drawn from what the generations say that lie wholly among the known ones, so that no slot waits for the end of a
/// generation. It is drawn at Sobol' point n, so that every generation spreads evenly over its distribution (Teytaud
/// and Gelly, "DCMA: yet another derandomization in covariance-matrix-adaptation", GECCO 2007). Names have
/// probabilities of their own, which generations move too (CatCMA: Hamano, Saito, Nomura, Uchida and Shirakawa, GECCO
/// 2024). A distribution
/// that has shrunk to a point begins anew elsewhere with twice as many points (Auger and Hansen, "A restart CMA
/// evolution strategy with increasing population size", 2005).
/// </summary>
internal sealed class CmaEsSearcher : LearningSearcher
{
    /// <summary>
    /// The deviation, in quantiles, of the first configurations around the middle of a range: its ends are borders,
    /// set wide. Those of a list are values like the others, and come as often.
    /// </summary>
    private const double FirstSpread = 0.2;

    /// <summary>Draws outside of the cube, or of what was tried before, are drawn again.</summary>
    private const int MostDraws = 120;

    /// <summary>From then on what lies outside is moved to the border, and draws go ever farther.</summary>
    private const int NearDraws = 12;

    private const double Farther = 1.06;

    private readonly SobolSequence _even;
    private readonly Lock _lock = new();
    private (List<Observation> Known, Evolution State)? _last;

    public CmaEsSearcher(SearchSpace space, SearchSettings settings) : base(space, settings, TowardsTheMiddle) =>
        _even = new(Code.Length, new(Seed, Purpose.Search, Configuration: (ulong)SearchStream.Spreading));

    /// <summary>Generations that were worked out so far.</summary>
    internal int Worked { get; private set; }

    protected override ParameterAssignment? Choose(
        int n, IReadOnlyList<Observation> known, IReadOnlyList<SpacePlace> pending,
        IReadOnlySet<ParameterAssignment> used)
    {
        // Until all that fill the space are known, the known ones of them say where it begins.
        var state = known.Count < Warmup ? Evolution.After(Code, known, Seed) : StateAfter(known);
        var stream = new RandomStream(
            new(Seed, Purpose.Search, Configuration: (ulong)SearchStream.Candidates, Index: n));
        var scale = 1.0;
        var quantiles = new double[Code.Length];
        for (var i = 0; i < MostDraws; i++)
        {
            for (var parameter = 0; parameter < quantiles.Length; parameter++)
                quantiles[parameter] = i == 0 ? _even.QuantileAt(n, parameter) : stream.NextOpenDouble();
            var (assignment, isInside) = state.Draw(Code, quantiles, scale);
            if (i >= NearDraws)
                scale *= Farther;
            if ((isInside || i >= NearDraws) && !used.Contains(assignment))
                return assignment;
        }

        return null;
    }

    /// <summary>Even quantiles as those of a normal distribution around the middle, cut off at the ends.</summary>
    private static double TowardsTheMiddle(double quantile)
    {
        var outside = PortableMath.NormalBelow(-0.5 / FirstSpread);
        var x = 0.5 + FirstSpread * NormalQuantile.At(outside + quantile * (1 - 2 * outside));
        return Math.Clamp(x, 1e-9, 1 - 1e-9);
    }

    /// <summary>
    /// What the generations say that lie wholly among the known configurations: a function of these alone. The last one
    /// is kept, since most histories continue the one before.
    /// </summary>
    private Evolution StateAfter(IReadOnlyList<Observation> known)
    {
        lock (_lock)
        {
            var isMore = _last is { } last && last.Known.Count <= known.Count
                && last.Known.Zip(known).All(pair => RankAlike(pair.First, pair.Second));
            var state = isMore ? _last!.Value.State : Evolution.After(Code, [.. known.Take(Warmup)], Seed);
            while (state.End <= known.Count)
            {
                state = state.Next(Code, [.. known.Skip(state.Begin).Take(state.End - state.Begin)], Seed);
                Worked++;
            }

            _last = ([.. known.Take(state.Begin)], state);
            return state;
        }
    }

    /// <summary>
    /// Ranks are all that counts here, and all that failed come behind all others in the order of their indices: the
    /// value that stands for them moves with the worst so far, and changes nothing.
    /// </summary>
    private static bool RankAlike(Observation left, Observation right) => left == right
        || (left.Stage == 0 && right.Stage == 0 && left.Place.Equals(right.Place));
}

/// <summary>A generation that is being tried: where it begins, and what its configurations are drawn from.</summary>
internal sealed class Evolution
{
    /// <summary>The deviation, in quantiles, with which it begins.</summary>
    private const double FirstStep = 0.15;

    /// <summary>
    /// A distribution narrower than this has nothing more to find: a ten-thousandth of the range, and values have 6
    /// digits, of which none comes twice.
    /// </summary>
    private const double LeastDeviation = 1e-4;

    private const double MostDeviation = 0.5;

    /// <summary>How fast the probabilities of names follow the good half of a generation.</summary>
    private const double NameRate = 0.3;

    private readonly CovarianceAdaptation _numbers;

    /// <summary>The coordinate of each parameter; -1: it has none.</summary>
    private readonly int[] _coordinates;

    /// <summary>By parameter and branch: the probability of each name; null: the branch has numbers.</summary>
    private readonly double[]?[][] _names;

    private Evolution(
        int begin, CovarianceAdaptation numbers, int[] coordinates, double[]?[][] names)
    {
        (Begin, _numbers, _coordinates, _names) = (begin, numbers, coordinates, names);
    }

    /// <summary>The index of the generation's first configuration.</summary>
    public int Begin { get; }

    /// <summary>The index after its last one.</summary>
    public int End => Begin + _numbers.Population;

    /// <summary>The first generation.</summary>
    /// <param name="tried">The configurations before it.</param>
    public static Evolution After(SpaceCode code, IReadOnlyList<Observation> tried, long seed)
    {
        var coordinates = CoordinatesOf(code);
        var size = coordinates.Count(c => c >= 0);
        var population = 4 + (int)Math.Floor(3 * PortableMath.Log(Math.Max(1, SearchedIn(code))));
        var middle = new double[size];
        Array.Fill(middle, 0.5);
        var first = new Evolution(
            tried.Count, new(population, middle, FirstStep), coordinates, NamesOf(code));
        var start = first.MiddleOf(code, tried, seed);
        return new Evolution(tried.Count, new(population, start, FirstStep), coordinates, first._names)
            .WithMargins(code);
    }

    /// <summary>The middle of the better half of what was tried, weighted as a generation is.</summary>
    private double[] MiddleOf(SpaceCode code, IReadOnlyList<Observation> tried, long seed)
    {
        var middle = new double[_numbers.Mean.Count];
        var weights = new AdaptationRates(middle.Length, Math.Max(4, tried.Count)).Weights;
        var sorted = Enumerable.Range(0, tried.Count).OrderByDescending(i => tried[i].Stage)
            .ThenBy(i => tried[i].Cost).ToList();
        for (var k = 0; k < sorted.Count && weights[k] > 0; k++)
        {
            var point = PointOf(code, tried[sorted[k]].Place, sorted[k], seed);
            for (var i = 0; i < middle.Length; i++)
                middle[i] += weights[k] * point[i];
        }

        return middle;
    }

    /// <summary>The generation after this one.</summary>
    /// <param name="tried">The configurations of this one, in index order.</param>
    public Evolution Next(SpaceCode code, IReadOnlyList<Observation> tried, long seed)
    {
        // A stable sort: of equal values the lower index counts as better.
        var sorted = tried.Select((o, i) => (o.Stage, o.Cost, o.Place, Index: Begin + i))
            .OrderByDescending(item => item.Stage).ThenBy(item => item.Cost).ToList();
        var points = sorted.Select(item => PointOf(code, item.Place, item.Index, seed)).ToList();
        var numbers = _numbers.After(points);
        numbers.Bound(MostDeviation);
        var names = _names;
        if (Array.Exists(_names, branches => Array.Exists(branches, p => p is not null)))
            names = MovedNames(code, [.. sorted.Select(item => item.Place)]);
        var next = new Evolution(End, numbers, _coordinates, names).WithMargins(code);
        return next.IsSpent(code) ? next.Elsewhere(code, seed) : next;
    }

    /// <summary>A configuration, and whether no number had to be moved to the border.</summary>
    /// <param name="quantiles">Of each parameter, in (0, 1): where in the distribution it lies.</param>
    /// <param name="scale">The distribution is so many times as wide.</param>
    public (ParameterAssignment Assignment, bool IsInside) Draw(SpaceCode code, double[] quantiles, double scale)
    {
        var normals = new double[_numbers.Mean.Count];
        for (var parameter = 0; parameter < code.Length; parameter++)
        {
            if (_coordinates[parameter] is >= 0 and var coordinate)
                normals[coordinate] = NormalQuantile.At(quantiles[parameter]);
        }

        var point = _numbers.At(normals, scale);
        var isInside = true;
        var (assignment, _) = code.At((parameter, branch) =>
        {
            var u = quantiles[parameter];
            if (_names[parameter][branch] is { } probabilities)
                return QuantileOf(code.AxisOf(parameter, branch), probabilities, u, scale);
            if (_coordinates[parameter] is not (>= 0 and var coordinate))
                return u;
            var x = point[coordinate];
            isInside &= code.AxisOf(parameter, branch).Cells > 0 || x is > 0 and < 1;
            return Math.Clamp(x, 1e-9, 1 - 1e-9);
        });
        return (assignment, isInside);
    }

    /// <summary>Numbers have a coordinate, whichever branch they come from.</summary>
    private static int[] CoordinatesOf(SpaceCode code)
    {
        var count = 0;
        return
        [
            .. Enumerable.Range(0, code.Length).Select(parameter => Enumerable.Range(0, code.BranchesOf(parameter))
                .Select(branch => code.AxisOf(parameter, branch)).Any(axis => !axis.IsNamed && axis.Cells != 1)
                    ? count++
                    : -1),
        ];
    }

    private static int SearchedIn(SpaceCode code) => Enumerable.Range(0, code.Length).Count(code.IsSearched);

    private static double[]?[][] NamesOf(SpaceCode code) =>
    [
        .. Enumerable.Range(0, code.Length).Select(parameter => Enumerable.Range(0, code.BranchesOf(parameter))
            .Select(branch => code.AxisOf(parameter, branch))
            .Select(axis => !axis.IsNamed || axis.Cells == 1 ? null : Enumerable.Range(0, axis.Cells)
                .Select(axis.EdgesOf).Select(edges => edges.High - edges.Low).ToArray()).ToArray()),
    ];

    private static double QuantileOf(Axis axis, double[] probabilities, double u, double scale)
    {
        // A wider draw is nearer to even chances.
        var cell = 0;
        for (var below = 0.0; cell < probabilities.Length - 1; cell++)
        {
            below += probabilities[cell] / scale + (1 - 1 / scale) / probabilities.Length;
            if (u < below)
                break;
        }

        var (low, high) = axis.EdgesOf(cell);
        return (low + high) / 2;
    }

    /// <summary>
    /// The coordinates of a place. A value with neighbours stands for any point of its interval, a parameter that is
    /// absent for any point at all: one is drawn as the distribution has them, the same for the same configuration.
    /// </summary>
    private double[] PointOf(SpaceCode code, SpacePlace place, int index, long seed)
    {
        var stream = new RandomStream(
            new(seed, Purpose.Search, Configuration: (ulong)SearchStream.Generations, Index: index));
        var point = new double[_numbers.Mean.Count];
        for (var parameter = 0; parameter < code.Length; parameter++)
        {
            if (_coordinates[parameter] is not (>= 0 and var coordinate))
                continue;
            var (u, branch) = (stream.NextOpenDouble(), place.Branches[parameter]);
            var axis = branch >= 0 ? code.AxisOf(parameter, branch) : null;
            var (low, high) = axis is null or { IsNamed: true } ? (double.NegativeInfinity, double.PositiveInfinity)
                : axis.Cells == 0 ? (place.Quantiles[parameter], place.Quantiles[parameter])
                : Interval(axis, place.Cells[parameter]);
            point[coordinate] = low == high ? low : Within(coordinate, low, high, u);
        }

        return point;
    }

    private static (double Low, double High) Interval(Axis axis, int cell)
    {
        var (low, high) = axis.EdgesOf(cell);
        return (cell == 0 ? double.NegativeInfinity : low, cell == axis.Cells - 1 ? double.PositiveInfinity : high);
    }

    private double Within(int coordinate, double low, double high, double u)
    {
        var (mean, deviation) = (_numbers.Mean[coordinate], _numbers.DeviationOf(coordinate));
        var below = double.IsInfinity(low) ? 0 : PortableMath.NormalBelow((low - mean) / deviation);
        var above = double.IsInfinity(high) ? 1 : PortableMath.NormalBelow((high - mean) / deviation);
        var at = below + u * (above - below);
        // So far out that nothing is left of it: the nearer end.
        if (above - below < 1e-12 || at <= 0 || at >= 1)
            return high <= mean || double.IsInfinity(low) ? high : low;
        return mean + deviation * NormalQuantile.At(at);
    }

    private double[]?[][] MovedNames(SpaceCode code, SpacePlace[] sorted)
    {
        var moved = new double[]?[_names.Length][];
        var named = _names.Count(branches => Array.Exists(branches, p => p is not null));
        // CatCMA: all names together are the likeliest ones at most so often.
        var spared = 1 - PortableMath.Exp(PortableMath.Log(0.73) / Math.Max(1, named));
        for (var parameter = 0; parameter < _names.Length; parameter++)
        {
            moved[parameter] = new double[]?[_names[parameter].Length];
            for (var branch = 0; branch < moved[parameter].Length; branch++)
            {
                if (_names[parameter][branch] is { } probabilities)
                {
                    moved[parameter][branch] = Moved(
                        probabilities, sorted, parameter, branch, spared / (probabilities.Length - 1));
                }
            }
        }

        return moved;
    }

    private double[] Moved(double[] probabilities, SpacePlace[] sorted, int parameter, int branch, double least)
    {
        var moved = (double[])probabilities.Clone();
        for (var k = 0; k < sorted.Length && _numbers.Weights[k] > 0; k++)
        {
            if (sorted[k].Branches[parameter] != branch)
                continue;
            for (var cell = 0; cell < moved.Length; cell++)
            {
                var isIt = sorted[k].Cells[parameter] == cell ? 1 : 0;
                moved[cell] += NameRate * _numbers.Weights[k] * (isIt - probabilities[cell]);
            }
        }

        // Those below the least are raised to it, at the cost of the others' share above it.
        least = Math.Min(least, 1.0 / moved.Length);
        var (sum, over) = (0.0, 0.0);
        for (var cell = 0; cell < moved.Length; cell++)
        {
            moved[cell] = Math.Max(moved[cell], least);
            (sum, over) = (sum + moved[cell], over + moved[cell] - least);
        }

        for (var cell = 0; cell < moved.Length && over > 0; cell++)
            moved[cell] += (1 - sum) / over * (moved[cell] - least);
        return moved;
    }

    /// <summary>Values with neighbours keep a chance of 1 in (coordinates x population).</summary>
    private Evolution WithMargins(SpaceCode code)
    {
        var margin = 1.0 / (Math.Max(1, _numbers.Mean.Count) * _numbers.Population);
        for (var parameter = 0; parameter < code.Length; parameter++)
        {
            if (_coordinates[parameter] is not (>= 0 and var coordinate))
                continue;
            for (var branch = 0; branch < code.BranchesOf(parameter); branch++)
            {
                var axis = code.AxisOf(parameter, branch);
                if (axis.IsNamed || axis.Cells < 2)
                    continue;
                var cell = axis.CellAt(_numbers.Mean[coordinate]);
                var (low, high) = axis.EdgesOf(cell);
                _numbers.KeepMargin(
                    coordinate, cell == 0 ? null : low, cell == axis.Cells - 1 ? null : high, margin);
            }
        }

        return this;
    }

    /// <summary>Whether every number without neighbours is settled.</summary>
    private bool IsSpent(SpaceCode code)
    {
        var widest = 0.0;
        for (var parameter = 0; parameter < code.Length; parameter++)
        {
            if (_coordinates[parameter] is >= 0 and var coordinate
                && Enumerable.Range(0, code.BranchesOf(parameter)).Any(b => code.AxisOf(parameter, b).Cells == 0))
                widest = Math.Max(widest, _numbers.DeviationOf(coordinate));
        }

        return widest is > 0 and < LeastDeviation;
    }

    private Evolution Elsewhere(SpaceCode code, long seed)
    {
        var stream = new RandomStream(
            new(seed, Purpose.Search, Configuration: (ulong)SearchStream.Generations, Fold: 1, Index: Begin));
        var start = new double[_numbers.Mean.Count];
        for (var i = 0; i < start.Length; i++)
            start[i] = stream.NextOpenDouble();
        return new Evolution(Begin, new(2 * _numbers.Population, start, FirstStep), _coordinates, NamesOf(code))
            .WithMargins(code);
    }
}
