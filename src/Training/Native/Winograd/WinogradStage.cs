using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Winograd;

/// <summary>
/// A convolution of 3x3 kernels, stride 1, without bias and activation, by Winograd's F(2x2, 3x3): 16 products for
/// what takes 36, and shorter sums. Its gradients are those of that very computation. The weights are [kernel size,
/// filters].
/// </summary>
internal sealed unsafe class WinogradStage : Stage
{
    private readonly ConvShape _shape;
    private readonly WinogradTiles _tiles;
    private readonly WinogradConvolution _forward;
    private readonly WinogradConvolution? _backward;
    private readonly FloatBuffer? _turned;
    private readonly WinogradGradient _gradient;
    private Matrix _input;

    /// <summary>Buffers for up to <paramref name="capacity"/> images.</summary>
    public WinogradStage(ConvShape shape, int capacity, bool inputWanted, ThreadTeam team, bool wide)
    {
        _shape = shape;
        _tiles = new(shape.Top, shape.Left, shape.OutputHeight, shape.OutputWidth, shape.Channels);
        _forward = new(_tiles, shape.Filters, capacity, team, wide);
        _gradient = new(_tiles, shape.Filters, team, wide);
        if (!inputWanted)
            return;
        // Input pixel i is reached from output pixels i + padding - 2 to i + padding.
        var back = new WinogradTiles(2 - shape.Top, 2 - shape.Left, shape.Height, shape.Width, shape.Filters);
        _backward = new(back, shape.Channels, capacity, team, wide);
        _turned = new((long)shape.KernelSize * shape.Filters);
    }

    /// <summary>The weights, [kernel row, kernel column, channel] by filter.</summary>
    public required float* Weights { get; init; }

    /// <summary>Their gradient, laid out likewise.</summary>
    public required float* WeightGradients { get; init; }

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        _input = input;
        return _forward.Convolve(input, _shape.Height, _shape.Width, Weights);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        _gradient.Compute(_input, _shape.Height, _shape.Width, gradient, WeightGradients);
        if (!inputWanted)
            return default;
        Turn();
        return _backward!.Convolve(gradient, _shape.OutputHeight, _shape.OutputWidth, _turned!.Pointer);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _forward.Dispose();
        _backward?.Dispose();
        _turned?.Dispose();
        _gradient.Dispose();
    }

    // The kernels turned by half a turn, filters and channels exchanged.
    private void Turn()
    {
        var (channels, filters) = (_shape.Channels, _shape.Filters);
        for (var place = 0; place < 9; place++)
        {
            var kernels = Weights + ((long)(8 - place) * channels * filters);
            var turned = _turned!.Pointer + ((long)place * channels * filters);
            MatrixPanel.CopyTransposed(kernels, filters, filters, channels, channels, turned);
        }
    }
}
