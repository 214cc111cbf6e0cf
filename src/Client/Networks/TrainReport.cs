using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Client.Networks;

/// <summary>The end of a training, for people and for programs.</summary>
internal static class TrainReport
{
    /// <summary>Learning speed over all epochs.</summary>
    public static double ImagesPerSecond(TrainingResult result) =>
        result.TrainSeconds > 0 ? result.Epochs.Sum(epoch => (long)epoch.Samples) / result.TrainSeconds : 0;

    /// <summary>A few lines.</summary>
    /// <param name="result">What came out.</param>
    /// <param name="data">What it was trained on: the names of several targets or labels.</param>
    public static string Text(TrainingResult result, DataSet data)
    {
        var outcome = ConfigurationText.Word(result.Outcome).Replace('_', ' ')
            + (result.Reason is { } reason ? $": {reason}" : "");
        var test = result.Test switch
        {
            null => "test set      not used",
            { Classes: > 0 } report =>
                $"test accuracy {Figures.Metric(report.Metric)}   loss {Figures.Metric(report.Loss)}",
            { Labels: { } labels } report =>
                $"test accuracy {Figures.Metric(report.Metric)}   loss {Figures.Metric(report.Loss)}   all labels "
                + $"right {Figures.Metric(report.ExactMatch ?? double.NaN)}"
                + string.Concat(labels.Select((score, label) =>
                    $"\n              {VisibleWriter.Text(data.LabelNames[label])}: precision "
                        + $"{Figures.Metric(score.Precision)}, recall {Figures.Metric(score.Recall)}, F1 "
                        + $"{Figures.Metric(score.F1)}, ROC AUC {Figures.Metric(score.RocAuc)}")),
            var report =>
                $"test error    {Figures.Metric(report.Metric)} (mean absolute)   loss {Figures.Metric(report.Loss)}"
                + string.Concat((report.Targets ?? []).Select((score, target) =>
                    $"\n              {Figures.Metric(score.Error)} of {VisibleWriter.Text(data.TargetNames[target])}, "
                        + $"R2 {Figures.Metric(score.R2)}")),
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome}\n{test}\nengine        {ConfigurationText.Word(result.Engine)}\n")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"weights       {result.Weights:N0}   digest {result.WeightsDigest[..16]}\n")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"training      {result.TrainSeconds:0.00} s   {ImagesPerSecond(result):N0} images/s")
            + (result.Threads > 1 ? $"   {result.Threads} threads" : "");
    }

    /// <summary>One JSON object; numbers that do not exist are null.</summary>
    /// <param name="request">What was trained.</param>
    /// <param name="result">What came out.</param>
    /// <param name="data">What it was trained on: the names of classes, in the order of the confusion matrix, or of
    /// targets.</param>
    /// <param name="notes">What has no effect, or less than it seems.</param>
    /// <param name="indented">On several lines.</param>
    public static string Json(
        TrainingRequest request,
        TrainingResult result,
        DataSet data,
        IReadOnlyList<string> notes,
        bool indented = false) =>
        Screen.Json(
        new
        {
            outcome = ConfigurationText.Word(result.Outcome),
            reason = result.Reason,
            data = request.Data,
            parameters = new Dictionary<string, object>(ConfigurationText.Parameters(request.Hyperparameters)),
            split = request.Split.ToString(),
            seed = request.Seed,
            test_accuracy = data.Task == TaskKind.Regression ? null : result.Test?.Metric,
            test_mean_absolute_error = data.Task == TaskKind.Regression ? result.Test?.Metric : null,
            test_exact_match = result.Test?.ExactMatch,
            test_labels = result.Test?.Labels?.Select(
                (score, label) => LabelDocument.Of(data.LabelNames[label], score)),
            test_targets = result.Test?.Targets?.Select(
                (score, target) => TargetDocument.Of(data.TargetNames[target], score)),
            test_loss = result.Test?.Loss,
            classes = data.Classes > 0 ? data.ClassNames : null,
            confusion = result.Test?.Confusion?.Chunk(Math.Max(1, result.Test.Classes)),
            engine = ConfigurationText.Word(result.Engine),
            weights = result.Weights,
            weights_digest = result.WeightsDigest,
            train_seconds = result.TrainSeconds,
            threads = result.Threads,
            images_per_second = ImagesPerSecond(result),
            metric = TrainHistory.MetricName(data.Task),
            epochs = result.Epochs.Select(Epoch),
            notes,
        },
        indented);

    private static object Epoch(EpochReport report) => new
    {
        epoch = report.Epoch,
        train_loss = report.TrainLoss,
        train_metric = report.TrainMetric,
        validation_loss = report.ValidationLoss,
        validation_metric = report.ValidationMetric,
        train_seconds = report.TrainSeconds,
        evaluation_seconds = report.EvaluationSeconds,
        cpu_seconds = report.CpuSeconds,
        images_per_second = report.ImagesPerSecond,
    };
}
