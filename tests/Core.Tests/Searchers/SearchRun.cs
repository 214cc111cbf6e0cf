using Sweeps.Core.Searchers;
using Sweeps.Core.Space;

namespace Sweeps.Core.Tests.Searchers;

/// <summary>Runs a searcher on a function as a sweep does: in order, with the scores before the barrier.</summary>
internal static class SearchRun
{
    public static List<ParameterAssignment> Of(
        ISearcher searcher, int count, Func<ParameterAssignment, double> metric, Func<int, bool>? fails = null)
    {
        var values = new List<ParameterAssignment>();
        for (var n = 0; n < count; n++)
            values.Add(searcher.Propose(n, History(values, searcher.BarrierOf(n), metric, fails)).Values);
        return values;
    }

    public static List<ProposedConfiguration> History(
        IReadOnlyList<ParameterAssignment> values, int scored, Func<ParameterAssignment, double> metric,
        Func<int, bool>? fails = null) =>
        [.. values.Select((v, i) => new ProposedConfiguration(
            i, v, i >= scored ? null : Score(metric(v), fails?.Invoke(i) == true)))];

    private static ConfigurationScore Score(double mean, bool fails) =>
        new(fails ? double.NaN : mean, 0, 0, 1, 1, 100, 0, fails ? 1 : 0);
}
