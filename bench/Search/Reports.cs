using Sweeps.Core.Searchers;

namespace Sweeps.Bench.Search;

/// <summary>Regrets on functions, and seconds of proposals.</summary>
internal static class RegretReport
{
    private static readonly int[] s_after = [50, 100, 200];

    /// <summary>Measures and writes.</summary>
    /// <param name="asked">Names of methods and of functions; of one kind none: all but the grid.</param>
    public static void Write(int seeds, int lag, IReadOnlyList<string> asked)
    {
        var names = asked.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var methods = Asked(Enum.GetValues<SearchMethod>().Where(m => m != SearchMethod.Grid), NameOf, names);
        var problems = Asked(Problem.All, problem => problem.Name, names);
        if (names.Count > 0)
            throw new ArgumentException($"No method or function is named {string.Join(", ", names)}.", nameof(asked));
        Console.WriteLine($"median regret over {seeds} seeds, lag {lag}");
        Console.WriteLine($"| function | method | {string.Join(" | ", s_after)} |");
        Console.WriteLine($"| --- | --- |{string.Concat(s_after.Select(_ => " ---: |"))}");
        foreach (var problem in problems)
        {
            foreach (var method in methods)
            {
                var regrets = new double[seeds][];
                Parallel.For(0, seeds, new() { MaxDegreeOfParallelism = 2 }, seed =>
                    regrets[seed] = Trials.Regrets(problem, method, seed + 1, lag, s_after));
                var medians = s_after.Select((_, i) => Median(regrets.Select(r => r[i])));
                Console.WriteLine($"| {problem.Name} | {NameOf(method)} | "
                    + $"{string.Join(" | ", medians.Select(m => m.ToString("G3")))} |");
            }
        }

        Console.WriteLine();
        Console.WriteLine("| known | method | 64 proposals, s |");
        Console.WriteLine("| ---: | --- | ---: |");
        foreach (var known in new[] { 1_000, 10_000 })
        {
            foreach (var method in methods.Where(m => m.Learns()))
                Console.WriteLine($"| {known} | {NameOf(method)} | {Trials.Seconds(method, known):0.000} |");
        }
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>What is named, whose names are taken out; all, where nothing is.</summary>
    private static List<T> Asked<T>(IEnumerable<T> all, Func<T, string> nameOf, HashSet<string> names)
    {
        var named = all.Where(item => names.Remove(nameOf(item))).ToList();
        return named.Count > 0 ? named : [.. all];
    }

    private static string NameOf(SearchMethod method) => method.ToString().ToLowerInvariant();
}

/// <summary>
/// How much of the table's trainings a sweep needs until a configuration, trained to its end, is within one standard
/// error of the grid's best; and until it is one of the best three.
/// </summary>
internal static class TableReport
{
    private static readonly string[] s_all =
    [
        "random", "sobol", "tpe", "bayes", "cmaes", "random+hyperband", "tpe+hyperband", "bayes+hyperband",
        "cmaes+hyperband",
    ];

    /// <summary>Measures and writes.</summary>
    /// <param name="asked">Methods with their schedule; none: all.</param>
    public static void Write(MeasuredTable table, int seeds, IReadOnlyList<string> asked)
    {
        double[] wanted = [table.NearBest, table.Means[2]];
        Console.WriteLine(
            $"{table.Means.Count} configurations, {table.AllEpochs} epochs; the best has {table.Means[0]:0.0000}, and "
            + $"{table.Means.Count(mean => mean >= wanted[0] - MeasuredTable.Rounding)} at least {wanted[0]:0.0000}; "
            + $"the third has {wanted[1]:0.0000}; {seeds} seeds");
        Console.WriteLine("median share of the grid's epochs, and its quartiles");
        Console.WriteLine("| search | near the best | one of the best three |");
        Console.WriteLine("| --- | ---: | ---: |");
        foreach (var search in asked.Count > 0 ? asked : s_all)
        {
            var found = new long?[seeds][];
            Parallel.For(0, seeds, new() { MaxDegreeOfParallelism = 2 }, seed =>
                found[seed] = TableSweep.EpochsUntil(table, OverridesOf(search, seed + 1, table), wanted));
            var cells = wanted.Select((_, i) => Text([.. found.Select(at =>
                at[i] / (double)table.AllEpochs ?? double.PositiveInfinity).Order()]));
            Console.WriteLine($"| {search} | {string.Join(" | ", cells)} |");
        }
    }

    private static string Text(double[] sorted)
    {
        var ends = $"{RegretReport.Median(sorted):P1} ({sorted[(sorted.Length - 1) / 4]:P1} to "
            + $"{sorted[sorted.Length * 3 / 4]:P1})";
        var without = sorted.Count(double.IsInfinity);
        return without == 0 ? ends : $"{ends}, {without} without";
    }

    private static List<string> OverridesOf(string search, int seed, MeasuredTable table)
    {
        var (method, schedule) = search.Split('+') is [var name, var stops] ? (name, stops) : (search, null);
        List<string> overrides = [$"method={method}", $"seed={seed}", $"run_cap={table.Means.Count}"];
        if (schedule is null)
            return overrides;
        var (kind, over) = schedule.Split('/') is [var brackets, var budget] ? (brackets, budget) : (schedule, "both");
        overrides.Add($"schedule={{method: {kind}, over: {over}, eta: 3}}");
        return overrides;
    }
}
