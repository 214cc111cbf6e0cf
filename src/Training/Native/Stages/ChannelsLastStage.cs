using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// The data set's images, channels first, as images with channels last and no padding. Data have no gradient.
/// </summary>
/// <param name="pixels">Pixels of an image.</param>
/// <param name="channels">Its channels.</param>
/// <param name="capacity">The most images in a batch.</param>
internal sealed unsafe class ChannelsLastStage(int pixels, int channels, int capacity) : Stage
{
    private readonly FloatBuffer _values = new((long)capacity * pixels * channels);

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        for (var image = 0; image < input.Rows; image++)
        {
            var source = input.Pointer + ((long)image * input.RowStride);
            var target = _values.Pointer + ((long)image * pixels * channels);
            MatrixPanel.CopyTransposed(source, pixels, pixels, channels, channels, target);
        }

        return new(_values.Pointer, input.Rows, pixels * channels, pixels * channels);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted) =>
        throw new NotSupportedException("Data have no gradient.");

    /// <inheritdoc />
    public override void Dispose() => _values.Dispose();
}
