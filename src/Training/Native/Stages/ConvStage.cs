using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// A convolution without bias and activation: products of what lies under its kernels with the weights, which are
/// [kernel size, filters].
/// </summary>
internal sealed unsafe class ConvStage : Stage
{
    private readonly ConvShape _shape;
    private readonly ImageFrame? _frame;
    private readonly WindowProduct _windows;
    private readonly FloatBuffer _values;
    private readonly ConvInputGradient? _inputGradient;
    private Matrix _input;

    /// <summary>Buffers for up to <paramref name="capacity"/> images.</summary>
    public ConvStage(ConvShape shape, int capacity, bool inputWanted, TileGrid tiles)
    {
        _shape = shape;
        // Images that are not of whole vectors end where others begin, or nothing is.
        if (shape.IsPadded || shape.Channels % FloatBuffer.Lane != 0)
            _frame = new(shape.Top, shape.Left, shape.PaddedHeight, shape.PaddedWidth, shape.Channels);
        var windows = new WindowShape(
            shape.OutputHeight,
            shape.OutputWidth,
            shape.StrideWidth * shape.Channels,
            shape.StrideHeight * shape.PaddedRow,
            shape.KernelWidth * shape.Channels,
            shape.KernelHeight,
            shape.PaddedRow);
        _windows = new(tiles, windows, Prepare, shape.Filters, capacity);
        _values = new((long)capacity * ValueStride);
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
        var filters = _shape.Filters;
        _windows.Multiply(
            input.Rows, Weights, filters,
            new(_values.Pointer, filters, _shape.OutputWidth * filters, ValueStride));
        return new(_values.Pointer, input.Rows, ValueStride, ValueStride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        _windows.MultiplyTransposed(gradient.Rows, gradient.Pointer, _shape.Filters, WeightGradients);
        return inputWanted ? _inputGradient!.Compute(gradient, Weights) : default;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _frame?.Dispose();
        _windows.Dispose();
        _values.Dispose();
        _inputGradient?.Dispose();
    }

    private float* Prepare(int image)
    {
        var pixels = _input.Pointer + ((long)image * _input.RowStride);
        return _frame is null ? pixels : _frame.Put(pixels, _shape.Height, _shape.Width);
    }
}
