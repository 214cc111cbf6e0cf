using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;
using Sweeps.Training.Runs;

namespace Sweeps.Client.Networks;

/// <summary>What <c>sweeps train</c> is about to train, in a few lines.</summary>
internal static class TrainOutlinePage
{
    private const int ClassesMax = 12;

    // What the line of the training says in words of its own.
    private static readonly string[] s_said =
        ["architecture", "batch_size", "epochs", "learning_rate", "loss", "optimizer"];

    /// <summary>Where the data have fewer samples than was asked for.</summary>
    public static IEnumerable<string> Notes(TrainingRequest request, TrainingOutline outline, int samples)
    {
        if (request.SampleLimit is { } wanted && wanted > samples)
            yield return $"--samples: {Figures.Count(wanted)} are wanted, and there are {Figures.Count(samples)}: "
                + "all are used";
        if (request.Hyperparameters.BatchSize is var batch && batch > outline.Learned)
            yield return $"--batch-size: a batch of {Figures.Count(batch)} is more than the "
                + $"{Figures.Count(outline.Learned)} samples to learn from: an epoch is one step of all of them";
    }

    public static IEnumerable<string> Lines(TrainingRequest request, TrainingOutline outline)
    {
        var h = request.Hyperparameters;
        var held = outline.Validated > 0 ? $", {Figures.Count(outline.Validated)} to validate" : "";
        yield return $"data          {request.Data}: {Figures.Count(outline.Learned)} samples to learn from{held}, "
            + $"{Figures.Count(outline.Tested)} to test";
        if (outline.Classes.Count > 0)
            yield return $"classes       {Classes(outline.Classes)}";
        yield return $"network       {h.SizedArchitecture()}: {Figures.Count(outline.Weights, "weight")}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"training      {ConfigurationText.Word(h.Optimizer)}, learning rate {Figures.Parameter(h.LearningRate)}, ")
            + $"loss {ConfigurationText.Word(outline.Loss)}";
        yield return $"steps         {Figures.Count(outline.StepsPerEpoch, "step")} an epoch of "
            + $"{Figures.Count(Math.Min(h.BatchSize, outline.Learned), "sample")}, "
            + Figures.Count(h.Epochs, "epoch");
        string[] settings =
        [
            .. ConfigurationText.Parameters(h).Where(parameter => !s_said.Contains(parameter.Key))
                .Select(parameter => $"{parameter.Key} {ConfigurationText.Value(parameter.Value).Trim('\'')}"),
        ];
        if (settings.Length > 0)
            yield return $"also          {string.Join(", ", settings)}";
    }

    private static string Classes(IReadOnlyList<string> names) => names.Count > ClassesMax
        ? $"{string.Join(", ", names.Take(ClassesMax))} and {names.Count - ClassesMax} more"
        : string.Join(", ", names);
}

/// <summary>The epochs of a training as CSV (RFC 4180): a row each, numbers round-trip, what does not exist is empty.
/// </summary>
internal static class TrainHistory
{
    /// <summary>The file's name beside a saved model.</summary>
    public const string FileName = "history.csv";

    public static string Csv(TrainingResult result, TaskKind task)
    {
        var metric = MetricName(task);
        var text = new System.Text.StringBuilder(
            $"epoch,train_loss,train_{metric},validation_loss,validation_{metric},train_seconds,evaluation_seconds,"
            + "cpu_seconds,samples\n");
        foreach (var epoch in result.Epochs)
        {
            string[] cells =
            [
                .. ((double[])
                [
                    epoch.TrainLoss, epoch.TrainMetric, epoch.ValidationLoss, epoch.ValidationMetric,
                    epoch.TrainSeconds, epoch.EvaluationSeconds, epoch.CpuSeconds,
                ]).Select(value => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : ""),
            ];
            text.Append(CultureInfo.InvariantCulture, $"{epoch.Epoch},{string.Join(',', cells)},{epoch.Samples}\n");
        }

        return text.ToString();
    }

    /// <summary>What an epoch is judged by beside its loss.</summary>
    public static string MetricName(TaskKind task) => task.FullQuality().Replace(' ', '_');
}
