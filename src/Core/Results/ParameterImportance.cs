using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>How much a searched parameter has to do with a configuration's being among the best.</summary>
/// <param name="Parameter">As the sweep file names it.</param>
/// <param name="Share">Its share of the importance of all searched parameters, in [0, 1]; they add up to 1.</param>
public sealed record ParameterImportance(string Parameter, double Share)
{
    /// <summary>With fewer configurations chance alone would look important.</summary>
    public const int ConfigurationsMin = 10;

    private const double BestShare = 0.2;
    private const int BestMin = 4;
    private const int BinsMax = 8;

    /// <summary>
    /// PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023, arXiv 2304.10255): the variance of a parameter's marginal is
    /// estimated by the Pearson divergence between its values among the best fifth and among all. Ranges are cut into
    /// at most 8 bins of equally many configurations; a parameter that a configuration does not have is a value of its
    /// own. Counts among the best are smoothed by one configuration drawn from all. What chance alone gives so
    /// many values is taken off: (values - 1) / best, the mean of Pearson's statistic over independent draws.
    /// </summary>
    /// <param name="configurations">Best first; those that failed or were stopped early last.</param>
    /// <param name="ranked">How many of them are in the order of their values; the others are not compared.</param>
    /// <returns>The most important first; empty with too few configurations, or where nothing tells.</returns>
    public static IReadOnlyList<ParameterImportance> Of(IReadOnlyList<Hyperparameters> configurations, int ranked)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        if (configurations.Count < ConfigurationsMin
            || ranked < Math.Max(BestMin, (int)Math.Ceiling(BestShare * configurations.Count)))
            return [];
        List<Dictionary<string, object>> values =
            [.. configurations.Select(each => ConfigurationText.Parameters(each).ToDictionary())];
        var best = Math.Max(BestMin, (int)Math.Ceiling(BestShare * values.Count));
        var divergences = values.SelectMany(each => each.Keys).Distinct().Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Bins: Bins([.. values.Select(each => each.GetValueOrDefault(name))])))
            .Where(parameter => parameter.Bins.Distinct().Skip(1).Any())
            .Select(parameter => (parameter.Name, Divergence: Divergence(parameter.Bins, best)))
            .ToList();
        var sum = divergences.Sum(parameter => parameter.Divergence);
        return sum > 0
            ? [.. divergences.OrderByDescending(parameter => parameter.Divergence)
                .Select(parameter => new ParameterImportance(parameter.Name, parameter.Divergence / sum))]
            : [];
    }

    private static double Divergence(int[] bins, int best)
    {
        var counts = bins.CountBy(bin => bin).ToDictionary();
        var among = bins.Take(best).CountBy(bin => bin).ToDictionary();
        var divergence = counts.Sum(bin =>
        {
            var share = (double)bin.Value / bins.Length;
            var shareOfBest = (among.GetValueOrDefault(bin.Key) + share) / (best + 1);
            return share * ((shareOfBest / share) - 1) * ((shareOfBest / share) - 1);
        });
        return Math.Max(0, divergence - ((counts.Count - 1.0) / best));
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
