using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Data;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Losses;

/// <summary>
/// -log softmax(z)[label], the gradient (softmax(z) - onehot) / samples: one pass from outputs to gradient. The largest
/// output is taken off first, so that no exponential overflows. Smoothed by e over k classes the target is (1 - e)
/// onehot + e / k; a class's weight multiplies loss and gradient of its samples.
/// </summary>
internal sealed class SoftmaxCrossEntropy(float smoothing, float[]? weights) : Loss(weights)
{
    private const int Lane = FloatBuffer.Lane;

    // Rows whose logarithms are taken together.
    private const int Together = 8;

    private readonly float[] _exponentials = new float[Lane * 64];

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override unsafe BatchScore Compute(in Matrix outputs, Batch batch, in Matrix gradient)
    {
        var loss = 0.0;
        var squares = 0.0;
        var right = 0;
        var columns = outputs.Columns;
        var scale = 1f / outputs.Rows;
        var isLearning = gradient.Pointer is not null;
        var smooth = isLearning ? smoothing : 0;
        var sums = stackalloc float[Together];
        var bests = stackalloc int[Together];
        var logs = Vector512<double>.Zero;
        fixed (float* aside = outputs.RowStride <= _exponentials.Length ? _exponentials : new float[outputs.RowStride])
        {
            for (var row = 0; row < outputs.Rows; row++)
            {
                var place = row % Together;
                if (place == 0)
                    logs = Exponentials(outputs, row, gradient, aside, sums, bests);
                var z = outputs.Pointer + ((long)row * outputs.RowStride);
                var e = gradient.Pointer + ((long)row * gradient.RowStride);
                var label = (int)batch.Labels[row];
                var (best, sum) = (bests[place], sums[place]);
                var own = logs[place] - ((double)z[label] - z[best]);
                var weight = WeightOf(label, isLearning);
                if (smooth > 0)
                    own += smooth * ((double)z[label] - Mean(z, columns));
                own *= weight;
                loss += own;
                squares += own * own;
                right += best == label ? 1 : 0;
                if (!isLearning)
                    continue;
                var share = scale * weight;
                var factor = Vector512.Create(share / sum);
                for (var column = 0; column < columns; column += Lane)
                    (Vector512.Load(e + column) * factor).Store(e + column);
                e[label] -= share * (1 - smooth);
                for (var column = 0; column < (smooth > 0 ? columns : 0); column++)
                    e[column] -= share * smooth / columns;
            }
        }

        return new(loss, right, outputs.Rows, squares, right);
    }

    /// <summary>Of the next rows: the best columns, the exponentials, their sums and the logarithms of these.</summary>
    private static unsafe Vector512<double> Exponentials(
        in Matrix outputs, int row, in Matrix gradient, float* aside, float* sums, int* bests)
    {
        for (var place = 0; place < Math.Min(Together, outputs.Rows - row); place++)
        {
            var z = outputs.Pointer + ((long)(row + place) * outputs.RowStride);
            var e = gradient.Pointer is null ? aside : gradient.Pointer + ((long)(row + place) * gradient.RowStride);
            bests[place] = Predict(z, outputs.Columns);
            sums[place] = Exponentials(z, z[bests[place]], outputs.Columns, e);
        }

        var (low, high) = Vector256.Widen(Vector256.Load(sums));
        return VectorMath.Log(Vector512.Create(low, high));
    }

    /// <summary>As <see cref="Loss.Predict"/>, without a branch on each number, which nobody foresees.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe int Predict(float* z, int columns)
    {
        var values = Vector512.Load(z);
        if (columns > Lane || !Vector512.EqualsAll(values, values))
            return Loss.Predict(new(z, columns));
        var inside = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(columns)).AsSingle();
        values = Vector512.ConditionalSelect(inside, values, Vector512.Create(float.NegativeInfinity));
        var eight = Vector256.MaxNative(values.GetLower(), values.GetUpper());
        var four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        four = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        four = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2)));
        var isHighest = Vector512.Equals(values, Vector512.Create(four[0])) & inside;
        return BitOperations.TrailingZeroCount(isHighest.ExtractMostSignificantBits());
    }

    private static unsafe double Mean(float* z, int columns)
    {
        var sum = 0.0;
        for (var column = 0; column < columns; column++)
            sum += z[column];
        return sum / columns;
    }

    /// <summary>Writes e^(z - highest), zero in the padding; returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe float Exponentials(float* z, float highest, int columns, float* e)
    {
        var sums = Vector512<float>.Zero;
        var top = Vector512.Create(highest);
        for (var column = 0; column < columns; column += Lane)
        {
            var inside = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(columns - column)).AsSingle();
            var value = VectorMath.Exp(Vector512.Load(z + column) - top) & inside;
            value.Store(e + column);
            sums += value;
        }

        return VectorMath.Sum(sums);
    }
}
