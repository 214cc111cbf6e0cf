using System.Text.Json;
using Sweeps.Client.Report;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;

namespace Sweeps.Client.Plots;

/// <summary>A picture that a sweep has.</summary>
/// <param name="Name">As the user names it.</param>
/// <param name="About">What it shows, in a line.</param>
/// <param name="Panels">Its charts, side by side.</param>
internal sealed record SweepPicture(string Name, string About, Func<IReadOnlyList<Chart>> Panels)
{
    /// <summary>It shows what the model says of the test set, which takes a while.</summary>
    public bool NeedsTestSet { get; init; }
}

/// <summary>
/// The pictures of a sweep. All numbers are those of its report page, which draws the same charts: both read
/// <see cref="SweepReport"/> and compute nothing but means and the best of what they show.
/// </summary>
internal sealed class SweepCharts
{
    /// <summary>More points than this are slow to draw, and no eye tells them apart.</summary>
    public const int PointsMax = 3000;

    /// <summary>The picture of the metric by training time.</summary>
    public const string Time = "time";

    // More whiskers than this hide each other.
    private const int WhiskersMax = 60;

    // A legend of more names than this is longer than the picture.
    private const int GroupsMax = 12;

    // Of letters above a picture, and of those of the sweep's name at least.
    private const int TitleMax = 56;
    private const int TitleMin = 10;

    private readonly SweepReport _report;
    private readonly List<ReportRow> _ranked;

    private SweepCharts(SweepReport report)
    {
        (_report, Rows) = (report, ReportRow.Of(report));
        _ranked = [.. Rows.Where(row => row.IsRanked)];
    }

    /// <summary>All configurations, best first.</summary>
    public IReadOnlyList<ReportRow> Rows { get; }

    /// <summary>What is optimised, in words.</summary>
    public string Metric => Findings.Words(Text("metric"));

    /// <summary>The metric with what its whiskers are.</summary>
    private string MetricAndSpread => _report.Repetition is { } over
        ? $"{Metric} (mean \u00b1 deviation over {over})" : Metric;

    /// <summary>The metric's axis, with what its whiskers are.</summary>
    public ChartAxis MetricAxis => new(MetricAndSpread) { Most = Most };

    // All metrics that are better where they are larger end with 1: shares of samples, F1, areas below curves, R2.
    private double Most => IsMaximized ? 1 : double.PositiveInfinity;

    /// <summary>Larger is better.</summary>
    public bool IsMaximized => Text("goal") == "maximize";

    /// <summary>The sweep's name before what a picture shows.</summary>
    public string Title(string what) =>
        $"{ShortText.Of(_report.Title, Math.Max(TitleMin, TitleMax - what.Length))}: {what}";

    /// <summary>The pictures that there are, in the order of the page.</summary>
    /// <param name="report">The sweep.</param>
    /// <param name="configuration">Whose learning curves; null: the best one's.</param>
    public static IReadOnlyList<SweepPicture> Of(SweepReport report, int? configuration = null)
    {
        var charts = new SweepCharts(report);
        return
        [
            .. charts.Costs(), .. charts.Schedule(), .. new ParameterCharts(charts, report).All(),
            .. new ModelCharts(charts, report).All(configuration), .. charts.History(),
        ];
    }

    /// <summary>The value that is better.</summary>
    public bool IsBetter(double value, double other) => IsMaximized ? value > other : value < other;

    private string Text(string name) => _report.Results.GetProperty(name).GetString()!;

    private IEnumerable<SweepPicture> Costs()
    {
        if (_ranked.Count == 0)
            yield break;
        var perFold = _report.Results.GetProperty("folds").GetInt32() > 0 ? " a fold" : "";
        var seconds = _report.Costs.Seconds;
        if (_ranked.Exists(row => seconds.GetValueOrDefault(row.Index) > 0))
            yield return new(Time, $"{Metric} against training time, with its front", () =>
            [
                Scatter("training time", $"training time ({_report.Costs.Unit}{perFold})",
                    row => seconds.GetValueOrDefault(row.Index), row => row.OnTimeFront),
            ]);
        yield return new("weights", $"{Metric} against the number of weights, with its front", () =>
        [
            Scatter("weights", "weights", row => row.Weights ?? double.NaN, row =>
                Further().Contains("weights") ? row.OnFront : row.OnWeightsFront),
        ]);
        foreach (var name in Further().Where(name => name != "weights"))
            yield return new(name, $"{Metric} against {Findings.Words(name)}, with the front of all objectives", () =>
            [
                Scatter(Findings.Words(name), Findings.Words(name), row => row.Objective(name), row => row.OnFront),
            ]);
    }

