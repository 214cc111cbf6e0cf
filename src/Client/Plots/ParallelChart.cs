using Sweeps.Client.Report;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Plots;

/// <summary>
/// Parallel coordinates: an axis for each parameter and one for the metric, side by side, and a line through them for
/// each configuration. The better one is, the lighter and the thicker is its line, so that grey print tells it too.
/// </summary>
internal sealed class ParallelChart(SweepCharts charts, IReadOnlyList<ReportRow> usable)
{
    /// <summary>More lines than this are one grey band.</summary>
    public const int LinesMax = 1000;

    private const string None = "(none)";
    private const int NumbersMost = 6;
    private const int NamesMost = 20;
    private const int NameLength = 16;

    /// <summary>The picture.</summary>
    /// <param name="parameters">At least two, each with its axis.</param>
    public Chart Of(IReadOnlyList<(string Name, bool IsNumeric, bool IsLogarithmic)> parameters)
    {
        var rows = usable.Take(LinesMax).ToList();
        var axes = parameters.Select(parameter => AxisOf(parameter.Name, parameter.IsNumeric,
            parameter.IsLogarithmic, rows)).ToList();
        var (low, high) = (rows.Min(row => row.Mean), rows.Max(row => row.Mean));
        axes.Add(new([.. rows.Select(row => Share(row.Mean, low, high))],
            [.. ((double[])[low, (low + high) / 2, high]).Distinct()
                .Select(value => (Share(value, low, high), Figures.Metric(value)))]));
        var names = parameters.Select(parameter => Findings.Words(parameter.Name)).Append(charts.Metric);
        return new(
            charts.Title($"{charts.Metric} by all parameters"),
            new("") { Names = ShortText.Apart([.. names]) },
            new("") { Range = (-0.04, 1.04), IsBare = true })
        {
            Lines =
            [
                .. rows.Select((row, index) => new CrossLine([.. axes.Select(axis => axis.Heights[index])], row.Mean))
                    .OrderBy(line => charts.IsMaximized ? line.Value : -line.Value),
            ],
            Marks =
            [
                .. axes.SelectMany((axis, place) => axis.Marks.Select(mark => new CrossMark(
                    place, mark.Height, mark.Text))),
            ],
            Scale = new(charts.Metric, low, high, IsReversed: !charts.IsMaximized),
            Height = 420,
            Width = Math.Max(720, 150 * axes.Count),
            Note = usable.Count > LinesMax ? $"the best {Figures.Count(LinesMax)} are drawn" : null,
        };
    }

    private static Axis AxisOf(string name, bool isNumeric, bool isLogarithmic, List<ReportRow> rows)
    {
        var values = rows.Select(row => row.Value(name)).ToList();
        // What some configurations lack has a place of its own, which a number cannot have.
        if (!isNumeric || values.Contains(null))
            return OfNames([.. values.Select(value => value is null ? None : ParameterCharts.Shown(value))]);
        double Place(double value) => isLogarithmic ? Math.Log10(value) : value;
        var numbers = values.Cast<double>().ToList();
        var (low, high) = (Place(numbers.Min()), Place(numbers.Max()));
        var ticks = numbers.Distinct().Order().ToList();
        var step = (ticks.Count + NumbersMost - 1) / NumbersMost;
        var named = ticks.Where((_, index) => index % step == 0 || index == ticks.Count - 1);
        return new(
            [.. numbers.Select(value => Share(Place(value), low, high))],
            [.. named.Select(value => (Share(Place(value), low, high), Figures.Parameter(value)))]);
    }

    private static Axis OfNames(List<string> values)
    {
        var names = values.Distinct().Order(NaturalOrder.ByName).ToList();
        double Height(int place) => names.Count > 1 ? (double)place / (names.Count - 1) : 0.5;
        var texts = ShortText.Apart(names, NameLength);
        return new(
            [.. values.Select(value => Height(names.IndexOf(value)))],
            names.Count > NamesMost ? [] : [.. texts.Select((text, place) => (Height(place), text))]);
    }

    private static double Share(double value, double low, double high) =>
        high > low ? (value - low) / (high - low) : 0.5;

    private sealed record Axis(IReadOnlyList<double> Heights, IReadOnlyList<(double Height, string Text)> Marks);
}
