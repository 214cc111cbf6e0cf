using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// Inverted dropout: y = x m with m zero or 1 / (1 - rate). The masks of an epoch are one stream, sample after sample,
/// so that nothing needs saving between epochs.
/// </summary>
/// <param name="width">Values of a sample.</param>
/// <param name="rate">The probability of zero.</param>
/// <param name="key">The stream, without its epoch.</param>
/// <param name="capacity">The most samples in a batch.</param>
/// <param name="image">
/// Images whose masks are drawn channels first, though they lie channels last; null: masks are drawn as values lie.
/// </param>
internal sealed unsafe class DropoutStage(
    int width, double rate, StreamKey key, int capacity, TensorShape? image = null) : Stage
{
    private readonly FloatBuffer? _drawn = image is { } shape ? new(shape.Size) : null;
    private readonly FloatBuffer _masks = new((long)capacity * FloatBuffer.RoundUp(width));
    private readonly FloatBuffer _values = new((long)capacity * FloatBuffer.RoundUp(width));
    private readonly int _stride = FloatBuffer.RoundUp(width);
    private RandomStream _stream = new(key with { Epoch = 1 });

    /// <inheritdoc />
    public override void BeginEpoch(int epoch) => _stream = new(key with { Epoch = epoch });

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        if (!learning)
            return input;
        if (image is { } shape)
        {
            Draw(input.Rows, shape.Channels, shape.Height * shape.Width);
        }
        else if (_stride == width)
        {
            _stream.FillDropoutMask(_masks.Span[..(input.Rows * width)], (float)rate);
        }
        else
        {
            for (var row = 0; row < input.Rows; row++)
                _stream.FillDropoutMask(_masks.Span.Slice(row * _stride, width), (float)rate);
        }

        var values = new Matrix(_values.Pointer, input.Rows, width, _stride);
        if (input.RowStride == _stride)
            Multiply(input, values);
        else
            MultiplyUnpadded(input, values);
        return values;
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        Multiply(gradient, gradient);
        return gradient;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _drawn?.Dispose();
        _masks.Dispose();
        _values.Dispose();
    }

    private void Draw(int images, int channels, int pixels)
    {
        for (var row = 0; row < images; row++)
        {
            _stream.FillDropoutMask(_drawn!.Span[..(channels * pixels)], (float)rate);
            var mask = _masks.Pointer + ((long)row * _stride);
            MatrixPanel.CopyTransposed(_drawn.Pointer, pixels, pixels, channels, width / pixels, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(in Matrix from, in Matrix to)
    {
        float* x = from.Pointer, y = to.Pointer, m = _masks.Pointer;
        for (var i = 0L; i < (long)from.Rows * _stride; i += FloatBuffer.Lane)
            (Vector512.Load(x + i) * Vector512.Load(m + i)).Store(y + i);
    }

    private void MultiplyUnpadded(in Matrix from, in Matrix to)
    {
        for (var row = 0; row < from.Rows; row++)
        {
            for (var column = 0; column < width; column++)
                to.Row(row)[column] =
                    from.Pointer[((long)row * from.RowStride) + column] * _masks.Span[(row * _stride) + column];
        }
    }
}