    private IEnumerable<string> Further() =>
        _report.Results.TryGetProperty("objectives", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Skip(1).Select(objective => objective.GetProperty("name").GetString()!)
            : [];

    private Chart Scatter(string by, string unit, Func<ReportRow, double> cost, Func<ReportRow, bool> isOnFront)
    {
        var drawn = _ranked.Where(row => cost(row) > 0).ToList();
        var groups = drawn.Where((row, index) => index < PointsMax || isOnFront(row))
            .GroupBy(row => row.Architecture).ToList();
        var names = ShortText.Apart([.. groups.Select(group => group.Key)]);
        var series = groups.Take(GroupsMax)
            .Select((group, index) => SeriesOf(names[index], [.. group], index)).ToList();
        if (groups.Count > GroupsMax)
            series.Add(SeriesOf(
                $"{groups.Count - GroupsMax} others", [.. groups.Skip(GroupsMax).SelectMany(group => group)],
                GroupsMax));
        var front = drawn.Where(isOnFront).ToList();
        if (front.Count > 0)
            series.Add(new("on the front", [.. front.Select(row => (cost(row), row.Mean))])
            {
                Look = SeriesLook.Rings,
            });
        var steps = StepsOf([.. front.OrderBy(cost)]).Select(row => (cost(row), row.Mean)).ToList();
        if (steps.Count > 1)
            series.Add(new("", steps) { Look = SeriesLook.Steps });
        return new(Title($"{Metric} by {by}"), new(unit) { IsLogarithmic = true }, MetricAxis)
        {
            Series = series,
            Note = drawn.Count > PointsMax ? $"the best {Figures.Count(PointsMax)} are drawn" : null,
        };

        Series SeriesOf(string name, List<ReportRow> list, int style) => new(
            name, [.. list.Select(row => (cost(row), row.Mean))])
        {
            Style = style,
            Spread = list.Count <= WhiskersMax ? SpreadOf(list) : null,
        };
    }

    // Which of these are better than all that cost less: what a line can join.
    private IEnumerable<ReportRow> StepsOf(List<ReportRow> byCost)
    {
        var best = double.NaN;
        foreach (var row in byCost.Where(row => double.IsNaN(best) || IsBetter(row.Mean, best)))
        {
            best = row.Mean;
            yield return row;
        }
    }

    private IEnumerable<SweepPicture> Schedule()
    {
        if (_report.Schedule is { } schedule)
            yield return new(
                "schedule", "who went on in the schedule, and at which budget, a bar for each configuration",
                () => [ScheduleOf(schedule.Course)]);
    }

    private Chart ScheduleOf(ScheduleCourse course)
    {
        var rows = Rows.Where(row => course.Trained.ContainsKey(row.Index))
            .Select(row => (Row: row, Budget: course.Trained[row.Index]))
            .OrderBy(pair => pair.Budget.Group).ThenByDescending(pair => pair.Budget.EpochsInAll)
            .Take(PointsMax).ToList();
        var isNamed = rows.Select(pair => pair.Budget.Group).Distinct().Count() > 1;
        return new(
            Title("who went on"),
            new(course.Folds > 1 ? "epochs trained, of all trials together" : "epochs trained") { FromZero = true },
            new("")
            {
                Names = [.. rows.Select(pair => isNamed
                    ? $"{pair.Row.Index} (group {pair.Budget.Group + 1})" : $"{pair.Row.Index}")],
                IsDownward = true,
            })
        {
            Spans = [.. rows.Select((pair, lane) => new Span(
                lane, 0, pair.Budget.EpochsInAll, pair.Budget.IsStopped ? "stopped" : "trained in full")
                {
                    IsHollow = pair.Budget.IsStopped,
                })],
            Height = Math.Clamp(130 + (16 * rows.Count), 240, 1600),
        };
    }

    /// <summary>Whiskers of some rows; null: none has a spread, as with one hold-out split.</summary>
    public static IReadOnlyList<double>? SpreadOf(IReadOnlyList<ReportRow> rows) =>
        rows.Any(row => row.Deviation > 0)
            ? [.. rows.Select(row => double.IsFinite(row.Deviation) ? row.Deviation : 0)] : null;

    private IEnumerable<SweepPicture> History()
    {
        var order = Rows.Where(row => double.IsFinite(row.Mean)).OrderBy(row => row.Index).ToList();
        if (order.Count == 0)
            yield break;
        yield return new("history", $"{Metric} of each configuration in the order of the search, and the best so far",
            () => [HistoryOf(order)]);
    }

    private Chart HistoryOf(List<ReportRow> order)
    {
        var best = new List<(double, double)>();
        foreach (var row in order.Where(row => row.IsRanked))
        {
            if (best.Count == 0 || IsBetter(row.Mean, best[^1].Item2))
                best.Add((row.Index, row.Mean));
        }

        if (best.Count > 0)
            best.Add((order[^1].Index, best[^1].Item2));
        var series = new List<Series>
        {
            new("all folds trained", [.. order.Where(row => row.IsRanked).Select(Point)]) { Style = 0 },
            new("stopped or incomplete", [.. order.Where(row => !row.IsRanked).Select(Point)])
            {
                Style = 4,
                IsHollow = true,
            },
            new("best so far", best) { Look = SeriesLook.Steps },
        };
        return new(
            Title($"{Metric} in the order of the search"), new("configuration") { IsWhole = true },
            new(Metric) { Most = Most })
        {
            Series = [.. series.Where(each => each.Points.Count > 0)],
        };

        static (double, double) Point(ReportRow row) => (row.Index, row.Mean);
    }
}

/// <summary>A configuration of the report, as <c>results.json</c> has it.</summary>
internal sealed class ReportRow(JsonElement json)
{
    /// <summary>The configuration.</summary>
    public int Index { get; } = json.GetProperty("configuration").GetInt32();

