using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Losses;

/// <summary>
/// Binary cross-entropy of sigmoid(z) against one-hot classes, a mean over outputs, from the outputs themselves: max(z,
/// 0) - z t + log(1 + e^-|z|), which never overflows; the gradient is (sigmoid(z) - t) / (outputs x samples). Smoothed
/// by e the targets are (1 - e) t + e / 2, as Keras; a class's weight multiplies loss and gradient of its samples. One
/// output for two classes is the second class's, and its target the label; each of several targets or labels has an
/// output. The metric of several labels is the share of them that are answered rightly: there above a probability of
/// one half.
/// </summary>
internal sealed class BinaryCrossEntropy(float smoothing, float[]? weights) : Loss(weights)
{
    private const int Lane = FloatBuffer.Lane;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override unsafe BatchScore Compute(in Matrix outputs, Batch batch, in Matrix gradient)
    {
        var (loss, metric, lossSquares, metricSquares) = (0.0, 0.0, 0.0, 0.0);
        var columns = outputs.Columns;
        var scale = 1f / ((float)outputs.Rows * columns);
        var isLearning = gradient.Pointer is not null;
        var smooth = isLearning ? smoothing : 0;
        for (var row = 0; row < outputs.Rows; row++)
        {
            var before = loss;
            var z = outputs.Pointer + ((long)row * outputs.RowStride);
            var label = batch.Part.Task == TaskKind.Classification ? (int)batch.Labels[row] : -1;
            var several = label < 0 && columns > 1;
            var target = label < 0 && !several ? batch.Targets[row] : smooth / 2;
            if (columns == 1 && label > 0)
                target = 1 - (smooth / 2);
            var weight = WeightOf(label, isLearning);
            var g = gradient.Pointer is null ? null : gradient.Pointer + ((long)row * gradient.RowStride);
            for (var column = 0; column < columns; column += Lane)
            {
                var at = g is null ? null : g + column;
                var own = ScoreLane(z + column, Math.Min(Lane, columns - column), target, scale * weight, at);
                loss += own / columns * weight;
            }

            if (several)
                loss -= AddTargets(
                    new(z, columns), batch.Targets.Slice(row * columns, columns), g, scale, 1 - smooth) / columns;
            if (label < 0)
            {
                var judged = batch.Part.Task == TaskKind.MultiLabel
                    ? ShareRight(new(z, columns), batch.Targets.Slice(row * columns, columns))
                    : several ? AbsoluteError(new(z, columns), batch.Targets.Slice(row * columns, columns))
                    : Math.Abs(VectorMath.Sigmoid(Vector512.Create(z[0]))[0] - target);
                metric += judged;
                lossSquares += (loss - before) * (loss - before);
                metricSquares += judged * judged;
                continue;
            }

            if (columns > 1)
            {
                // The loop took the class for a zero; as a one it lacks -z in the loss and -1 in the gradient.
                loss -= (double)z[label] / columns * weight * (1 - smooth);
                if (g is not null)
                    g[label] -= scale * weight * (1 - smooth);
            }

            var right = Loss.ClassOf(new(z, columns)) == label ? 1 : 0;
            metric += right;
            lossSquares += (loss - before) * (loss - before);
            metricSquares += right;
        }

        return new(loss, metric, outputs.Rows, lossSquares, metricSquares);
    }

    // The loop took several targets for zeros: each lacks -z t in the loss and -t in the gradient, of what smoothing
    // leaves of t.
    private static unsafe double AddTargets(
        ReadOnlySpan<float> z, ReadOnlySpan<float> targets, float* gradient, float scale, float left)
    {
        var sum = 0.0;
        for (var column = 0; column < z.Length; column++)
        {
            sum += (double)z[column] * (targets[column] * left);
            if (gradient is not null)
                gradient[column] -= scale * (targets[column] * left);
        }

        return sum;
    }

    private static double ShareRight(ReadOnlySpan<float> z, ReadOnlySpan<float> labels)
    {
        var right = 0;
        for (var column = 0; column < z.Length; column++)
            right += z[column] > 0 == labels[column] > 0 ? 1 : 0;
        return (double)right / z.Length;
    }

    private static double AbsoluteError(ReadOnlySpan<float> z, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (var column = 0; column < z.Length; column++)
            sum += Math.Abs((double)VectorMath.Sigmoid(Vector512.Create(z[column]))[0] - targets[column]);
        return sum / z.Length;
    }

    private static unsafe double ScoreLane(float* z, int count, float target, float scale, float* gradient)
    {
        var outputs = Vector512.Load(z);
        var tails = VectorMath.Exp(-Vector512.Abs(outputs));
        var loss = 0.0;
        for (var lane = 0; lane < count; lane++)
            loss += (z[lane] < 0 ? 0 : z[lane]) - ((double)z[lane] * target) + VectorMath.Log(1 + (double)tails[lane]);
        if (gradient is not null)
        {
            var inside = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
            var difference = VectorMath.Sigmoid(outputs) - Vector512.Create(target);
            ((difference * Vector512.Create(scale)) & inside).Store(gradient);
        }

        return loss;
    }
}
