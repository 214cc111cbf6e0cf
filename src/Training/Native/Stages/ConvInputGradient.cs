using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// The gradient with respect to the images that a convolution read. Of stride 1 it is the convolution of the gradient
/// after, framed with zeros, with the kernels turned by half a turn, filters and channels exchanged. Of a stride s each
/// of the s pixels from one place of the kernel to the next is reached by another s-th of the kernel's values, so that
/// there are s x s such convolutions (<see cref="Phase"/>), each of stride 1, which together do an s x s-th of the
/// work.
/// </summary>
internal sealed unsafe class ConvInputGradient : IDisposable
{
    private readonly ConvShape _shape;
    private readonly ImageFrame _frame;
    private readonly FloatBuffer _turned;
    private readonly FloatBuffer _gradients;
    private readonly int _frameWidth;
    private readonly Phase[] _rows;
    private readonly Phase[] _columns;
    private readonly WindowProduct?[] _windows;
    private Matrix _after;
    private long _corner;

    /// <summary>Buffers for up to <paramref name="capacity"/> images; the channels are whole vectors.</summary>
    public ConvInputGradient(ConvShape shape, int capacity, TileGrid tiles)
    {
        _shape = shape;
        _rows = Phase.All(shape.Height, shape.Top, shape.KernelHeight, shape.StrideHeight);
        _columns = Phase.All(shape.Width, shape.Left, shape.KernelWidth, shape.StrideWidth);
        var (top, height) = Phase.Frame(_rows, shape.OutputHeight);
        (var left, _frameWidth) = Phase.Frame(_columns, shape.OutputWidth);
        _frame = new(top, left, height, _frameWidth, shape.Filters);
        _turned = new((long)shape.KernelHeight * shape.KernelWidth * shape.Filters * shape.Channels);
        _gradients = new((long)capacity * Stride);
        _windows =
        [
            .. _rows.SelectMany(_ => _columns, (rows, columns) => rows.Reached && columns.Reached
                ? new WindowProduct(
                    tiles, WindowsOf(rows, columns), Prepare, shape.Channels, capacity,
                    scatters: _rows.Length * _columns.Length > 1)
                : null),
        ];
    }

    private int Stride => _shape.Height * _shape.Width * _shape.Channels;

    /// <summary>The gradient for a batch.</summary>
    /// <param name="gradient">With respect to the images after.</param>
    /// <param name="weights">The kernels, [kernel size, filters].</param>
    public Matrix Compute(in Matrix gradient, float* weights)
    {
        Turn(weights);
        _after = gradient;
        // Pixels that no place of the kernel reaches.
        if (_shape.KernelHeight < _shape.StrideHeight || _shape.KernelWidth < _shape.StrideWidth)
            _gradients.Span[..(gradient.Rows * Stride)].Clear();
        var (turned, channels) = ((nint)_turned.Pointer, _shape.Channels);
        for (var phase = 0; phase < _windows.Length; phase++)
        {
            var (rows, columns) = (_rows[phase / _columns.Length], _columns[phase % _columns.Length]);
            _corner = ((((long)rows.Source + _frame.Top) * _frameWidth) + columns.Source + _frame.Left)
                * _shape.Filters;
            _windows[phase]?.Multiply(
                gradient.Rows,
                (float*)turned,
                channels,
                new(
                    _gradients.Pointer + ((((long)rows.First * _shape.Width) + columns.First) * channels),
                    _shape.StrideWidth * channels,
                    _shape.StrideHeight * _shape.Width * channels,
                    Stride));
            turned += (nint)rows.Kernel * columns.Kernel * _shape.Filters * channels * sizeof(float);
        }

        return new(_gradients.Pointer, gradient.Rows, Stride, Stride);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _frame.Dispose();
        _turned.Dispose();
        _gradients.Dispose();
        foreach (var windows in _windows)
            windows?.Dispose();
    }

    private WindowShape WindowsOf(in Phase rows, in Phase columns) => new(
        rows.Count,
        columns.Count,
        _shape.Filters,
        _frameWidth * _shape.Filters,
        columns.Kernel * _shape.Filters,
        rows.Kernel,
        _frameWidth * _shape.Filters);

    private float* Prepare(int image) => _corner + _frame.Put(
        _after.Pointer + ((long)image * _after.RowStride), _shape.OutputHeight, _shape.OutputWidth);

    /// <summary>Phase after phase, the values of its kernel from the last to the first.</summary>
    private void Turn(float* weights)
    {
        var (filters, channels) = (_shape.Filters, _shape.Channels);
        var turned = _turned.Pointer;
        foreach (var rows in _rows)
        {
            foreach (var columns in _columns)
            {
                for (var row = rows.Last; row >= 0; row -= _shape.StrideHeight)
                {
                    for (var column = columns.Last; column >= 0; column -= _shape.StrideWidth)
                    {
                        var kernels = weights + (((long)row * _shape.KernelWidth) + column) * channels * filters;
                        MatrixPanel.CopyTransposed(kernels, filters, filters, channels, channels, turned);
                        turned += (long)channels * filters;
                    }
                }
            }
        }
    }

    /// <summary>Along one axis, the pixels that the same values of the kernel reach.</summary>
    /// <param name="First">The first of them; the next follow a stride apart.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Kernel">Values of the kernel that reach them.</param>
    /// <param name="Last">The last of these in the kernel; below 0: none.</param>
    /// <param name="Source">The place after, of which the last value reaches the first pixel; may lie before the
    /// image.</param>
    private readonly record struct Phase(int First, int Count, int Kernel, int Last, int Source)
    {
        public bool Reached => Count > 0 && Kernel > 0;

        /// <summary>
        /// Pixel i is reached from place o by value k where i + padding = o stride + k: by the values k that leave the
        /// same remainder.
        /// </summary>
        public static Phase[] All(int size, int padding, int kernel, int stride)
        {
            var phases = new Phase[stride];
            for (var remainder = 0; remainder < stride; remainder++)
            {
                var values = (kernel - remainder + stride - 1) / stride;
                var first = (((remainder - padding) % stride) + stride) % stride;
                phases[remainder] = new(
                    first,
                    Math.Max(0, (size - first + stride - 1) / stride),
                    Math.Max(0, values),
                    values > 0 ? remainder + ((values - 1) * stride) : -1,
                    ((first + padding - remainder) / stride) - (values - 1));
            }

            return phases;
        }

        /// <summary>Zeros before what the convolution gave, and the length of both with those after.</summary>
        public static (int Before, int Length) Frame(Phase[] phases, int outputs)
        {
            var reached = phases.Where(phase => phase.Reached).ToList();
            var before = reached.Max(phase => Math.Max(0, -phase.Source));
            return (before, before + reached.Max(
                phase => Math.Max(outputs, phase.Source + phase.Count + phase.Kernel - 1)));
        }
    }
}
