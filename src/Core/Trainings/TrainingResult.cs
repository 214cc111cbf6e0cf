using System.Text.Json.Serialization;

namespace Sweeps.Core.Trainings;

/// <summary>The result of one training.</summary>
public sealed record TrainingResult
{
    /// <summary>How it ended.</summary>
    public required TrainingOutcome Outcome { get; init; }

    /// <summary>Why, where the outcome needs a reason: <c>loss became NaN in epoch 2, step 17</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>One report an epoch, from the first epoch even when resumed.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>
    /// The epoch whose weights are the result, where the request scores the best one; 0: the last one's.
    /// </summary>
    public int BestEpoch { get; init; }

    /// <summary>
    /// Standard error of that epoch's validation loss as an estimate from a finite sample; NaN without one.
    /// </summary>
    public double ValidationLossError { get; init; } = double.NaN;

    /// <summary>Standard error of its validation metric, likewise.</summary>
    public double ValidationMetricError { get; init; } = double.NaN;

    /// <summary>That epoch's further numbers, as <see cref="TrainingRequest.Metrics"/> asks; null: none are asked for,
    /// or there is no validation set.</summary>
    public MetricValues? Metrics { get; init; }

    /// <summary>The engine that trained it.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>Most threads that shared its work; 1 where none of it was worth sharing.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Most trainings that shared passes, this one among them; 1: it trained alone. Its times are shares then, and not
    /// comparable with times alone.
    /// </summary>
    public int Together { get; init; } = 1;

    /// <summary>Number of trainable weights.</summary>
    public required long Weights { get; init; }

    /// <summary>SHA-256 of the final weights, lower-case hex: parameters then running statistics, in layer order, as
    /// little-endian floats.</summary>
    public required string WeightsDigest { get; init; }

    /// <summary>Wall seconds of training alone, over all epochs and attempts.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Loss and metric on the test set; null unless the split is <see cref="Split.All"/> or the request
    /// says so; null when diverged.</summary>
    public TestReport? Test { get; init; }

    /// <summary>
    /// The final weights and running statistics as a safetensors file (huggingface.co/docs/safetensors), named by
    /// layer and
    /// role, with the training described in its metadata; null unless <see cref="TrainingRequest.KeepModel"/>.
    /// </summary>
    public byte[]? Model { get; init; }

    /// <summary>
    /// The state after the last epoch, from which a training of more epochs goes on; null unless
    /// <see cref="TrainingRequest.KeepCheckpoint"/>, and where it diverged or was stopped.
    /// </summary>
    public byte[]? Checkpoint { get; init; }
}

/// <summary>How a training that produced a result ended. What produced none is an exception.</summary>
public enum TrainingOutcome
{
    /// <summary>All epochs ran.</summary>
    Completed,

    /// <summary>The validation loss reached a plateau (<see cref="TrainingRequest.Patience"/>).</summary>
    StoppedEarly,

    /// <summary>The observer asked to stop: a scheduler's decision, a cancelled sweep, a draining silo.</summary>
    Stopped,

    /// <summary>The loss or a weight became NaN or infinite; kept as a result.</summary>
    Diverged,
}

/// <summary>What one epoch of a training gave. Losses and metrics are means over samples; NaN marks a set that is
/// empty.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainLoss">Mean loss over the epoch's batches, each measured before its step (as Keras reports
/// it).</param>
/// <param name="TrainMetric">Accuracy in [0, 1] (classes, labels) or mean absolute error (regression), measured
/// likewise.</param>
/// <param name="ValidationLoss">Mean loss over the validation set after the epoch; NaN without one.</param>
/// <param name="ValidationMetric">Accuracy or mean absolute error over the validation set; NaN without one.</param>
/// <param name="TrainSeconds">Wall seconds of this epoch's training alone: no evaluation, no checkpoint.</param>
/// <param name="EvaluationSeconds">Wall seconds of this epoch's evaluation.</param>
/// <param name="CpuSeconds">CPU seconds of the training thread in this epoch's training; more wall than CPU means
/// disturbed.</param>
/// <param name="Samples">Samples learned from in this epoch.</param>
public sealed record EpochReport(
    int Epoch,
    double TrainLoss,
    double TrainMetric,
    double ValidationLoss,
    double ValidationMetric,
    double TrainSeconds,
    double EvaluationSeconds,
    double CpuSeconds,
    int Samples)
{
    /// <summary>SHA-256 of the weights after the epoch, as <see cref="TrainingResult.WeightsDigest"/>; null: an earlier
    /// version reported it, or it came from a checkpoint.</summary>
    public string? WeightsDigest { get; init; }

    /// <summary>As <see cref="TrainingResult.ValidationLossError"/>, of this epoch.</summary>
    public double ValidationLossError { get; init; } = double.NaN;

    /// <summary>As <see cref="TrainingResult.ValidationMetricError"/>, of this epoch.</summary>
    public double ValidationMetricError { get; init; } = double.NaN;

    /// <summary>Samples learned from in a second of training.</summary>
    public double ImagesPerSecond => TrainSeconds > 0 ? Samples / TrainSeconds : 0;
}

