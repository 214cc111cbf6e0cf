using System.Diagnostics;
using Sweeps.Core.Searchers;

namespace Sweeps.Bench.Search;

/// <summary>Runs searchers as a sweep does: each proposal sees the scores of the first n - lag.</summary>
internal static class Trials
{
    private const int Warmup = 10;

    /// <summary>The regret after so many evaluations.</summary>
    public static double[] Regrets(Problem problem, SearchMethod method, int seed, int lag, int[] after)
    {
        var searcher = method.CreateSearcher(problem.Space, new(seed, Minimizes: true, lag, Warmup, []));
        var costs = new List<double>();
        var proposed = new List<ProposedConfiguration>();
        var history = new List<ProposedConfiguration>();
        for (var n = 0; n < after[^1]; n++)
            Add(searcher, problem, n, proposed, history, costs);
        return [.. after.Select(count => costs.Take(count).Min() - problem.Least)];
    }

    /// <summary>Seconds of 64 proposals when so many configurations are known; Hartmann's function.</summary>
    public static double Seconds(SearchMethod method, int known)
    {
        var problem = Problem.All.First(p => p.Name == "Hartmann 6");
        var points = SearchMethod.Sobol.CreateSearcher(problem.Space, new(2, Minimizes: true, 1, Warmup, []));
        var searcher = method.CreateSearcher(problem.Space, new(1, Minimizes: true, 1, Warmup, []));
        var history = new List<ProposedConfiguration>();
        for (var n = 0; n < known; n++)
        {
            var values = points.Propose(n, []).Values;
            history.Add(new(n, values, Score(problem.Cost(values))));
        }

        searcher.Propose(known, history);
        var start = Stopwatch.GetTimestamp();
        for (var n = known; n < known + 64; n++)
            history.Add(new(n, searcher.Propose(n, history).Values, null));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Add(
        ISearcher searcher, Problem problem, int n, List<ProposedConfiguration> proposed,
        List<ProposedConfiguration> history, List<double> costs)
    {
        for (var i = Math.Max(0, Math.Min(n - 1, searcher.BarrierOf(n - 1))); i < searcher.BarrierOf(n); i++)
            history[i] = proposed[i];
        var values = searcher.Propose(n, history).Values;
        costs.Add(problem.Cost(values));
        proposed.Add(new(n, values, Score(costs[n])));
        history.Add(new(n, values, null));
    }

    private static ConfigurationScore Score(double value) => new(value, 0, 0, 1, 1, 1, 0, 0);
}
