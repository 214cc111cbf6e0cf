using Sweeps.Client.Terminal;
using Sweeps.Core.Results;

namespace Sweeps.Client.Report;

/// <summary>
/// The configurations that a page shows: all of a small sweep; of a large one the best, the fronts, the best of each
/// value of a parameter, and of the others every so many.
/// </summary>
internal static class ShownConfigurations
{
    private const int ValuesMost = 100;

    /// <summary>Their indices.</summary>
    /// <param name="rows">All, the best first.</param>
    /// <param name="searched">The names of the parameters that were searched.</param>
    /// <param name="most">Of fewer all are shown; of more about so many.</param>
    /// <param name="best">So many of the best in any case.</param>
    public static IReadOnlySet<int> Of(
        IReadOnlyList<LeaderboardRow> rows, IReadOnlyList<string> searched, int most, int best)
    {
        if (rows.Count <= most)
            return rows.Select(row => row.Index).ToHashSet();
        var shown = rows.Take(best).Select(row => row.Index).ToHashSet();
        shown.UnionWith(rows.Where(row => row.OnFront || row.OnTimeFront || row.OnWeightsFront || row.IsChosen)
            .Take(best).Select(row => row.Index));
        var values = new Dictionary<string, HashSet<object>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            foreach (var (name, value) in ConfigurationText.Parameters(row.Hyperparameters))
            {
                if (name != "architecture" && !searched.Contains(name))
                    continue;
                if (!values.TryGetValue(name, out var known))
                    values.Add(name, known = []);
                // Best first: the first of a value is the best of it.
                if (known.Count < ValuesMost && known.Add(value))
                    shown.Add(row.Index);
            }
        }

        var stride = ((rows.Count - best - 1) / Math.Max(1, most - best)) + 1;
        for (var place = best; place < rows.Count; place += stride)
            shown.Add(rows[place].Index);
        return shown;
    }

    /// <summary>Says so on the page.</summary>
    /// <param name="what">What shows them, with its verb.</param>
    /// <param name="shown">Shown ones.</param>
    /// <param name="all">All of them.</param>
    /// <param name="best">How many of the best are among them.</param>
    public static string Note(string what, int shown, int all, int best) =>
        $"{what} {Figures.Count(shown)} of {Figures.Count(all)} configurations: the best {Figures.Count(best)}, the "
            + "fronts, the best of each value of a parameter, and a part of the others. Numbers count all.";
}