/// <summary>The one look at the test set.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Metric">Accuracy in [0, 1], or mean absolute error.</param>
/// <param name="Confusion">Classification: row-major counts [true class x predicted class]; otherwise null.</param>
/// <param name="Classes">Classification: number of classes; otherwise 0.</param>
public sealed record TestReport(
    double Loss, double Metric, [property: JsonPropertyOrder(1)] int[]? Confusion, int Classes)
{
    /// <summary>A score for each of several targets; null: there is one, or there are classes or labels.</summary>
    [JsonPropertyOrder(2)]
    public TargetScore[]? Targets { get; init; }

    /// <summary>A score for each of several labels; null: there are none.</summary>
    [JsonPropertyOrder(3)]
    public LabelScore[]? Labels { get; init; }

    /// <summary>Share of the samples of which all labels are answered rightly; null: there are none.</summary>
    [JsonPropertyOrder(4)]
    public double? ExactMatch { get; init; }

    /// <summary>
    /// What <see cref="TrainingRequest.Metrics"/> asks for, of the test set, under the names that the validation set
    /// has; null: nothing is asked for, or an earlier version looked.
    /// </summary>
    [JsonPropertyOrder(5)]
    public MetricValues? Metrics { get; init; }
}

/// <summary>How well one of several labels is told, by counts of samples.</summary>
/// <param name="TruePositives">Samples that have it and are said to.</param>
/// <param name="FalsePositives">Samples that lack it and are said to have it.</param>
/// <param name="FalseNegatives">Samples that have it and are said to lack it.</param>
/// <param name="TrueNegatives">Samples that lack it and are said to.</param>
/// <param name="RocAuc">Area under its ROC curve; NaN where all samples have it, or none.</param>
public sealed record LabelScore(
    int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives, double RocAuc)
{
    /// <summary>Samples that have it.</summary>
    [JsonIgnore]
    public int Positives => TruePositives + FalseNegatives;

    /// <summary>Share of the samples that are answered rightly.</summary>
    [JsonIgnore]
    public double Accuracy =>
        Share(TruePositives + TrueNegatives, TruePositives + TrueNegatives + FalsePositives + FalseNegatives);

    /// <summary>Share of the samples said to have it that do; NaN where none is said to.</summary>
    [JsonIgnore]
    public double Precision => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>Share of the samples that have it that are said to; NaN where none has it.</summary>
    [JsonIgnore]
    public double Recall => Share(TruePositives, Positives);

    /// <summary>The harmonic mean of both: 2 TP / (2 TP + FP + FN).</summary>
    [JsonIgnore]
    public double F1 => Share(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>The mean over the labels that a sample has and that have the number, each as much as any other.
    /// </summary>
    public static double Macro(IEnumerable<LabelScore> labels, Func<LabelScore, double> number)
    {
        double[] known = [.. labels.Where(label => label.Positives > 0).Select(number).Where(double.IsFinite)];
        return known.Length > 0 ? known.Average() : double.NaN;
    }

    private static double Share(int part, int whole) => whole > 0 ? (double)part / whole : double.NaN;
}

/// <summary>How near the predictions of one number come.</summary>
/// <param name="Error">Mean absolute error.</param>
/// <param name="SquaredError">Mean squared error.</param>
/// <param name="R2">1 - squared errors / squared deviations from the mean; NaN where all targets are one.</param>
public sealed record TargetScore(double Error, double SquaredError, double R2)
{
    /// <summary>Works it out.</summary>
    /// <param name="targets">The true values.</param>
    /// <param name="predictions">The predicted ones, in the same order.</param>
    public static TargetScore Of(IReadOnlyList<float> targets, IReadOnlyList<float> predictions)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(predictions);
        var mean = targets.Average(target => (double)target);
        var (sum, squares, spread) = (0.0, 0.0, 0.0);
        for (var i = 0; i < targets.Count; i++)
        {
            double error = (double)predictions[i] - targets[i], deviation = targets[i] - mean;
            sum += Math.Abs(error);
            squares += error * error;
            spread += deviation * deviation;
        }

        return new(sum / targets.Count, squares / targets.Count, spread > 0 ? 1 - (squares / spread) : double.NaN);
    }

    /// <summary>A score a target, of values that stand sample by sample.</summary>
    /// <param name="targets">The true values: [samples x columns].</param>
    /// <param name="predictions">The predicted ones, likewise.</param>
    /// <param name="columns">Targets of a sample.</param>
    public static TargetScore[] Of(float[] targets, float[] predictions, int columns)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(predictions);
        return [.. Enumerable.Range(0, columns)
            .Select(column => Of(Column(targets, column), Column(predictions, column)))];

        float[] Column(float[] all, int column) =>
            [.. Enumerable.Range(0, all.Length / columns).Select(row => all[(row * columns) + column])];
    }

    /// <summary>The mean over targets, each as much as any other (scikit-learn's <c>uniform_average</c>): NaN in one of
    /// them makes it NaN.</summary>
    public static TargetScore Mean(IReadOnlyList<TargetScore> scores) => new(
        scores.Average(score => score.Error), scores.Average(score => score.SquaredError),
        scores.Average(score => score.R2));
}
