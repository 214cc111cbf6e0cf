using Sweeps.Core.Analysis;
using Sweeps.Core.Sweeps;
using Sweeps.Core.Training;
using Sweeps.Storage;

namespace Sweeps.Client.Sweep.Show;

/// <summary>Everything that a store knows of one trial.</summary>
/// <param name="State">Its sweep.</param>
/// <param name="Trial">The trial.</param>
/// <param name="Attempts">Its attempts, oldest first.</param>
/// <param name="Rows">Its metrics, by attempt and epoch.</param>
internal sealed record TrialRecord(
    SweepState State, TrialId Trial, IReadOnlyList<TrialAttempt> Attempts, IReadOnlyList<MetricRow> Rows)
{
    public Hyperparameters Hyperparameters => State.HyperparametersOf(Trial.Configuration);

    public TrialResult? Result => State.ResultOf(Trial);

    /// <summary>
    /// One row an epoch: the newest attempt's that reached it. A resumed attempt repeats no epoch before its
    /// checkpoint.
    /// </summary>
    public IReadOnlyList<MetricRow> Epochs { get; } =
    [
        .. Rows.GroupBy(row => row.Report.Epoch)
            .Select(rows => rows.MaxBy(row => row.Attempt)!)
            .OrderBy(row => row.Report.Epoch),
    ];

    /// <summary>The trial for programs.</summary>
    public object Json() => new
    {
        sweep = State.Plan.Id,
        trial = Trial.ToString(),
        configuration = Trial.Configuration,
        fold = Trial.IsRefit ? (int?)null : Trial.Fold,
        split = State.Plan.SplitOf(Trial).ToString(),
        state = ConfigurationText.Word(State.StatusOf(Trial)),
        parameters = ConfigurationText.Parameters(Hyperparameters).ToDictionary(pair => pair.Key, pair => pair.Value),
        attempts = Attempts,
        epochs = Epochs.Select(row => new
        {
            row.Attempt,
            row.Report.Epoch,
            row.Report.TrainLoss,
            row.Report.TrainMetric,
            row.Report.ValidationLoss,
            row.Report.ValidationMetric,
            row.Report.TrainSeconds,
            row.Report.EvaluationSeconds,
            row.Report.CpuSeconds,
            row.Report.ImagesPerSecond,
        }),
        result = Result is not { } result ? null : new
        {
            outcome = ConfigurationText.Word(result.Outcome),
            result.Reason,
            result.TrainLoss,
            result.TrainMetric,
            result.ValidationLoss,
            result.ValidationMetric,
            result.Epochs,
            result.Weights,
            result.WeightsDigest,
            result.TrainSeconds,
            result.CpuSeconds,
            result.ImagesPerSecond,
            result.Neighbours,
            result.Disturbed,
            test_loss = result.Test?.Loss,
            test_metric = result.Test?.Metric,
            confusion = result.Test is { Confusion: { } counts, Classes: > 0 } test ? counts.Chunk(test.Classes) : null,
        },
    };
}
