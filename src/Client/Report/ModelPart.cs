using System.Globalization;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Report;

/// <summary>The best model: its layers, its first weights as pictures, and what it says of the test set.</summary>
/// <param name="Architecture">As its file says.</param>
/// <param name="Input">The shape of a sample.</param>
/// <param name="Layers">From the input to the output.</param>
internal sealed record ModelPart(string Architecture, string Input, IReadOnlyList<ModelPart.LayerPart> Layers)
{
    private const int RocPointsMax = 200;
    private const int WrongMax = 24;
    private const int PredictedMax = 5_000;
    private const byte Background = 235;

    /// <summary>A layer.</summary>
    public sealed record LayerPart(string Layer, string Output, long Values, long Weights);

    /// <summary>A picture with a caption.</summary>
    /// <param name="Png">In base 64.</param>
    public sealed record Captioned(string Png, string Caption);

    /// <summary>A ROC curve: a class against all others, or a label.</summary>
    public sealed record Roc(
        string Class, double Area, IReadOnlyList<double> FalsePositives, IReadOnlyList<double> TruePositives);

    /// <summary>A class's measures.</summary>
    public sealed record ClassPart(
        string Class, int Samples, double Precision, double Recall, double F1, double RocAuc);

    /// <summary>The weights of the first layer, a picture a unit; empty: it has none that can be drawn.</summary>
    public IReadOnlyList<Captioned> FirstWeights { get; init; } = [];

    /// <summary>Units of the first layer beyond those that are drawn.</summary>
    public int UnitsHidden { get; init; }

    /// <summary>What the filters of a first convolution see; null: it is none, or the test set was not read.</summary>
    public FirstFilters.FiltersPart? Filters { get; init; }

    /// <summary>A curve a class or label; empty: regression, or the test set was not read.</summary>
    public IReadOnlyList<Roc> RocCurves { get; init; } = [];

    /// <summary>A row a class; empty: there are none, or the test set was not read.</summary>
    public IReadOnlyList<ClassPart> Classes { get; init; } = [];

    /// <summary>The test samples that are classified wrongly, those that the model was surest of first.</summary>
    public IReadOnlyList<Captioned> Wrong { get; init; } = [];

    /// <summary>How many there are; null: the test set was not read.</summary>
    public int? WrongCount { get; init; }

    /// <summary>Regression: true and predicted values of test samples, of several targets one pair after the other.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>> Predicted { get; init; } = [];

    /// <summary>The names of several targets, at most <see cref="TargetsMax"/>, the first ones; empty: there is one, or
    /// there are classes.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Most targets whose predictions are drawn.</summary>
    public const int TargetsMax = 12;

    /// <summary>What the model says of the test set is there.</summary>
    internal bool HasTestSet => RocCurves.Count > 0 || Predicted.Count > 0;

    /// <summary>The model without the test set.</summary>
    /// <exception cref="SweepsException">It cannot be read.</exception>
    public static ModelPart Of(SavedModel model)
    {
        var shape = model.ReadNetwork();
        var (pictures, hidden) = WeightsOf(model, shape);
        return new(
            shape.Architecture.Name ?? shape.Architecture.ToString(),
            shape.Input.ToString(),
            [.. shape.Layers.Select(layer => new LayerPart(
                layer.Layer.ToString(), layer.Output.ToString(), layer.Output.Size, layer.Weights))])
        {
            FirstWeights = pictures,
            UnitsHidden = hidden,
        };
    }

    /// <summary>The same with what the model says of the test set.</summary>
    public ModelPart On(SavedModel model, DataSet data, CancellationToken cancellation)
    {
        var answers = LoadedNetwork.AskAll(model, data.Test, cancellation);
        return On(model, data, answers, cancellation) with
        {
            Filters = FirstFilters.Of(model, model.ReadNetwork(), data, cancellation),
        };
    }

