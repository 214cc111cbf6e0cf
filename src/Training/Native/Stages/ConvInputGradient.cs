using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// The gradient with respect to the images that a convolution of stride 1 read: the convolution of the gradient after,
/// framed with zeros, with the kernels turned by half a turn, filters and channels exchanged.
/// </summary>
internal sealed unsafe class ConvInputGradient : IDisposable
{
    private readonly ConvShape _shape;
    private readonly TileGrid _tiles;
    private readonly ImageFrame _frame;
    private readonly FloatBuffer _turned;
    private readonly FloatBuffer _gradients;
    private readonly int _frameWidth;

    /// <summary>Buffers for up to <paramref name="capacity"/> images; the channels are whole vectors.</summary>
    public ConvInputGradient(ConvShape shape, int capacity, TileGrid tiles)
    {
        (_shape, _tiles) = (shape, tiles);
        // Input pixel i is reached from output pixels i + padding - kernel + 1 to i + padding.
        _frameWidth = shape.Width + shape.KernelWidth - 1;
        _frame = new(
            shape.KernelHeight - 1 - shape.Top,
            shape.KernelWidth - 1 - shape.Left,
            shape.Height + shape.KernelHeight - 1,
            _frameWidth,
            shape.Filters);
        _turned = new((long)shape.KernelHeight * shape.KernelWidth * shape.Filters * shape.Channels);
        _gradients = new((long)capacity * shape.Height * shape.Width * shape.Channels);
    }

    /// <summary>The gradient for a batch.</summary>
    /// <param name="gradient">With respect to the images after.</param>
    /// <param name="weights">The kernels, [kernel size, filters].</param>
    public Matrix Compute(in Matrix gradient, float* weights)
    {
        Turn(weights);
        var stride = _shape.Height * _shape.Width * _shape.Channels;
        var block = new MatrixBlock
        {
            ARow = _shape.Filters,
            AColumn = 1,
            CRow = _shape.Channels,
            Panel = _turned.Pointer,
            PanelWidth = _shape.Channels,
            Depth = _shape.KernelWidth * _shape.Filters,
            Segments = _shape.KernelHeight,
            ASegment = _frameWidth * _shape.Filters,
        };
        for (var image = 0; image < gradient.Rows; image++)
        {
            var after = gradient.Pointer + ((long)image * gradient.RowStride);
            var source = _frame.Put(after, _shape.OutputHeight, _shape.OutputWidth);
            var target = _gradients.Pointer + ((long)image * stride);
            for (var row = 0; row < _shape.Height; row++)
            {
                _tiles.Multiply(block, source, target, _shape.Width, _shape.Channels, first: true);
                source += block.ASegment;
                target += _shape.Width * _shape.Channels;
            }
        }

        return new(_gradients.Pointer, gradient.Rows, stride, stride);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _frame.Dispose();
        _turned.Dispose();
        _gradients.Dispose();
    }

    private void Turn(float* weights)
    {
        var size = _shape.Channels * _shape.Filters;
        var last = (_shape.KernelHeight * _shape.KernelWidth) - 1;
        for (var place = 0; place <= last; place++)
        {
            var kernels = weights + ((long)(last - place) * size);
            var turned = _turned.Pointer + ((long)place * size);
            var (filters, channels) = (_shape.Filters, _shape.Channels);
            MatrixPanel.CopyTransposed(kernels, filters, filters, channels, channels, turned);
        }
    }
}
