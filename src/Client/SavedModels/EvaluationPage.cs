using Spectre.Console;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.SavedModels;

/// <summary>What <c>sweeps evaluate</c> prints for people.</summary>
internal sealed class EvaluationPage(Evaluation evaluation, TextWriter output)
{
    private readonly IAnsiConsole _console = Screen.On(output);

    /// <summary>Writes it.</summary>
    /// <param name="roc">The class whose ROC curve is drawn; null: none.</param>
    /// <param name="wrong">How many misclassified samples are shown at most.</param>
    public void Write(int? roc, int wrong)
    {
        var (answers, count) = (evaluation.Answers, evaluation.Part.Count);
        Line("model", $"{evaluation.Shape.Architecture}");
        Line("", $"{Figures.Count(evaluation.Shape.Weights, "weight")}, trained on {evaluation.Model.Data}");
        Line("data", $"{evaluation.Data.Name}, " + (evaluation.PartName == "all"
            ? $"all of its {Figures.Count(count, "row")}"
            : $"{Figures.Count(count)} {evaluation.PartName} samples"));
        if (evaluation.Labels is { } labels)
        {
            Line("accuracy", $"{Figures.Metric(answers.Metric)}, the share of all labels that are right");
            Line("loss", Figures.Metric(answers.Loss));
            LabelPage.Write(
                _console, "exact match         ", labels.Scores, labels.ExactMatch,
                label => evaluation.Model.Labels[label]);
            if (roc is { } drawn)
                WriteRoc(evaluation.Model.Labels[drawn], drawn, labels.Scores[drawn].RocAuc);
            return;
        }

        if (evaluation.Report is not { } report)
        {
            Line("mean absolute error", Figures.Metric(answers.Metric));
            if (evaluation.Scores is { Length: > 1 } scores)
            {
                _console.Write(TargetPage.Table(scores, target => evaluation.Model.Targets[target]));
                return;
            }

            Line("root mean squared", Figures.Metric(evaluation.RootMeanSquaredError()));
            Line("R2", Figures.Metric(evaluation.Scores![0].R2));
            return;
        }

        var mistakes = report.Wrong().Count();
        Line(
            "accuracy",
            $"{Figures.Metric(answers.Metric)}   {Figures.Count(mistakes)} of {Figures.Count(count)} wrong");
        Line("loss", Figures.Metric(answers.Loss));
        WriteClasses(report);
        if (answers.Columns <= ConfusionPage.ClassesMax)
            _console.Write(ConfusionPage.Table(report.Confusion, answers.Columns, evaluation.Model.Classes));
        if (roc is { } label)
            WriteRoc(evaluation.Model.Classes[label], label, report.Classes[label].RocAuc);
        WriteWrong(report, Math.Min(wrong, mistakes), mistakes);
    }

    private void WriteClasses(ClassReport report)
    {
        var table = Screen.Table(
            ("class", false), ("samples", true), ("precision", true), ("recall", true), ("F1", true),
            ("ROC AUC", true));
        foreach (var (label, score) in report.Classes.Index())
        {
            table.AddRow(
                Markup.Escape(VisibleWriter.Text(evaluation.Model.Classes[label])), Figures.Count(score.Samples),
                Figures.Metric(score.Precision), Figures.Metric(score.Recall), Figures.Metric(score.F1),
                Figures.Metric(score.RocAuc));
        }

        table.AddRow(
            "[bold]mean of classes[/]", Figures.Count(evaluation.Part.Count),
            Figures.Metric(report.Macro(score => score.Precision)), Figures.Metric(report.Macro(score => score.Recall)),
            Figures.Metric(report.Macro(score => score.F1)), Figures.Metric(report.Macro(score => score.RocAuc)));
        _console.Write(table);
    }

    private void WriteRoc(string name, int label, double area)
    {
        var plot = new TextPlot(
            $"ROC curve of {name} against all others, area {Figures.Metric(area)}",
            "false positive rate", "true positive rate");
        plot.Add(
            'o', name, evaluation.RocCurve(label).Select(point => (point.FalsePositives, point.TruePositives)),
            isJoined: true);
        plot.Add('\'', "a guess", Enumerable.Range(0, 33).Select(step => (step / 32.0, step / 32.0)), isJoined: true);
        var drawing = plot.Draw();
        output.WriteLine(drawing.Length > 0 ? drawing : $"{name} has no ROC curve: all samples or none are of it.");
    }

    private void WriteWrong(ClassReport report, int shown, int mistakes)
    {
        if (shown == 0)
            return;
        output.WriteLine($"The surest of {Figures.Count(mistakes, "mistake")}:");
        var samples = report.Wrong().Take(shown).ToList();
        var table = Screen.Table(
            ("sample", true), ("true", false), ("predicted", false), ("probability", true), ("of the true", true));
        foreach (var sample in samples)
        {
            var (truth, named) = (evaluation.Part.Labels[sample], evaluation.Answers.ClassOf(sample));
            table.AddRow(
                $"{sample}", Name(truth), Name(named), Figures.Metric(evaluation.Answers.Of(sample)[named]),
                Figures.Metric(evaluation.Answers.Of(sample)[truth]));
        }

        _console.Write(table);
        if (evaluation.Part.IsBytes)
            SamplePictures.Write(
                _console, samples.Select(sample => evaluation.Part.BytesOf(sample).ToArray()),
                evaluation.Data.InputShape);
    }

    private string Name(int label) => Markup.Escape(VisibleWriter.Text(evaluation.Model.Classes[label]));

    private void Line(string name, string value) => output.WriteLine($"{name,-20}{value}");
}

/// <summary>Pictures side by side, as many as fit.</summary>
internal static class SamplePictures
{
    private const int WidthMax = 118;
    private const int Gap = 2;

    /// <summary>Draws them in rows.</summary>
    /// <param name="console">Where.</param>
    /// <param name="images">Bytes, channels first.</param>
    /// <param name="shape">Channels, height and width.</param>
    public static void Write(IAnsiConsole console, IEnumerable<byte[]> images, IReadOnlyList<int> shape)
    {
        var (height, width) = (shape[1], shape[2]);
        var columns = (Math.Min(WidthMax, console.Profile.Width) - Gap) / (width + Gap);
        foreach (var row in images.Chunk(Math.Max(1, columns)))
        {
            var pixels = new Color?[height, row.Length * (width + Gap)];
            foreach (var (place, image) in row.Index())
                Picture.Place(image, shape, pixels, Gap + (place * (width + Gap)));
            Picture.Write(console, pixels);
            console.WriteLine();
        }
    }
}
