using System.Globalization;
using Sweeps.Bench.Search;
using Sweeps.Core.Searchers;

// Measures searchers on functions whose least value is known: the median over seeds of the regret (the least value
// found so far, above the least there is), and how long proposals take.
//   dotnet run -c Release --project bench/Search -- [SEEDS, default 20] [LAG, default 4] [METHOD...]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seeds = args.Length > 0 ? int.Parse(args[0]) : 20;
var lag = args.Length > 1 ? int.Parse(args[1]) : 4;
var methods = Enum.GetValues<SearchMethod>()
    .Where(m => m != SearchMethod.Grid && (args.Length < 3 || args.Skip(2).Contains(m.ToString().ToLowerInvariant())))
    .ToList();
int[] after = [50, 100, 200];

Console.WriteLine($"median regret over {seeds} seeds, lag {lag}");
Console.WriteLine($"| function | method | {string.Join(" | ", after)} |");
Console.WriteLine($"| --- | --- |{string.Concat(after.Select(_ => " ---: |"))}");
foreach (var problem in Problem.All)
{
    foreach (var method in methods)
    {
        var regrets = new double[seeds][];
        Parallel.For(0, seeds, new() { MaxDegreeOfParallelism = 2 }, seed =>
            regrets[seed] = Trials.Regrets(problem, method, seed + 1, lag, after));
        var medians = after.Select((_, i) => Median(regrets.Select(r => r[i])));
        Console.WriteLine($"| {problem.Name} | {method.ToString().ToLowerInvariant()} | "
            + $"{string.Join(" | ", medians.Select(m => m.ToString("G3")))} |");
    }
}

Console.WriteLine();
Console.WriteLine("| known | method | 64 proposals, s |");
Console.WriteLine("| ---: | --- | ---: |");
foreach (var known in new[] { 1_000, 10_000 })
{
    foreach (var method in methods.Where(m => m.Learns()))
    {
        var seconds = Trials.Seconds(method, known);
        Console.WriteLine($"| {known} | {method.ToString().ToLowerInvariant()} | {seconds:0.000} |");
    }
}

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToList();
    return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
