using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>How much a searched parameter has to do with a configuration's being among the best.</summary>
/// <param name="Parameter">As the sweep file names it.</param>
/// <param name="Share">Its share of the importance of all searched parameters, in [0, 1]; they add up to 1.</param>
/// <param name="Low">Where the share lies in 95 % of samples drawn anew: from here.</param>
/// <param name="High">To here.</param>
public sealed record ParameterImportance(string Parameter, double Share, double Low, double High)
{
    /// <summary>
    /// Configurations of equal budget that are needed: with fewer the best fifth is fewer than 6, and chance alone
    /// would look important (Optuna's PedAnovaImportanceEvaluator asks for 5 among the best).
    /// </summary>
    public const int ConfigurationsMin = 30;

    private const double BestShare = 0.2;
    private const int BinsMax = 8;
    private const int Samples = 200;
    private const double Quantile = 0.025;

    /// <summary>
    /// PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023, arXiv 2304.10255): the variance of a parameter's marginal is
    /// estimated by the Pearson divergence between its values among the best fifth and among all. Ranges are cut into
    /// at most 8 bins of equally many configurations; a parameter that a configuration does not have is a value of its
    /// own. Counts among the best are smoothed by one configuration drawn from all. What chance alone gives so
    /// many values is taken off: (values - 1) / best, the mean of Pearson's statistic over independent draws. How sure
    /// a share is, is told by the percentile bootstrap (Efron and Tibshirani 1993, chapter 13): the configurations are
    /// drawn anew with replacement, 200 times, always by the same numbers.
    /// </summary>
    /// <param name="configurations">Of one budget, best first; those that diverged last.</param>
    /// <param name="ranked">How many of them are in the order of their values; the others are not compared.</param>
    /// <returns>
    /// The most important first; empty with fewer than <see cref="ConfigurationsMin"/>, or where nothing tells.
    /// </returns>
    public static IReadOnlyList<ParameterImportance> Of(IReadOnlyList<Hyperparameters> configurations, int ranked)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        var best = (int)Math.Ceiling(BestShare * configurations.Count);
        if (configurations.Count < ConfigurationsMin || ranked < best)
            return [];
        List<Dictionary<string, object>> values =
            [.. configurations.Select(each => ConfigurationText.Parameters(each).ToDictionary())];
        var parameters = values.SelectMany(each => each.Keys).Distinct().Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Bins: Bins([.. values.Select(each => each.GetValueOrDefault(name))])))
            .Where(parameter => parameter.Bins.Distinct().Skip(1).Any())
            .ToList();
        List<int[]> bins = [.. parameters.Select(parameter => parameter.Bins)];
        int[] all = [.. Enumerable.Range(0, values.Count)];
        if (Shares(bins, all, best) is not { } shares)
            return [];
        var (low, high) = Intervals(bins, values.Count, best);
        return
        [
            .. parameters.Select((parameter, index) => new ParameterImportance(
                    parameter.Name, shares[index], Math.Min(low[index], shares[index]),
                    Math.Max(high[index], shares[index])))
                .OrderByDescending(parameter => parameter.Share),
        ];
    }

    /// <summary>
    /// The configurations that can be compared: trained in full, best first, then those that diverged. What the
    /// schedule stopped had a smaller budget, and what lacks a fold has no place.
    /// </summary>
    /// <param name="rows">A leaderboard, best first.</param>
    public static (IReadOnlyList<Hyperparameters> Configurations, int Ranked) Comparable(
        IReadOnlyList<LeaderboardRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        List<Hyperparameters> ranked = [.. rows.Where(row => row.Rank is not null).Select(row => row.Hyperparameters)];
        return ([.. ranked, .. rows.Where(IsDiverged).Select(row => row.Hyperparameters)], ranked.Count);

        static bool IsDiverged(LeaderboardRow row) => row is { Rank: null, AllDiverged: true, StoppedAt: null };
    }

    private static (double[] Low, double[] High) Intervals(List<int[]> bins, int count, int best)
    {
        var random = new RandomStream(new(0, Purpose.Analysis));
        var drawn = new List<double[]>();
        var sample = new int[count];
        for (var round = 0; round < Samples; round++)
        {
            for (var place = 0; place < count; place++)
                sample[place] = random.NextInt(count);
            // Places are ranks: in their order the best are first again.
            Array.Sort(sample);
            if (Shares(bins, sample, best) is { } shares)
                drawn.Add(shares);
        }

        double At(int parameter, double quantile)
        {
            double[] order = [.. drawn.Select(shares => shares[parameter]).Order()];
            return order.Length == 0 ? double.NaN : order[(int)(quantile * (order.Length - 1))];
        }

        return (
            [.. bins.Select((_, parameter) => At(parameter, Quantile))],
            [.. bins.Select((_, parameter) => At(parameter, 1 - Quantile))]);
    }

    // Of the configurations at some places, the first of them the best; null: nothing tells.
    private static double[]? Shares(List<int[]> bins, int[] places, int best)
    {
        double[] divergences = [.. bins.Select(each => Divergence([.. places.Select(place => each[place])], best))];
        var sum = divergences.Sum();
        return sum > 0 ? [.. divergences.Select(divergence => divergence / sum)] : null;
    }

    private static double Divergence(int[] bins, int best)
    {
        var (counts, among) = (new int[bins.Max() + 1], new int[bins.Max() + 1]);
        for (var place = 0; place < bins.Length; place++)
        {
            counts[bins[place]]++;
            among[bins[place]] += place < best ? 1 : 0;
        }

        var (divergence, values) = (0.0, 0);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            if (counts[bin] == 0)
                continue;
            values++;
            var share = (double)counts[bin] / bins.Length;
            var ratio = (among[bin] + share) / (best + 1) / share;
            divergence += share * (ratio - 1) * (ratio - 1);
        }

        return Math.Max(0, divergence - ((values - 1.0) / best));
    }

    private static int[] Bins(object?[] values)
    {
        var distinct = values.Distinct().ToList();
        if (distinct.Count <= BinsMax || !values.All(value => value is null or double or int or long))
            return [.. values.Select(value => distinct.IndexOf(value))];
        double?[] numbers = [.. values.Select(value => value is null ? (double?)null : Convert.ToDouble(
            value, System.Globalization.CultureInfo.InvariantCulture))];
        double[] order = [.. numbers.OfType<double>().Order()];
        // Equal values share a bin, that of the first of them.
        var first = new Dictionary<double, int>();
        foreach (var (index, value) in order.Index())
            first.TryAdd(value, index);
        return [.. numbers.Select(number => number is { } value
            ? 1 + (int)((long)BinsMax * first[value] / order.Length)
            : 0)];
    }
}
