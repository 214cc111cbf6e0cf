using Sweeps.Client.Report;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Plots;

/// <summary>What the searched parameters have to do with the metric.</summary>
internal sealed class ParameterCharts(SweepCharts charts, SweepReport report)
{
    // Above these a curve is a cloud, a table of cells is too fine, and a list of bars too long.
    private const int CurveMax = 40;
    private const int CellsMax = 30;
    private const int BarsMax = 30;
    private const int TextsMax = 120;
    private const int GroupsMax = 10;
    private const int ValuesNamed = 8;

    // A grey-safe place among the styles that groups seldom reach.
    private const int PartialStyle = 7;

    // So far below the middle of a bar: beside it, where they are seen.
    private const double BesideBar = 0.42;

    // A range wider than this is shown as a logarithm.
    private const double WideRange = 20;

    // Values of smaller budgets are shown apart: none of them is joined to those of whole trainings.
    private readonly IReadOnlyList<ReportRow> _usable = [.. charts.Rows.Where(row => row.IsRanked)];
    private readonly IReadOnlyList<ReportRow> _partial =
        [.. charts.Rows.Where(row => !row.IsRanked && double.IsFinite(row.Mean))];

    /// <summary>Importance, a picture a parameter, and the heat map of the two most important.</summary>
    public IEnumerable<SweepPicture> All()
    {
        if (report.Importance.Count > 1)
            yield return new("importance", "how much each searched parameter has to do with being among the best",
                () => [Importance()]);
        var names = report.Searched.Prepend("architecture").Distinct()
            .Where(name => _usable.Count > 0 && ValuesOf(name, _usable.Concat(_partial)).Distinct().Skip(1).Any())
            .ToList();
        foreach (var name in names)
            yield return new(
                IsTaken(name) ? $"parameter-{name}" : name,
                $"{charts.Metric} by {Findings.Words(name)}, with its spread",
                () => [Parameter(name)]);
        var order = report.Importance.Select(item => item.Parameter).Where(names.Contains).ToList();
        if (order.Count == 0)
            order = names;
        var pairs = order.SelectMany((first, index) => order.Skip(index + 1).Select(second => (first, second)))
            .Where(pair => HeatMap(pair.first, pair.second) is not null).Take(1);
        foreach (var (first, second) in pairs)
            yield return new(
                "heatmap", $"{charts.Metric} by {Findings.Words(first)} and {Findings.Words(second)}",
                () => [HeatMap(first, second)!]);
        if (names.Count > 1 && charts.Rows.Count(row => row.IsRanked) > 1)
            yield return new(
                "parallel", $"all parameters and {charts.Metric} side by side, a line for each configuration",
                () => [new ParallelChart(charts, _usable).Of([.. names.Select(name =>
                    (name, IsNumeric(name), IsNumeric(name) && AxisOf(name).IsLogarithmic))])]);
    }

    // A size of a network may be named by the user as a picture is named here.
    private static bool IsTaken(string name) => name is "time" or "weights" or "importance" or "heatmap" or "parallel"
        or "curves" or "schedule" or "confusion" or "roc" or "predicted" or "timeline" or "history" or "all"
        or "multiply_adds";

    private static IEnumerable<object> ValuesOf(string name, IEnumerable<ReportRow> rows) =>
        rows.Select(row => row.Value(name)).OfType<object>();

    /// <summary>A parameter's value in words.</summary>
    public static string Shown(object value) =>
        value is double number ? Figures.Parameter(number) : value.ToString() ?? "";

    private bool IsNumeric(string name) => ValuesOf(name, charts.Rows).All(value => value is double);

    private ChartAxis AxisOf(string name)
    {
        var values = ValuesOf(name, charts.Rows).Cast<double>().Distinct().Order().ToList();
        return new(Findings.Words(name))
        {
            IsLogarithmic = values[0] > 0 && values[^1] / values[0] > WideRange,
            Values = values.Count <= ValuesNamed ? values : null,
        };
    }

    private ReportRow BestOf(IEnumerable<ReportRow> rows) =>
        rows.Aggregate((best, row) => charts.IsBetter(row.Mean, best.Mean) ? row : best);

    private Chart Importance() => new(
        charts.Title("importance of parameters"),
        new("share of the importance") { IsShare = true, FromZero = true },
        new("")
        {
            Names = ShortText.Apart([.. report.Importance.Select(item => Findings.Words(item.Parameter))]),
            IsDownward = true,
        })
    {
        Bars = [.. report.Importance.Select(item => new Bar(item.Share, double.NaN, $"{100 * item.Share:0} %")
        {
            Whisker = (item.Low, item.High),
        })],
        Note = $"of {Figures.Count(report.Compared.Configurations)} configurations trained in full; whiskers: 95 % of "
            + "samples of them drawn anew",
        Height = Height(report.Importance.Count),
    };

    private static int Height(int bars) => Math.Max(240, 110 + (28 * bars));

    private Chart Parameter(string name) => IsNumeric(name) ? Curves(name) : Names(name);