    /// <summary>It can be the best.</summary>
    public bool IsRanked { get; } = Has(json, "rank");

    /// <summary>By the user's name.</summary>
    public string Architecture { get; } = json.GetProperty("architecture").GetString()!;

    /// <summary>Of the metric over folds; NaN: none.</summary>
    public double Mean { get; } = Number(json, "mean");

    /// <summary>Likewise.</summary>
    public double Deviation { get; } = Number(json, "standard_deviation");

    /// <summary>Trainable weights.</summary>
    public long? Weights { get; } = json.TryGetProperty("weights", out var weights) ? weights.GetInt64() : null;

    /// <summary>None is as good and faster.</summary>
    public bool OnTimeFront => Is("on_time_front");

    /// <summary>None is as good and smaller.</summary>
    public bool OnWeightsFront => Is("on_weights_front");

    /// <summary>None beats it in all objectives.</summary>
    public bool OnFront => Is("on_front");

    /// <summary>All rows of a report, best first.</summary>
    public static IReadOnlyList<ReportRow> Of(SweepReport report) =>
        [.. report.Results.GetProperty("configurations").EnumerateArray().Select(row => new ReportRow(row))];

    /// <summary>A further objective's mean; NaN: none.</summary>
    public double Objective(string name) =>
        Has(json, "objectives") && json.GetProperty("objectives").TryGetProperty(name, out var objective)
            ? Number(objective, "mean") : double.NaN;

    /// <summary>A parameter: a number (double) or a name; null: this configuration does not have it.</summary>
    public object? Value(string parameter)
    {
        if (parameter == "architecture")
            return Architecture;
        return !json.GetProperty("parameters").TryGetProperty(parameter, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Number => value.GetDouble(),
            _ => value.ToString(),
        };
    }

    private bool Is(string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static bool Has(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static double Number(JsonElement json, string name) =>
        Has(json, name) ? json.GetProperty(name).GetDouble() : double.NaN;
}

/// <summary>Names that are too long for a picture.</summary>
internal static class ShortText
{
    /// <summary>The longest name beside a chart.</summary>
    public const int NameLength = 28;

    /// <summary>The text on one line, cut to a length.</summary>
    public static string Of(string text, int length = NameLength)
    {
        var line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        if (line.Length <= length)
            return line;
        var cut = char.IsHighSurrogate(line[length - 2]) ? length - 2 : length - 1;
        return line[..cut] + "\u2026";
    }

    /// <summary>Names cut so that no two of them look alike.</summary>
    public static IReadOnlyList<string> Apart(IReadOnlyList<string> names, int length = NameLength)
    {
        var cut = names.Select(name => Of(name, length)).ToList();
        var twice = cut.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
        return [.. cut.Select((name, index) =>
            twice.Contains(name) ? $"{Of(names[index], length - 5)} #{index}" : name)];
    }
}
