using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>What the log keeps of one training. Losses and metrics are those of the epoch that is
/// scored: the last one, or <see cref="BestEpoch"/>.</summary>
public sealed record TrialResult
{
    /// <summary>
    /// How it ended: completed, stopped early (a plateau) or diverged; stopped: it stands at a rung of the schedule, or
    /// was not taken further from there.
    /// </summary>
    public required TrainingOutcome Outcome { get; init; }

    /// <summary>Why, where the outcome needs a reason; otherwise null.</summary>
    public string? Reason { get; init; }

    /// <summary>Mean training loss of the epoch that is scored.</summary>
    public double TrainLoss { get; init; } = double.NaN;

    /// <summary>Training accuracy in [0, 1] or mean absolute error of the epoch that is scored.</summary>
    public double TrainMetric { get; init; } = double.NaN;

    /// <summary>Validation loss after the epoch that is scored; NaN without a validation set.</summary>
    public double ValidationLoss { get; init; } = double.NaN;

    /// <summary>
    /// Validation accuracy in [0, 1] or mean absolute error after the epoch that is scored; NaN without a validation
    /// set.
    /// </summary>
    public double ValidationMetric { get; init; } = double.NaN;

    /// <summary>Standard error of <see cref="ValidationLoss"/> by its finite sample; NaN: not measured.</summary>
    public double ValidationLossError { get; init; } = double.NaN;

    /// <summary>Standard error of <see cref="ValidationMetric"/>, likewise.</summary>
    public double ValidationMetricError { get; init; } = double.NaN;

    /// <summary>Further numbers of the validation set, as the plan asks; null: none.</summary>
    public MetricValues? Metrics { get; init; }

    /// <summary>Epochs that ran.</summary>
    public required int Epochs { get; init; }

    /// <summary>
    /// The epoch whose weights and values these are, where the best one is scored; 0: the last one's.
    /// </summary>
    public int BestEpoch { get; init; }

    /// <summary>Number of trainable weights.</summary>
    public required long Weights { get; init; }

    /// <summary>SHA-256 of the final weights, 64 lower-case hexadecimal digits.</summary>
    public required string WeightsDigest { get; init; }

    /// <summary>Wall seconds of training alone, over all epochs and attempts.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>CPU seconds of the training thread meanwhile.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Wall seconds of evaluation.</summary>
    public double EvaluationSeconds { get; init; }

    /// <summary>Samples learned from, over all epochs.</summary>
    public long Samples { get; init; }

    /// <summary>Most trials that trained beside this one on the silo at any time.</summary>
    public int Neighbours { get; init; }

    /// <summary>Threads of the training.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Most trainings that shared passes, this one among them; 1: it trained alone. Its times are shares then, and not
    /// comparable with times alone.
    /// </summary>
    public int Together { get; init; } = 1;

    /// <summary>The silo's speed by its own calibration, relative to the reference; 1 where unknown.</summary>
    public double SiloSpeed { get; init; } = 1;

    /// <summary>The engine that trained it; auto: an earlier version did.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>The look at the test set; null unless this is a refit.</summary>
    public TestReport? Test { get; init; }

    /// <summary>Samples learned from in a second of training.</summary>
    public double ImagesPerSecond => TrainSeconds > 0 ? Samples / TrainSeconds : 0;

    /// <summary>Whether others took the processor while it trained, by <see cref="IsDisturbedBy"/>.</summary>
    public bool Disturbed => IsDisturbedBy(TrainSeconds, CpuSeconds, Threads);

    /// <summary>
    /// Whether a measured time is doubtful: one thread had the processor for less than nine tenths of the wall time.
    /// Times under 50 ms and trainings with several threads (which wait for each other) are never marked.
    /// </summary>
    public static bool IsDisturbedBy(double trainSeconds, double cpuSeconds, int threads) =>
        threads <= 1 && cpuSeconds > 0 && trainSeconds >= 0.05 && cpuSeconds < 0.9 * trainSeconds;

    /// <summary>Sums up a training.</summary>
    /// <param name="training">What the trainer gave.</param>
    /// <param name="neighbours">Most trials that trained beside it.</param>
    /// <param name="siloSpeed">The silo's speed, relative to the reference.</param>
    public static TrialResult From(TrainingResult training, int neighbours = 0, double siloSpeed = 1)
    {
        ArgumentNullException.ThrowIfNull(training);
        var last = training.Epochs.Count == 0 ? null
            : training.Epochs[(training.BestEpoch > 0 ? training.BestEpoch : training.Epochs.Count) - 1];
        return new()
        {
            Outcome = training.Outcome,
            Reason = training.Reason,
            TrainLoss = last?.TrainLoss ?? double.NaN,
            TrainMetric = last?.TrainMetric ?? double.NaN,
            ValidationLoss = last?.ValidationLoss ?? double.NaN,
            ValidationMetric = last?.ValidationMetric ?? double.NaN,
            ValidationLossError = training.ValidationLossError,
            ValidationMetricError = training.ValidationMetricError,
            Metrics = training.Metrics,
            Epochs = training.Epochs.Count,
            BestEpoch = training.BestEpoch,
            Weights = training.Weights,
            WeightsDigest = training.WeightsDigest,
            TrainSeconds = training.TrainSeconds,
            CpuSeconds = training.Epochs.Sum(epoch => epoch.CpuSeconds),
            EvaluationSeconds = training.Epochs.Sum(epoch => epoch.EvaluationSeconds),
            Samples = training.Epochs.Sum(epoch => (long)epoch.Samples),
            Neighbours = neighbours,
            Threads = training.Threads,
            Together = training.Together,
            SiloSpeed = siloSpeed,
            Engine = training.Engine,
            Test = training.Test,
        };
    }
}