    private Chart Names(string name)
    {
        var usable = _usable.Where(row => row.Value(name) is not null);
        var all = usable.GroupBy(row => Shown(row.Value(name)!)).Select(same => (same.Key, Row: BestOf(same)))
            .OrderBy(bar => charts.IsMaximized ? -bar.Row.Mean : bar.Row.Mean)
            .ToList();
        var drawn = all.Take(BarsMax).ToList();
        // Values of which nothing was trained in full have points alone, below the others.
        List<string> lanes = [.. drawn.Select(bar => bar.Key)];
        lanes.AddRange(ValuesOf(name, _partial).Select(Shown).Except(all.Select(bar => bar.Key))
            .Take(BarsMax - lanes.Count));
        var partial = Partial(_partial.Where(row => row.Value(name) is not null)
            .Select(row => (row.Mean, Lane: (double)lanes.IndexOf(Shown(row.Value(name)!))))
            .Where(point => point.Lane >= 0).Select(point => (point.Mean, point.Lane + BesideBar)));
        return new(
            charts.Title($"{charts.Metric} by {Findings.Words(name)}"),
            charts.MetricAxis with { FromZero = true },
            new(Findings.Words(name)) { Names = ShortText.Apart(lanes), IsDownward = true })
        {
            Bars = [.. drawn.Select(bar => new Bar(bar.Row.Mean, bar.Row.Deviation, Figures.Metric(bar.Row.Mean)))],
            Series = partial,
            Height = Height(lanes.Count),
            Note = all.Count > drawn.Count ? $"the best {drawn.Count} of {all.Count} are drawn" : null,
        };
    }

    // Of what was not trained in full, hollow and joined by nothing; empty: all was.
    private static IReadOnlyList<Series> Partial(IEnumerable<(double X, double Y)> points)
    {
        var series = new Series("not trained in full", [.. points.Take(SweepCharts.PointsMax)])
        {
            Style = PartialStyle,
            IsHollow = true,
        };
        return series.Points.Count > 0 ? [series] : [];
    }

    private Chart Curves(string name)
    {
        var groups = _usable.Where(row => row.Value(name) is not null).GroupBy(row => row.Architecture).ToList();
        var names = ShortText.Apart([.. groups.Select(group => group.Key)]);
        var series = groups.Take(GroupsMax).Select((group, index) =>
        {
            var points = group.GroupBy(row => (double)row.Value(name)!)
                .Select(same => (Value: same.Key, Row: BestOf(same))).OrderBy(point => point.Value).ToList();
            var isCloud = points.Count > CurveMax;
            return new Series(
                groups.Count > 1 ? names[index] : "", [.. points.Select(point => (point.Value, point.Row.Mean))])
            {
                Style = index,
                Look = isCloud ? SeriesLook.Points : SeriesLook.PointsAndLines,
                Spread = isCloud ? null : SweepCharts.SpreadOf([.. points.Select(point => point.Row)]),
            };
        });
        var partial = Partial(_partial.Where(row => row.Value(name) is double)
            .Select(row => ((double)row.Value(name)!, row.Mean)));
        return new(
            charts.Title($"{charts.Metric} by {Findings.Words(name)}"), AxisOf(name), charts.MetricAxis)
        {
            Series = [.. partial, .. series],
            Note = groups.Count > GroupsMax ? $"{GroupsMax} of {groups.Count} architectures are drawn" : null,
        };
    }

    private Chart? HeatMap(string first, string second)
    {
        var usable = _usable.Where(row => row.Value(first) is not null && row.Value(second) is not null).ToList();
        var (across, up) = (Sorted(first, usable), Sorted(second, usable));
        if (across.Count < 2 || up.Count < 2)
            return null;
        var (low, high) = (usable.Min(row => row.Mean), usable.Max(row => row.Mean));
        var chart = new Chart(
            charts.Title($"{charts.Metric} by {Findings.Words(first)} and {Findings.Words(second)}"),
            new(Findings.Words(first)), new(Findings.Words(second)))
        {
            Scale = new(charts.Metric, low, high, IsReversed: !charts.IsMaximized),
            Height = 520,
        };
        return across.Count > CellsMax || up.Count > CellsMax
            ? Cloud(chart, (first, across), (second, up), usable)
            : Cells(chart, (first, across), (second, up), usable);
    }

    private Chart Cells(
        Chart chart, (string Name, List<object> Values) across, (string Name, List<object> Values) up,
        List<ReportRow> usable)
    {
        var isRead = across.Values.Count * up.Values.Count <= TextsMax;
        var cells = usable
            .GroupBy(row => (
                Column: across.Values.IndexOf(row.Value(across.Name)!), Row: up.Values.IndexOf(row.Value(up.Name)!)))
            .Select(same => (same.Key, BestOf(same).Mean))
            .Select(cell => new Cell(
                cell.Key.Column, cell.Key.Row, cell.Mean, isRead ? Figures.Metric(cell.Mean) : ""));
        return chart with
        {
            Across = chart.Across with { Names = ShortText.Apart([.. across.Values.Select(Shown)]) },
            Up = chart.Up with { Names = ShortText.Apart([.. up.Values.Select(Shown)]) },
            Cells = [.. cells],
        };
    }

    private Chart Cloud(
        Chart chart, (string Name, List<object> Values) across, (string Name, List<object> Values) up,
        List<ReportRow> usable) => chart with
        {
            Across = PlaceAxis(across),
            Up = PlaceAxis(up),
            Series =
            [
                new("", [.. usable.Select(row => (Place(across, row), Place(up, row)))])
                {
                    Values = [.. usable.Select(row => row.Mean)],
                },
            ],
        };

    private ChartAxis PlaceAxis((string Name, List<object> Values) axis) => IsNumeric(axis.Name)
        ? AxisOf(axis.Name)
        : new(Findings.Words(axis.Name)) { Names = ShortText.Apart([.. axis.Values.Select(Shown)]) };

    private static double Place((string Name, List<object> Values) axis, ReportRow row) =>
        row.Value(axis.Name) is double number ? number : axis.Values.IndexOf(row.Value(axis.Name)!);

    private static List<object> Sorted(string name, IEnumerable<ReportRow> rows) =>
    [
        .. ValuesOf(name, rows).Distinct().OrderBy(value => value as double? ?? 0)
            .ThenBy(value => value as string, NaturalOrder.ByName),
    ];
}
