using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl, "Algorithms for hyper-parameter
/// optimization", NeurIPS 2011) in its multivariate form (Falkner, Klein and Hutter, "BOHB", ICML 2018), with the
/// choices that Watanabe compares ("Tree-structured Parzen estimator: understanding its algorithm components", 2023).
/// The best configurations and the others give a density each; of candidates drawn from the first, the one is tried
/// where it exceeds the second most. Pending configurations belong to the others, so that no two are alike (the
/// constant liar of Ginsbourger, Le Riche and Carraro, 2010, with the worst value).
/// </summary>
internal sealed class TpeSearcher(SearchSpace space, SearchSettings settings) : LearningSearcher(space, settings)
{
    private const int Candidates = 48;

    /// <summary>The share of configurations that are good, and the most of them.</summary>
    private const double GoodShare = 0.1;

    private const int MostGood = 25;

    /// <summary>Most of the others in the model: evenly spaced in the order of their values, the worst among
    /// them.</summary>
    private const int MostOthers = 400;

    /// <summary>Deviations of kernels, in quantiles, around one place; more of them are narrower.</summary>
    private const double GoodWidth = 0.1;

    private const double GoodNarrowing = 0.3;
    private const double OtherWidth = 0.08;

    private int? _dimensions;

    /// <summary>Parameters with more than one value.</summary>
    private int Dimensions => _dimensions ??= Enumerable.Range(0, Code.Length).Count(Code.IsSearched);

    protected override ParameterAssignment? Choose(
        int n, IReadOnlyList<Observation> known, IReadOnlyList<SpacePlace> pending,
        IReadOnlySet<ParameterAssignment> used)
    {
        // Who passed a rung was better there than who did not. A stable sort: of equals the lower index is better.
        var sorted = known.OrderByDescending(o => o.Stage).ThenBy(o => o.Cost).ToList();
        var goods = Math.Clamp((int)Math.Ceiling(GoodShare * sorted.Count), 1, MostGood);
        var good = new ParzenEstimator(
            Code, [.. sorted.Take(goods).Select(o => o.Place)], GoodWidth * Power(goods, -GoodNarrowing),
            WeightsOf(sorted, goods));
        List<SpacePlace> rest =
            [.. Spaced(sorted.Skip(goods).Select(o => o.Place).ToList(), MostOthers), .. pending];
        // Scott's rule, count^(-1 / (d + 4)).
        var other = new ParzenEstimator(
            Code, rest, OtherWidth * Power(Math.Max(1, rest.Count), -1.0 / (Dimensions + 4)), weights: null);
        var stream = new RandomStream(
            new(Seed, Purpose.Search, Configuration: (ulong)SearchStream.Candidates, Index: n));
        ParameterAssignment? best = null;
        var highest = double.NegativeInfinity;
        for (var i = 0; i < Candidates; i++)
        {
            var (assignment, place) = good.Draw(stream);
            if (used.Contains(assignment))
                continue;
            var ratio = good.LogDensity(place) - other.LogDensity(place);
            if (ratio > highest)
                (best, highest) = (assignment, ratio);
        }

        return best;
    }

    private static double Power(int count, double exponent) =>
        PortableMath.Exp(PortableMath.Log(count) * exponent);

    /// <summary>Better ones weigh more: by how far they are ahead of the first that is not good, and at least a
    /// little. Values of different rungs have no common scale: of those who were stopped before, each has the
    /// least.</summary>
    private static double[] WeightsOf(List<Observation> sorted, int goods)
    {
        var (first, cut) = (sorted[0], sorted[Math.Min(goods, sorted.Count - 1)]);
        if (cut.Stage != first.Stage)
            cut = sorted.Last(o => o.Stage == first.Stage);
        var lead = cut.Cost - first.Cost;
        return
        [
            .. sorted.Take(goods).Select(o =>
                o.Stage != first.Stage ? 0.5 : lead > 0 ? 0.5 + (cut.Cost - o.Cost) / lead / 2 : 1),
        ];
    }

    private static IEnumerable<SpacePlace> Spaced(List<SpacePlace> places, int most)
    {
        if (places.Count <= most)
            return places;
        return Enumerable.Range(1, most).Select(i => places[(int)((long)i * places.Count / most) - 1]);
    }
}
