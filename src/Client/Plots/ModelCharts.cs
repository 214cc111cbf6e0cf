using System.Text.Json;
using Sweeps.Client.Report;
using Sweeps.Client.Terminal;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Plots;

/// <summary>How trainings went, what the model says of the test set, and who trained when.</summary>
internal sealed class ModelCharts(SweepCharts charts, SweepReport report)
{
    private const int CountsMax = 20;
    private const int CurvesMax = 20;
    private const int LanesHeight = 24;
    private const double WideRange = 20;

    // Only the corner of a ROC picture says something where all curves are as good as this.
    private static readonly double[] s_corners = [0.001, 0.01];

    private bool HasConfusion => report.Results.TryGetProperty("confusion", out var matrix)
        && matrix.ValueKind == JsonValueKind.Array;

    private bool HasLabels => report.Results.TryGetProperty("labels", out var labels)
        && labels.ValueKind == JsonValueKind.Array;

    /// <summary>The pictures that there are.</summary>
    /// <param name="configuration">Whose learning curves; null: the best one's.</param>
    public IEnumerable<SweepPicture> All(int? configuration)
    {
        var curves = report.Curves.Where(each => configuration is null || each.Configuration == configuration);
        foreach (var best in curves.Take(1))
            yield return new("curves", "loss and " + Quality + " of all folds by epoch, with the point of overfitting: "
                + ShortText.Of(best.Name, 60), () => Learning(best));
        if (HasConfusion)
            yield return new("confusion", "the confusion matrix on the test set", () => [Confusion()]);
        if (report.Model is { } model && !report.IsRegression && (HasConfusion || HasLabels))
            yield return new(
                "roc", HasLabels ? "ROC curves on the test set, one a label"
                    : "ROC curves on the test set, each class against all others", () => [Roc(model)])
            {
                NeedsTestSet = true,
            };
        else if (report.Model is { } regression && report.IsRegression)
            yield return new(
                "predicted", "predicted against true values of the test set", () => Predicted(regression))
            {
                NeedsTestSet = true,
            };
        if (report.Timeline.Bars.Count > 0)
            yield return new("timeline", report.Timeline.Together > 1
                ? "who trained what when, a line for each trial side by side" : "which slot trained what when",
                () => [Timeline()]);
    }

    private string Quality => report.IsRegression ? "mean absolute error" : "accuracy";

    private IReadOnlyList<Chart> Learning(LearningCurves curves)
    {
        var title = charts.Title($"configuration {curves.Configuration}");
        var courses = curves.Trials;
        return
        [
            CurvesOf(title, "loss", courses, each => each.TrainLoss, each => each.ValidationLoss, curves.LowestEpoch),
            CurvesOf(
                ShortText.Of(curves.Name, 56), Quality, courses, each => each.TrainMetric,
                each => each.ValidationMetric, curves.LowestEpoch),
        ];
    }

    /// <summary>The history of one training: its loss and its metric by epoch.</summary>
    public static IReadOnlyList<Chart> HistoryOf(
        string title, IReadOnlyList<EpochReport> epochs, TaskKind task)
    {
        var course = new LearningCurves.Course(
            "", [.. epochs.Select(epoch => epoch.TrainLoss)], [.. epochs.Select(epoch => epoch.ValidationLoss)],
            [.. epochs.Select(epoch => epoch.TrainMetric)], [.. epochs.Select(epoch => epoch.ValidationMetric)]);
        var held = course.ValidationLoss.Where(double.IsFinite).ToList();
        var lowest = held.Count > 0 ? course.ValidationLoss.ToList().IndexOf(held.Min()) + 1 : 0;
        return
        [
            CurvesOf(title, "loss", [course], each => each.TrainLoss, each => each.ValidationLoss, lowest),
            CurvesOf("", task.FullQuality(), [course], each => each.TrainMetric, each => each.ValidationMetric, lowest),
        ];
    }

    private static Chart CurvesOf(
        string title, string what, IReadOnlyList<LearningCurves.Course> courses,
        Func<LearningCurves.Course, IReadOnlyList<double>> training,
        Func<LearningCurves.Course, IReadOnlyList<double>> validation, int lowest)
    {
        var list = new List<Series>();
        foreach (var (name, style, values) in ((string, int, Func<LearningCurves.Course, IReadOnlyList<double>>)[])
            [("training", 1, training), ("validation", 0, validation)])
        {
            var lines = courses.Select(values).Where(line => line.Any(double.IsFinite)).ToList();
            if (lines.Count == 0)
                continue;
            if (lines.Count > 1)
                list.AddRange(lines.Select(line => new Series("", Numbered(line))
                {
                    Style = style,
                    Look = SeriesLook.PaleLine,
                }));
            var mean = MeanOf(lines);
            list.Add(new(lines.Count > 1 ? $"{name} (mean)" : name, Numbered(mean))
            {
                Style = style,
                Look = mean.Count < 3 ? SeriesLook.PointsAndLines : SeriesLook.Line,
            });
        }

        var finite = list.SelectMany(series => series.Points).Select(point => point.Y).Where(double.IsFinite).ToList();
        return new(title, new("epoch") { IsWhole = true }, new(what)
        {
            IsLogarithmic = what == "loss" && finite.Count > 0 && finite.Min() > 0
                && finite.Max() / finite.Min() > WideRange,
            Most = what.Contains("accuracy", StringComparison.Ordinal) ? 1 : double.PositiveInfinity,
        })
        {
            Series = list,
            Mark = lowest > 0 ? (lowest, "lowest validation loss") : null,
        };
    }

