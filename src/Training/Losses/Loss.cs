using Sweeps.Core.Training;
using Sweeps.Training.Data;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Losses;

/// <summary>
/// What a training minimises, with its gradient derived by hand. A loss is the mean over the samples of a batch.
/// </summary>
internal abstract class Loss
{
    /// <summary>The loss of that kind.</summary>
    public static Loss Create(LossKind kind) => kind switch
    {
        LossKind.CrossEntropy => new SoftmaxCrossEntropy(),
        LossKind.BinaryCrossEntropy => new BinaryCrossEntropy(),
        LossKind.MeanSquaredError => new MeanSquaredError(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown loss."),
    };

    /// <summary>The loss of a task unless the configuration names one.</summary>
    public static LossKind DefaultOf(TaskKind task) =>
        task == TaskKind.Regression ? LossKind.MeanSquaredError : LossKind.CrossEntropy;

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

    /// <summary>The work; a default gradient means: none wanted.</summary>
    protected abstract BatchScore Compute(in Matrix outputs, Batch batch, in Matrix gradient);
}
