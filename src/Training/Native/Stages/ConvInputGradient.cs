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
    private readonly ThreadTeam _team;
    private readonly Place?[] _places = new Place?[ThreadTeam.Most];
    private readonly ThreadTeam.TeamLoop _convolve;
    private readonly FloatBuffer _turned;
    private readonly FloatBuffer _gradients;
    private readonly int _frameWidth;
    private Matrix _gradient;

    /// <summary>Buffers for up to <paramref name="capacity"/> images; the channels are whole vectors.</summary>
    public ConvInputGradient(ConvShape shape, int capacity, ThreadTeam team)
    {
        (_shape, _team, _convolve) = (shape, team, Convolve);
        // Input pixel i is reached from output pixels i + padding - kernel + 1 to i + padding.
        _frameWidth = shape.Width + shape.KernelWidth - 1;
        _turned = new((long)shape.KernelHeight * shape.KernelWidth * shape.Filters * shape.Channels);
        _gradients = new((long)capacity * shape.Height * shape.Width * shape.Channels);
    }

    /// <summary>The gradient for a batch.</summary>
    /// <param name="gradient">With respect to the images after.</param>
    /// <param name="weights">The kernels, [kernel size, filters].</param>
    public Matrix Compute(in Matrix gradient, float* weights)
    {
        Turn(weights);
        _gradient = gradient;
        _team.For(gradient.Rows, _shape.MultiplyAdds * gradient.Rows, _convolve);
        return new(_gradients.Pointer, gradient.Rows, Stride, Stride);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var place in _places)
            place?.Dispose();
        _turned.Dispose();
        _gradients.Dispose();
    }

    private int Stride => _shape.Height * _shape.Width * _shape.Channels;

    private void Convolve(int member, int first, int end)
    {
        var place = _places[member] ??= new(_shape, _frameWidth);
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
        for (var image = first; image < end; image++)
        {
            var after = _gradient.Pointer + ((long)image * _gradient.RowStride);
            var source = place.Frame.Put(after, _shape.OutputHeight, _shape.OutputWidth);
            var target = _gradients.Pointer + ((long)image * Stride);
            for (var row = 0; row < _shape.Height; row++)
            {
                place.Tiles.Multiply(block, source, target, _shape.Width, _shape.Channels, first: true);
                source += block.ASegment;
                target += _shape.Width * _shape.Channels;
            }
        }
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

    /// <summary>What one thread works with.</summary>
    private sealed class Place(ConvShape shape, int frameWidth) : IDisposable
    {
        public ImageFrame Frame { get; } = new(
            shape.KernelHeight - 1 - shape.Top,
            shape.KernelWidth - 1 - shape.Left,
            shape.Height + shape.KernelHeight - 1,
            frameWidth,
            shape.Filters);

        public TileGrid Tiles { get; } = new();

        public void Dispose()
        {
            Frame.Dispose();
            Tiles.Dispose();
        }
    }
}