    /// <summary>Over all lines, where all have a number.</summary>
    private static IReadOnlyList<double> MeanOf(List<IReadOnlyList<double>> lines) =>
        [.. Enumerable.Range(0, lines.Max(line => line.Count)).Select(epoch =>
            lines.TrueForAll(line => epoch < line.Count && double.IsFinite(line[epoch]))
                ? lines.Average(line => line[epoch]) : double.NaN)];

    private static IReadOnlyList<(double, double)> Numbered(IReadOnlyList<double> values) =>
        [.. values.Select((value, index) => (index + 1.0, value))];

    private Chart Confusion()
    {
        var matrix = report.Results.GetProperty("confusion").EnumerateArray()
            .Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToList()).ToList();
        var names = report.Results.TryGetProperty("classes", out var classes)
            && classes.ValueKind == JsonValueKind.Array && classes.GetArrayLength() == matrix.Count
                ? classes.EnumerateArray().Select(name => name.GetString()!).ToList()
                : [.. matrix.Select((_, index) => $"#{index}")];
        IReadOnlyList<string> shown = ShortText.Apart(names, 18);
        var isRead = matrix.Count <= CountsMax;
        return new(charts.Title("confusion matrix"), new("predicted class") { Names = shown },
            new("true class") { Names = shown, IsDownward = true })
        {
            Cells = [.. matrix.SelectMany((row, place) => row.Select((count, column) => new Cell(
                column, place, (double)count / Math.Max(1, row.Sum()),
                isRead ? count.ToString(System.Globalization.CultureInfo.InvariantCulture) : "")))],
            Scale = new("share of the true class", 0, 1, IsBlue: true),
            Height = 600,
        };
    }

    private Chart Roc(ModelPart model)
    {
        var names = ShortText.Apart([.. model.RocCurves.Select(curve => curve.Class)], 18);
        var isCorner = Array.Exists(
            s_corners, limit => model.RocCurves.All(curve => curve.Area > 1 - (limit * 5)));
        var curves = model.RocCurves.Take(CurvesMax).Select((curve, index) => new Series(
            $"{names[index]} {Figures.Metric(curve.Area)}",
            [.. curve.FalsePositives.Zip(curve.TruePositives)])
        {
            Style = index,
            Look = SeriesLook.Line,
        });
        return new(
            charts.Title(
                $"ROC curves ({(HasLabels ? "label" : "class")} and AUC){(isCorner ? ", upper left corner" : "")}"),
            new("false positive rate") { Range = isCorner ? (-0.005, 0.2) : (-0.02, 1.02) },
            new("true positive rate") { Range = isCorner ? (0.79, 1.005) : (-0.02, 1.02) })
        {
            Series = [.. curves, new("a guess", [(0, 0), (1, 1)]) { Look = SeriesLook.Reference }],
            Height = 560,
            Note = model.RocCurves.Count > CurvesMax
                ? $"the first {CurvesMax} of {model.RocCurves.Count} are drawn" : null,
        };
    }

    private IReadOnlyList<Chart> Predicted(ModelPart model) =>
        [.. Enumerable.Range(0, Math.Max(1, model.Targets.Count)).Select(target => Predicted(model, target))];

    private Chart Predicted(ModelPart model, int target)
    {
        var points = model.Predicted.Select(pair => (pair[2 * target], pair[(2 * target) + 1])).ToList();
        var of = model.Targets.Count > 0 ? $" of {ShortText.Of(model.Targets[target], 40)}" : "";
        var (low, high) = (points.Min(point => point.Item1), points.Max(point => point.Item1));
        return new(charts.Title("predicted by true value" + of), new("true value" + of), new("predicted value" + of))
        {
            Series =
            [
                new("test samples", points),
                new("exact", [(low, low), (high, high)]) { Look = SeriesLook.Reference },
            ],
        };
    }

    private Chart Timeline()
    {
        var timeline = report.Timeline;
        return new(
            charts.Title(timeline.Together > 1 ? "trials side by side" : "slots"), new("seconds after the submission"),
            new("") { Names = ShortText.Apart(timeline.Lanes), IsDownward = true })
        {
            Spans = [.. timeline.Bars.Select(bar => new Span(bar.Lane, bar.From, bar.To, bar.End))],
            Height = Math.Max(240, 130 + (LanesHeight * timeline.Lanes.Count)),
            Note = timeline.Hidden > 0 ? $"{Figures.Count(timeline.Hidden)} later attempts are not drawn" : null,
        };
    }
}
