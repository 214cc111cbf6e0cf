using Sweeps.Core.Searchers;
using Sweeps.Core.Space;

namespace Sweeps.Core.Tests.Searchers;

/// <summary>Runs a searcher on a function as a sweep does: in order, with the scores before the barrier.</summary>
internal static class SearchRun
{
    public static List<ParameterAssignment> Of(
        ISearcher searcher, int count, Func<ParameterAssignment, double> metric,
        Func<int, ConfigurationScore, ConfigurationScore>? change = null)
    {
        var values = new List<ParameterAssignment>();
        for (var n = 0; n < count; n++)
            values.Add(searcher.Propose(n, History(values, searcher.BarrierOf(n), metric, change)).Values);
        return values;
    }

    /// <summary>The same where what a configuration gave depends on its values.</summary>
    public static List<ParameterAssignment> Of(
        ISearcher searcher, int count, Func<ParameterAssignment, double> metric,
        Func<ParameterAssignment, ConfigurationScore, ConfigurationScore> change)
    {
        var values = new List<ParameterAssignment>();
        for (var n = 0; n < count; n++)
        {
            var history = History(values, searcher.BarrierOf(n), metric, (i, score) => change(values[i], score));
            values.Add(searcher.Propose(n, history).Values);
        }

        return values;
    }

    /// <param name="scored">The first so many have scores.</param>
    /// <param name="change">Another score for a configuration; null: the metric alone.</param>
    public static List<ProposedConfiguration> History(
        IReadOnlyList<ParameterAssignment> values, int scored, Func<ParameterAssignment, double> metric,
        Func<int, ConfigurationScore, ConfigurationScore>? change = null)
    {
        change ??= (_, score) => score;
        return
        [
            .. values.Select((v, i) => new ProposedConfiguration(
                i, v, i >= scored ? null : change(i, new(metric(v), 0, 0, 1, 1, 100, 0, 0)))),
        ];
    }
}
