using System.Globalization;
using Spectre.Console;
using Sweeps.Client.Report;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Searchers;

namespace Sweeps.Client.Sweep.Show;

/// <summary>
/// The part of a report that weighs one thing against another: the metric by training time, and of several objectives
/// their front as a table, and the first objective by each of the others, in which the front is marked.
/// </summary>
internal sealed class FrontPage(SweepPlan plan, ArchitectureNames names, IAnsiConsole console)
{
    private const int RowsShown = 30;

    /// <summary>Points of the front are drawn over the others, the chosen one over them.</summary>
    private const char Chosen = '*', OnFront = 'o', Behind = '.';

    /// <summary>Nothing where there is one objective, or nothing to compare.</summary>
    public void Write(IReadOnlyList<LeaderboardRow> rows)
    {
        var front = rows.Where(row => row.OnFront).ToList();
        if (front.Count == 0)
            return;
        WriteTable(front, rows);
        WritePlots([.. rows.Where(row => row.Rank is not null)]);
    }

    /// <summary>The metric by training time, or why there is none.</summary>
    public void WriteTimes(IReadOnlyList<LeaderboardRow> rows)
    {
        var ranked = rows.Where(row => row.Rank is not null).ToList();
        List<FoldTimes> times = [.. ranked.Select(row => row.Times)];
        if (FoldTimes.WhyNotComparable(times) is { } why)
        {
            console.WriteLine($"No {plan.Metric.Name} by training time, and no front of it: {why}.");
            return;
        }

        var unit = FoldTimes.AreReference(times) ? "reference seconds" : "processor seconds";
        var costs = FoldTimes.Comparable(times);
        var title = $"{plan.Metric.Name} by training time{(plan.Folds > 0 ? " per fold" : "")}, in {unit}"
            + string.Create(
                CultureInfo.InvariantCulture,
                $" (f: within {100 * FoldTimes.MarginOf(times):0} % or two standard errors as fast)");
        var plot = new TextPlot(title, unit, plan.Metric.Name)
        {
            IsLogarithmic = true,
        };
        var groups = new OrderedDictionary<string, List<(double X, double Y)>>(StringComparer.Ordinal);
        foreach (var (place, row) in ranked.Index())
        {
            if (!groups.TryGetValue(row.Hyperparameters.Architecture, out var points))
                groups.Add(row.Hyperparameters.Architecture, points = []);
            points.Add((costs[place].Cost, row.Score.Mean));
        }

        foreach (var ((architecture, points), mark) in groups.Zip(SweepPage.Marks))
            plot.Add(mark, names.Of(architecture), points);
        console.WriteLine(plot.Draw());
    }

    /// <summary>A value of an objective for people.</summary>
    public static string Text(SweepMetric metric, double value) =>
        metric.IsCost && double.IsFinite(value) ? Figures.Count(value) : Figures.Metric(value);

    /// <summary><c>multiply-adds</c>, <c>validation accuracy</c>.</summary>
    public static string Title(SweepMetric metric) => Findings.Words(metric.Name);

    private void WriteTable(List<LeaderboardRow> front, IReadOnlyList<LeaderboardRow> rows)
    {
        // Of all rows: that the whole front has one value of a parameter is worth a column.
        var searched = SearchedParameters.Of(rows);
        var metrics = plan.AllObjectives();
        var table = Screen.Table(
        [
            ("rank", true), ("architecture", false), .. searched.Select(name => (name.Replace('_', ' '), true)),
            .. metrics.SelectMany(metric => metric.IsCost
                ? ((string, bool)[])[(Title(metric), true)]
                : [(MetricText.Short(metric.Name), true), ("+-", true)]),
            ("", false),
        ]).Optional(["+-", .. SearchedParameters.LastFirst(searched, rows).Select(name => name.Replace('_', ' '))]);
        foreach (var row in front.Take(RowsShown))
        {
            string[] cells =
            [
                $"{row.Rank}", names.Of(row.Hyperparameters),
                .. searched.Select(name => SearchedParameters.Text(row.Hyperparameters, name)),
                .. metrics.Zip(ScoresOf(row)).SelectMany(pair => pair.First.IsCost
                    ? (string[])[Text(pair.First, pair.Second.Mean)]
                    : [Text(pair.First, pair.Second.Mean), Figures.Metric(pair.Second.Deviation)]),
                row.IsChosen ? "chosen" : "",
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        console.WriteLine($"front of {string.Join(", ", metrics.Select(Title))}: {Figures.Count(front.Count)} of "
            + Figures.Count(rows.Count(row => row.Rank is not null), "configuration")
            + (rows.Any(row => row.StoppedAt is not null) ? " trained in full" : ""));
        table.HasSpaceAbove = false;
        console.Write(table);
        if (front.Count > RowsShown)
            console.WriteLine($"  and {front.Count - RowsShown} more on the front, in results.csv");
    }

    private void WritePlots(List<LeaderboardRow> ranked)
    {
        foreach (var (index, metric) in plan.Objectives!.Further.Index())
        {
            var values = ranked.ConvertAll(row => row.Score.Further![index].Mean);
            var plot = new TextPlot($"{Title(plan.Metric)} by {Title(metric)}", Title(metric), Title(plan.Metric))
            {
                IsLogarithmic = metric.IsCost && values.TrueForAll(value => value > 0),
            };
            plot.Add(Chosen, "chosen", Points(row => row.IsChosen));
            plot.Add(OnFront, "on the front", Points(row => row.OnFront && !row.IsChosen));
            plot.Add(Behind, "behind it", Points(row => !row.OnFront && !row.IsChosen));
            console.WriteLine(plot.Draw());

            IEnumerable<(double X, double Y)> Points(Func<LeaderboardRow, bool> which) =>
                ranked.Zip(values, (row, value) => (Row: row, X: value)).Where(point => which(point.Row))
                    .Select(point => (point.X, point.Row.Score.Mean));
        }
    }

    private static IEnumerable<ObjectiveScore> ScoresOf(LeaderboardRow row) =>
        [new(row.Score.Mean, row.Score.Deviation, row.Score.StandardError), .. row.Score.Further!];
}
