using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// y = e^x / sum e^x over each sample; with g the gradient with respect to y, x gets y (g - sum(g y)). Only for a
/// softmax that does not belong to the loss.
/// </summary>
internal sealed unsafe class SoftmaxStage(int width, int capacity) : Stage
{
    private readonly FloatBuffer _values = new((long)capacity * FloatBuffer.RoundUp(width));
    private readonly int _stride = FloatBuffer.RoundUp(width);

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        var values = new Matrix(_values.Pointer, input.Rows, width, _stride);
        for (var row = 0; row < input.Rows; row++)
        {
            var x = new ReadOnlySpan<float>(input.Pointer + ((long)row * input.RowStride), width);
            var y = values.Row(row);
            var highest = float.NegativeInfinity;
            foreach (var value in x)
                highest = value > highest ? value : highest;
            var sum = 0f;
            for (var column = 0; column < width; column++)
            {
                y[column] = VectorMath.Exp(Vector512.Create(x[column] - highest))[0];
                sum += y[column];
            }

            for (var column = 0; column < width; column++)
                y[column] /= sum;
        }

        return values;
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        for (var row = 0; row < gradient.Rows; row++)
        {
            var y = new ReadOnlySpan<float>(_values.Pointer + ((long)row * _stride), width);
            var g = gradient.Row(row)[..width];
            var dot = 0f;
            for (var column = 0; column < width; column++)
                dot += g[column] * y[column];
            for (var column = 0; column < width; column++)
                g[column] = y[column] * (g[column] - dot);
        }

        return gradient;
    }

    /// <inheritdoc />
    public override void Dispose() => _values.Dispose();
}
