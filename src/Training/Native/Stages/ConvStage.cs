using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// A convolution of stride 1 without bias and activation, image by image, as products of matrices whose left factor is
/// read where it lies: under a kernel, the pixels of an image row are one long row of floats. Kernels that cover few
/// floats of a row (the first layer's, on grey images) are laid out as patches first. The weights are [kernel size,
/// filters].
/// </summary>
internal sealed unsafe class ConvStage : Stage
{
    // Below this a tile would spend its time on its edges.
    private const int LeastSegment = 28;

    private readonly ConvShape _shape;
    private readonly TileGrid _tiles;
    private readonly ImageFrame? _frame;
    private readonly FloatBuffer? _patches;
    private readonly FloatBuffer _values;
    private readonly ConvInputGradient? _inputGradient;
    private Matrix _input;

    /// <summary>Buffers for up to <paramref name="capacity"/> images.</summary>
    public ConvStage(ConvShape shape, int capacity, bool inputWanted, TileGrid tiles)
    {
        (_shape, _tiles) = (shape, tiles);
        if (shape.IsPadded)
            _frame = new(shape.Top, shape.Left, shape.PaddedHeight, shape.PaddedWidth, shape.Channels);
        if (shape.KernelWidth * shape.Channels < LeastSegment)
            _patches = new((long)shape.OutputPixels * shape.KernelSize);
        _values = new((long)capacity * shape.OutputPixels * shape.Filters);
        _inputGradient = inputWanted ? new(shape, capacity, tiles) : null;
    }

    /// <summary>The weights, [kernel row, kernel column, channel] by filter.</summary>
    public required float* Weights { get; init; }

    /// <summary>Their gradient, laid out likewise.</summary>
    public required float* WeightGradients { get; init; }

    private int ValueStride => _shape.OutputPixels * _shape.Filters;

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        _input = input;
        var (rows, pixels, block) = _patches is null
            ? (_shape.OutputHeight, _shape.OutputWidth, RowBlock())
            : (1, _shape.OutputPixels, PatchBlock());
        for (var image = 0; image < input.Rows; image++)
        {
            var source = Prepare(image);
            var values = _values.Pointer + ((long)image * ValueStride);
            for (var row = 0; row < rows; row++)
            {
                _tiles.Multiply(block, source, values, pixels, _shape.Filters, first: true);
                source += _shape.PaddedWidth * _shape.Channels;
                values += pixels * _shape.Filters;
            }
        }

        return new(_values.Pointer, input.Rows, ValueStride, ValueStride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        for (var image = 0; image < gradient.Rows; image++)
            AddWeightGradient(Prepare(image), gradient.Pointer + ((long)image * gradient.RowStride), first: image == 0);
        return inputWanted ? _inputGradient!.Compute(gradient, Weights) : default;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _frame?.Dispose();
        _patches?.Dispose();
        _values.Dispose();
        _inputGradient?.Dispose();
    }

    /// <summary>One output row: a pixel's factors are the kernel's rows, each a segment of the padded image.</summary>
    private MatrixBlock RowBlock() => new()
    {
        ARow = _shape.Channels,
        AColumn = 1,
        CRow = _shape.Filters,
        Panel = Weights,
        PanelWidth = _shape.Filters,
        Depth = _shape.KernelWidth * _shape.Channels,
        Segments = _shape.KernelHeight,
        ASegment = _shape.PaddedWidth * _shape.Channels,
    };

    private MatrixBlock PatchBlock() => new()
    {
        ARow = _shape.KernelSize,
        AColumn = 1,
        CRow = _shape.Filters,
        Panel = Weights,
        PanelWidth = _shape.Filters,
        Depth = _shape.KernelSize,
    };

    /// <summary>
    /// The sum over the image's pixels of what each weight was multiplied with times the gradient there.
    /// </summary>
    private void AddWeightGradient(float* source, float* gradient, bool first)
    {
        var block = new MatrixBlock
        {
            ARow = 1,
            AColumn = _patches is null ? _shape.Channels : _shape.KernelSize,
            CRow = _shape.Filters,
            Panel = gradient,
            PanelWidth = _shape.Filters,
            Depth = _patches is null ? _shape.OutputWidth : _shape.OutputPixels,
            Segments = _patches is null ? _shape.OutputHeight : 1,
            ASegment = _shape.PaddedWidth * _shape.Channels,
        };
        if (_patches is not null)
        {
            _tiles.Multiply(block, source, WeightGradients, _shape.KernelSize, _shape.Filters, first);
            return;
        }

        var rows = _shape.KernelWidth * _shape.Channels;
        for (var row = 0; row < _shape.KernelHeight; row++)
        {
            var target = WeightGradients + ((long)row * rows * _shape.Filters);
            _tiles.Multiply(block, source + (row * block.ASegment), target, rows, _shape.Filters, first);
        }
    }

    private float* Prepare(int image)
    {
        var pixels = _input.Pointer + ((long)image * _input.RowStride);
        if (_frame is not null)
            pixels = _frame.Put(pixels, _shape.Height, _shape.Width);
        if (_patches is null)
            return pixels;
        var length = _shape.KernelWidth * _shape.Channels;
        var patch = _patches.Pointer;
        for (var row = 0; row < _shape.OutputHeight; row++)
        {
            for (var column = 0; column < _shape.OutputWidth; column++)
            {
                var source = pixels + ((((long)row * _shape.PaddedWidth) + column) * _shape.Channels);
                for (var line = 0; line < _shape.KernelHeight; line++)
                {
                    for (var i = 0; i < length; i++)
                        patch[i] = source[i];
                    patch += length;
                    source += _shape.PaddedWidth * _shape.Channels;
                }
            }
        }

        return _patches.Pointer;
    }
}
