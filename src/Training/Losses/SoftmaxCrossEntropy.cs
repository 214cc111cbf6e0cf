using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Data;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Losses;

/// <summary>
/// -log softmax(z)[label], the gradient (softmax(z) - onehot) / samples: one pass from outputs to gradient. The largest
/// output is taken off first, so that no exponential overflows.
/// </summary>
internal sealed class SoftmaxCrossEntropy : Loss
{
    private const int Lane = FloatBuffer.Lane;

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
        fixed (float* aside = outputs.RowStride <= _exponentials.Length ? _exponentials : new float[outputs.RowStride])
        {
            for (var row = 0; row < outputs.Rows; row++)
            {
                var z = outputs.Pointer + ((long)row * outputs.RowStride);
                var e = gradient.Pointer is null ? aside : gradient.Pointer + ((long)row * gradient.RowStride);
                var label = (int)batch.Labels[row];
                var best = Loss.Predict(new(z, columns));
                var sum = Exponentials(z, z[best], columns, e);
                var own = VectorMath.Log(sum) - ((double)z[label] - z[best]);
                loss += own;
                squares += own * own;
                right += best == label ? 1 : 0;
                if (gradient.Pointer is null)
                    continue;
                var factor = Vector512.Create(scale / sum);
                for (var column = 0; column < columns; column += Lane)
                    (Vector512.Load(e + column) * factor).Store(e + column);
                e[label] -= scale;
            }
        }

        return new(loss, right, outputs.Rows, squares, right);
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
