using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// NSGA-II (Deb, Pratap, Agarwal and Meyarivan, IEEE Transactions on Evolutionary Computation 6, 2002) in its
/// steady-state form (Durillo, Nebro, Luna and Alba, "On the effect of the steady-state selection scheme in
/// multi-objective genetic algorithms", EMO 2009): there are no generations to wait for, so that slots stay at work.
/// Each configuration after the first population is a child of two parents, both winners of a tournament of two among
/// the best of the configurations whose scores it may know, by rank and crowding distance; with one objective, by the
/// value. Parents cross in quantiles: numbers by simulated binary crossover (Deb and Agrawal, Complex Systems 9,
/// 1995), names and flags by an exchange. Each parameter then mutates with probability 1/d, a number by polynomial
/// mutation, what has few values by a new draw. A parameter that a condition gives to the child alone is drawn anew.
/// Pending configurations are no parents, and no child repeats one.
/// </summary>
internal sealed class Nsga2Searcher(SearchSpace space, SearchSettings settings) : LearningSearcher(space, settings)
{
    /// <summary>Parents at most, where the file does not say.</summary>
    public const int DefaultPopulation = 20;

    /// <summary>Children that are tried until one is new.</summary>
    private const int Tries = 64;

    private const double CrossoverShare = 0.9;
    private const double CrossoverIndex = 15;
    private const double MutationIndex = 20;

    /// <summary>A number with no more values than that is drawn anew: a small step would not leave its value.</summary>
    private const int FewCells = 20;

    private readonly int _population = settings.Population;

    protected override ParameterAssignment? Choose(
        int n, IReadOnlyList<Observation> known, IReadOnlyList<SpacePlace> pending,
        IReadOnlySet<ParameterAssignment> used)
    {
        // Who passed a rung was better there than who did not. A stable sort: of equals the lower index is better.
        var parents = known.OrderByDescending(o => o.Stage).ThenBy(o => o.Cost).Take(_population)
            .Select(o => o.Place).ToList();
        var searched = Enumerable.Range(0, Code.Length).Count(Code.IsSearched);
        var stream = new RandomStream(
            new(Seed, Purpose.Search, Configuration: (ulong)SearchStream.Children, Index: n));
        for (var i = 0; i < Tries; i++)
        {
            // A child that was there before shows that the parents have grown alike: later ones mutate more.
            var share = Math.Min(1, (1.0 + i / 8) / Math.Max(1, searched));
            var child = Child(Winner(parents.Count, stream), Winner(parents.Count, stream), share);
            if (!used.Contains(child))
                return child;
        }

        return null;

        ParameterAssignment Child(int first, int second, double share)
        {
            var (left, right) = (parents[first], parents[second]);
            var crosses = stream.NextDouble() < CrossoverShare;
            return Code.At((parameter, branch) =>
                Mutated(Inherited(left, right, parameter, branch, crosses, stream), parameter, branch, share, stream))
                .Assignment;
        }
    }

    /// <summary>Of two drawn the better one; parents are in order.</summary>
    private static int Winner(int parents, RandomStream stream) =>
        Math.Min(stream.NextInt(parents), stream.NextInt(parents));

    /// <summary>The quantile of a parameter that a child has from its parents; null: neither has it.</summary>
    private double? Inherited(
        SpacePlace left, SpacePlace right, int parameter, int branch, bool crosses, RandomStream stream)
    {
        // Always as many numbers, so that one parameter never shifts the next.
        var (u, v) = (stream.NextOpenDouble(), stream.NextOpenDouble());
        var (hasLeft, hasRight) = (left.Branches[parameter] == branch, right.Branches[parameter] == branch);
        if (!hasLeft || !hasRight)
        {
            return hasLeft ? left.Quantiles[parameter] : hasRight ? right.Quantiles[parameter] : null;
        }

        var (x, y) = (left.Quantiles[parameter], right.Quantiles[parameter]);
        if (!crosses)
            return x;
        // Each parameter crosses in one of two children; this one is either of them.
        if (u < 0.5 || Code.AxisOf(parameter, branch).IsNamed)
            return v < 0.5 ? x : y;
        return Crossed(x, y, (u - 0.5) * 2, v < 0.5);
    }

    /// <summary>Simulated binary crossover of quantiles, bounded by 0 and 1 as in the authors' program.</summary>
    /// <param name="u">Uniform in (0, 1).</param>
    /// <param name="isLower">The child on the side of the smaller parent; otherwise of the larger.</param>
    internal static double Crossed(double x, double y, double u, bool isLower)
    {
        var (low, high) = x < y ? (x, y) : (y, x);
        var distance = high - low;
        if (distance < 1e-14)
            return x;
        var room = isLower ? low : 1 - high;
        var alpha = 2 - Power(1 + 2 * room / distance, -(CrossoverIndex + 1));
        var spread = u <= 1 / alpha
            ? Power(u * alpha, 1 / (CrossoverIndex + 1))
            : Power(1 / (2 - u * alpha), 1 / (CrossoverIndex + 1));
        return Quantile(isLower ? (low + high - spread * distance) / 2 : (low + high + spread * distance) / 2);
    }

    /// <summary>Polynomial mutation of a quantile, bounded by 0 and 1 as in the authors' program.</summary>
    /// <param name="u">Uniform in (0, 1).</param>
    internal static double Moved(double x, double u)
    {
        var exponent = 1 / (MutationIndex + 1);
        var step = u < 0.5
            ? Power(2 * u + (1 - 2 * u) * Power(1 - x, MutationIndex + 1), exponent) - 1
            : 1 - Power(2 * (1 - u) + (2 * u - 1) * Power(x, MutationIndex + 1), exponent);
        return Quantile(x + step);
    }

    private double Mutated(double? inherited, int parameter, int branch, double share, RandomStream stream)
    {
        var (u, v) = (stream.NextOpenDouble(), stream.NextOpenDouble());
        if (inherited is not { } x)
            return u;
        if (v >= share || !Code.IsSearched(parameter))
            return x;
        var axis = Code.AxisOf(parameter, branch);
        return axis.IsNamed || axis.Cells is > 0 and <= FewCells ? u : Moved(x, u);
    }

    private static double Quantile(double x) => Math.Clamp(x, 1e-9, 1 - 1e-9);

    private static double Power(double x, double exponent) =>
        x <= 0 ? 0 : PortableMath.Exp(exponent * PortableMath.Log(x));
}
