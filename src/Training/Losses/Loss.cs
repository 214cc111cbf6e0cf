using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Losses;

/// <summary>
/// What a training minimises, with its gradient derived by hand. A loss is the mean over the samples of a batch. Label
/// smoothing and class weights belong to learning alone: what is held out is judged by the plain loss, so that the
/// losses of configurations that differ in them can be compared.
/// </summary>
internal abstract class Loss(float[]? weights)
{
    /// <summary>The loss of that kind.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="smoothing">Share of the target that is spread over all classes, while learning.</param>
    /// <param name="weights">What a sample of each class counts, while learning; null: 1.</param>
    public static Loss Create(LossKind kind, float smoothing = 0, float[]? weights = null) => kind switch
    {
        LossKind.CrossEntropy => new SoftmaxCrossEntropy(smoothing, weights),
        LossKind.BinaryCrossEntropy => new BinaryCrossEntropy(smoothing, weights),
        LossKind.MeanSquaredError => new MeanSquaredError(weights),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown loss."),
    };

    /// <summary>Sums of loss and metric over a batch; NaN in an output makes the loss NaN.</summary>
    /// <param name="outputs">The network's outputs, one row a sample.</param>
    /// <param name="batch">The labels or targets.</param>
    public BatchScore Score(in Matrix outputs, Batch batch) => Compute(outputs, batch, default);

    /// <summary>
    /// As <see cref="Score"/>, and writes the gradient of the batch's mean loss; its padding becomes zero.
    /// </summary>
    /// <param name="outputs">The network's outputs, one row a sample.</param>
    /// <param name="batch">The labels or targets.</param>
    /// <param name="gradient">Receives the gradient with respect to the outputs; same shape and stride.</param>
    public BatchScore ScoreWithGradient(in Matrix outputs, Batch batch, in Matrix gradient) =>
        Compute(outputs, batch, gradient);

    /// <summary>The column of the largest output, the first of equals: the class that the network names.</summary>
    public static int Predict(ReadOnlySpan<float> outputs)
    {
        var best = 0;
        for (var column = 1; column < outputs.Length; column++)
        {
            if (outputs[column] > outputs[best])
                best = column;
        }

        return best;
    }

    /// <summary>What a sample of a class counts in the batch's mean; 1 where nothing is learned.</summary>
    /// <param name="label">The class; negative: none.</param>
    /// <param name="isLearning">Whether a gradient is wanted.</param>
    protected float WeightOf(int label, bool isLearning) =>
        isLearning && weights is not null && label >= 0 ? weights[label] : 1;

    /// <summary>The class that outputs name: of one output for two classes the second above 0, which is a probability
    /// of one half; otherwise <see cref="Predict"/>.</summary>
    public static int ClassOf(ReadOnlySpan<float> outputs) =>
        outputs.Length == 1 ? (outputs[0] > 0 ? 1 : 0) : Predict(outputs);

    /// <summary>The work; a default gradient means: none wanted.</summary>
    protected abstract BatchScore Compute(in Matrix outputs, Batch batch, in Matrix gradient);
}

/// <summary>Sums over samples: of one batch, or of a whole pass over a set.</summary>
/// <param name="Loss">Sum of the samples' losses.</param>
/// <param name="Metric">Classification: samples classified rightly; several labels: sum of the shares of them that are
/// answered rightly; regression: sum of absolute errors.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="LossSquares">Sum of the squares of the samples' losses.</param>
/// <param name="MetricSquares">Sum of the squares of what <paramref name="Metric"/> adds up.</param>
internal readonly record struct BatchScore(
    double Loss, double Metric, int Samples, double LossSquares = 0, double MetricSquares = 0)
{
    /// <summary>Mean loss; NaN without samples.</summary>
    public double MeanLoss => Samples > 0 ? Loss / Samples : double.NaN;

    /// <summary>Accuracy or mean absolute error; NaN without samples.</summary>
    public double MeanMetric => Samples > 0 ? Metric / Samples : double.NaN;

    /// <summary>Standard error of the mean loss; NaN with fewer than two samples.</summary>
    public double LossError => ErrorOf(Loss, LossSquares);

    /// <summary>Standard error of the mean metric; NaN with fewer than two samples.</summary>
    public double MetricError => ErrorOf(Metric, MetricSquares);

    /// <summary>The sums of two sets of samples.</summary>
    public static BatchScore operator +(BatchScore a, BatchScore b) => new(
        a.Loss + b.Loss,
        a.Metric + b.Metric,
        a.Samples + b.Samples,
        a.LossSquares + b.LossSquares,
        a.MetricSquares + b.MetricSquares);

    private double ErrorOf(double sum, double squares) => Samples < 2
        ? double.NaN
        : Math.Sqrt(Math.Max(0, squares - sum * sum / Samples) / (Samples - 1) / Samples);
}