    private ModelPart On(SavedModel model, DataSet data, ModelAnswers answers, CancellationToken cancellation)
    {
        if (data.Task == TaskKind.MultiLabel)
        {
            var labels = new LabelReport(data.Test.Targets, answers);
            return this with
            {
                RocCurves = [.. labels.Scores.Select((score, label) =>
                    RocOf(model.Labels[label], score.RocAuc, labels.RocCurve(label)))],
            };
        }

        if (data.Test.Labels.Length == 0)
        {
            var drawn = Math.Min(TargetsMax, data.Outputs);
            return this with
            {
                Predicted = [.. Enumerable.Range(0, Math.Min(data.Test.Count, PredictedMax)).Select(sample => (double[])
                    [.. Enumerable.Range(0, drawn).SelectMany(target => (double[])
                        [data.Test.Targets[(sample * data.Outputs) + target], answers.Of(sample)[target]])])],
                Targets = [.. data.TargetNames.Take(drawn)],
            };
        }

        var report = new ClassReport(data.Test.Labels, answers);
        cancellation.ThrowIfCancellationRequested();
        var wrong = report.Wrong().ToList();
        return this with
        {
            RocCurves = [.. report.Classes.Select((score, label) =>
                RocOf(model.Classes[label], score.RocAuc, report.RocCurve(label)))],
            Classes = [.. report.Classes.Select((score, label) => new ClassPart(
                model.Classes[label], score.Samples, score.Precision, score.Recall, score.F1, score.RocAuc))],
            WrongCount = wrong.Count,
            Wrong = data.Test.IsBytes
                ? [.. wrong.Take(WrongMax).Select(sample => new Captioned(
                    SamplePng(data.Test.BytesOf(sample), data.InputShape),
                    CaptionOf(sample, model.Classes, data.Test.Labels[sample], answers)))]
                : [],
        };
    }

    private static string CaptionOf(int sample, IReadOnlyList<string> classes, int label, ModelAnswers answers)
    {
        var named = answers.ClassOf(sample);
        var share = answers.Of(sample)[named];
        var sure = float.IsFinite(share)
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0}\u00a0%")
            : "no number";
        return $"test {sample}: {classes[label]}, taken for {classes[named]} ({sure})";
    }

    // Of thousands of points on a screen of hundreds every n-th is enough; the ends stay.
    private static Roc RocOf(string name, double area, IReadOnlyList<(double X, double Y)> curve)
    {
        var step = Math.Max(1, (curve.Count + RocPointsMax - 1) / RocPointsMax);
        var points = curve.Where((_, index) => index % step == 0 || index == curve.Count - 1).ToList();
        return new(name, area, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
    }

    internal static string SamplePng(ReadOnlySpan<byte> bytes, IReadOnlyList<int> shape)
    {
        var sample = new SamplePixels(bytes, shape);
        var image = new PngImage(sample.Width, sample.Height, Background);
        for (var row = 0; row < sample.Height; row++)
        {
            for (var column = 0; column < sample.Width; column++)
                image.Set(column, row, sample[row, column]);
        }

        return Convert.ToBase64String(image.ToPng());
    }

    private static (IReadOnlyList<Captioned> Pictures, int Hidden) WeightsOf(SavedModel model, NetworkShape shape)
    {
        if (model.FirstWeights is not { } first)
            return ([], 0);
        var tiles = WeightTiles.Of(first, shape);
        // A row of a table is no picture; a filter of one pixel is.
        if (tiles.Height == 1 && first.Shape.Count != 4)
            return ([], 0);
        var captions = Captions(model, first);
        return (
            [.. tiles.Tiles.Select((tile, unit) =>
                new Captioned(DivergingPng(tile, tiles.Width, tiles.Height), captions(unit)))],
            first.Shape[0] - tiles.Tiles.Count);
    }

    // One layer names classes itself; of two, a unit speaks for the class to which its weight is largest.
    private static Func<int, string> Captions(SavedModel model, ModelTensor first)
    {
        var matrices = model.Tensors.Where(tensor => tensor.Shape.Count >= 2).ToList();
        var classes = model.Labels.Count > 0 ? model.Labels : model.Classes;
        if (classes.Count == 0 || matrices.Exists(tensor => tensor.Shape.Count > 2))
            return unit => $"{unit}";
        if (matrices.Count == 1)
            return unit => classes[unit];
        if (matrices.Count != 2)
            return unit => $"{unit}";
        var (last, units) = (matrices[1], first.Shape[0]);
        return unit =>
        {
            var weights = Enumerable.Range(0, classes.Count)
                .Select(label => last.Values[(label * units) + unit])
                .ToList();
            return $"{unit}: for {classes[weights.IndexOf(weights.Max())]}, against "
                + classes[weights.IndexOf(weights.Min())];
        };
    }

    /// <summary>Values in [-1, 1], row by row, as a picture: blue, white at 0, red.</summary>
    internal static string DivergingPng(float[] values, int width, int height)
    {
        var image = new PngImage(width, height, Background);
        for (var at = 0; at < values.Length; at++)
        {
            var color = Picture.Diverging(values[at]);
            image.Set(at % width, at / width, (color.R, color.G, color.B));
        }

        return Convert.ToBase64String(image.ToPng());
    }
}
