using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>Images, channels last, as vectors in the order that weights are kept in: channels, rows, columns.</summary>
/// <param name="pixels">Pixels of an image.</param>
/// <param name="channels">Its channels.</param>
/// <param name="capacity">The most images in a batch.</param>
internal sealed unsafe class FlattenStage(int pixels, int channels, int capacity) : Stage
{
    private readonly int _padded = FloatBuffer.RoundUp(channels);
    private readonly FloatBuffer _values = new((long)capacity * FloatBuffer.RoundUp(pixels * channels));
    private readonly FloatBuffer _inputGradients = new((long)capacity * pixels * FloatBuffer.RoundUp(channels));

    private int Width => pixels * channels;

    private int Stride => FloatBuffer.RoundUp(Width);

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        for (var image = 0; image < input.Rows; image++)
        {
            var source = input.Pointer + ((long)image * input.RowStride);
            var target = _values.Pointer + ((long)image * Stride);
            MatrixPanel.CopyTransposed(source, _padded, channels, pixels, pixels, target);
        }

        return new(_values.Pointer, input.Rows, Width, Stride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        for (var image = 0; image < gradient.Rows; image++)
        {
            var source = gradient.Pointer + ((long)image * gradient.RowStride);
            var target = _inputGradients.Pointer + ((long)image * pixels * _padded);
            MatrixPanel.CopyTransposed(source, pixels, pixels, channels, _padded, target);
        }

        return new(_inputGradients.Pointer, gradient.Rows, pixels * _padded, pixels * _padded);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _values.Dispose();
        _inputGradients.Dispose();
    }
}

/// <summary>The data set's images, channels first, as images with channels last. Data have no gradient.</summary>
/// <param name="pixels">Pixels of an image; 1: vectors, which are padded.</param>
/// <param name="channels">Its channels.</param>
/// <param name="padded">Floats of a pixel, those beyond the channels zero.</param>
/// <param name="capacity">The most images in a batch.</param>
internal sealed unsafe class ChannelsLastStage(int pixels, int channels, int padded, int capacity) : Stage
{
    private readonly FloatBuffer _values = new((long)capacity * pixels * padded);

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        for (var image = 0; image < input.Rows; image++)
        {
            var source = input.Pointer + ((long)image * input.RowStride);
            var target = _values.Pointer + ((long)image * pixels * padded);
            MatrixPanel.CopyTransposed(source, pixels, pixels, channels, padded, target);
        }

        return new(_values.Pointer, input.Rows, pixels == 1 ? channels : pixels * padded, pixels * padded);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted) => inputWanted
        ? throw new NotSupportedException("Data have no gradient.")
        : default;

    /// <inheritdoc />
    public override void Dispose() => _values.Dispose();
}
