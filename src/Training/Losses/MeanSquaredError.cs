using System.Runtime.CompilerServices;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Losses;

/// <summary>
/// (y - t)^2, a mean over outputs; classes are one-hot, several targets an output each. The gradient is 2 (y - t) /
/// (outputs x samples). A class's weight multiplies both. The metric of several targets is the mean of their absolute
/// errors.
/// </summary>
internal sealed class MeanSquaredError(float[]? weights) : Loss(weights)
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override unsafe BatchScore Compute(in Matrix outputs, Batch batch, in Matrix gradient)
    {
        var (loss, metric, lossSquares, metricSquares) = (0.0, 0.0, 0.0, 0.0);
        var columns = outputs.Columns;
        var scale = 2f / ((float)outputs.Rows * columns);
        var classes = batch.Part.Task == TaskKind.Classification;
        for (var row = 0; row < outputs.Rows; row++)
        {
            var y = outputs.Pointer + ((long)row * outputs.RowStride);
            var label = classes ? (int)batch.Labels[row] : -1;
            var squares = 0.0;
            var weight = WeightOf(label, gradient.Pointer is not null);
            for (var column = 0; column < columns; column++)
            {
                var target = classes ? (column == label ? 1 : 0) : batch.Targets[(row * columns) + column];
                var difference = y[column] - target;
                squares += (double)difference * difference;
                if (gradient.Pointer is not null)
                    gradient.Pointer[((long)row * gradient.RowStride) + column] = difference * scale * weight;
            }

            var own = squares / columns * weight;
            var judged = classes ? (Loss.Predict(new(y, columns)) == label ? 1 : 0)
                : AbsoluteError(new(y, columns), batch.Targets.Slice(row * columns, columns));
            (loss, metric) = (loss + own, metric + judged);
            (lossSquares, metricSquares) = (lossSquares + own * own, metricSquares + judged * judged);
            if (gradient.Pointer is not null)
                gradient.Row(row)[columns..].Clear();
        }

        return new(loss, metric, outputs.Rows, lossSquares, metricSquares);
    }

    private static double AbsoluteError(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var column = 0; column < outputs.Length; column++)
            sum += Math.Abs((double)outputs[column] - targets[column]);
        return sum / outputs.Length;
    }
}
