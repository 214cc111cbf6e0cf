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
    private readonly int _capacity;
    private readonly ThreadTeam _team;
    private readonly bool _wide;
    private readonly TeamPlaces<Place> _places;
    private readonly ThreadTeam.TeamLoop _convolve;
    private readonly FloatBuffer _turned;
    private readonly FloatBuffer _gradients;
    private readonly Phase[] _rows;
    private readonly Phase[] _columns;
    private Matrix _after;

    /// <summary>Buffers for up to <paramref name="capacity"/> images; the channels are whole vectors.</summary>
    public ConvInputGradient(ConvShape shape, int capacity, ThreadTeam team, bool wide)
    {
        (_shape, _capacity, _team, _wide, _convolve) = (shape, capacity, team, wide, Convolve);
        _places = new(() => new(this));
        _rows = Phase.All(shape.Height, shape.Top, shape.KernelHeight, shape.StrideHeight);
        _columns = Phase.All(shape.Width, shape.Left, shape.KernelWidth, shape.StrideWidth);
        _turned = new((long)shape.KernelHeight * shape.KernelWidth * shape.Filters * shape.Channels);
        _gradients = new((long)capacity * Stride);
    }

    private int Stride => _shape.Height * _shape.Width * _shape.Channels;

    /// <summary>Where the gradient for so many images comes.</summary>
    public Matrix Buffer(int images) => new(_gradients.Pointer, images, Stride, Stride);

    /// <summary>Computes the gradient for a batch.</summary>
    /// <param name="gradient">With respect to the images after.</param>
    /// <param name="weights">The kernels, [kernel size, filters].</param>
    public void Compute(in Matrix gradient, float* weights)
    {
        Turn(weights);
        _after = gradient;
        _team.For(gradient.Rows, _shape.MultiplyAdds * gradient.Rows, _convolve);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _places.Dispose();
        _turned.Dispose();
        _gradients.Dispose();
    }

    private void Convolve(int member, int first, int end)
    {
        var place = _places[member];
        place.First = first;
        var gradients = _gradients.Pointer + ((long)first * Stride);
        // Pixels that no place of the kernel reaches.
        if (_shape.KernelHeight < _shape.StrideHeight || _shape.KernelWidth < _shape.StrideWidth)
            new Span<float>(gradients, (end - first) * Stride).Clear();
        var (turned, channels) = ((nint)_turned.Pointer, _shape.Channels);
        for (var phase = 0; phase < _rows.Length * _columns.Length; phase++)
        {
            var (rows, columns) = (_rows[phase / _columns.Length], _columns[phase % _columns.Length]);
            place.WindowsOf(phase)?.Multiply(
                end - first,
                (float*)turned,
                channels,
                new(
                    gradients + ((((long)rows.First * _shape.Width) + columns.First) * channels),
                    _shape.StrideWidth * channels,
                    _shape.StrideHeight * _shape.Width * channels,
                    Stride));
            turned += (nint)rows.Kernel * columns.Kernel * _shape.Filters * channels * sizeof(float);
        }
    }

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

    /// <summary>What one thread works with: an image of the gradient after with zeros around it, and a product for each
    /// phase.</summary>
    private sealed class Place : IDisposable
    {
        private readonly ConvInputGradient _all;
        private readonly TileGrid _tiles;
        private readonly ImageFrame _frame;
        private readonly int _frameWidth;
        private readonly WindowProduct?[] _windows;
        private long _corner;

        public Place(ConvInputGradient all)
        {
            var shape = all._shape;
            (_all, _tiles) = (all, new() { Wide = all._wide });
            var (top, height) = Phase.Frame(all._rows, shape.OutputHeight);
            (var left, _frameWidth) = Phase.Frame(all._columns, shape.OutputWidth);
            _frame = new(top, left, height, _frameWidth, shape.Filters);
            _windows =
            [
                .. all._rows.SelectMany(_ => all._columns, (rows, columns) => rows.Reached && columns.Reached
                    ? new WindowProduct(
                        _tiles, ShapeOf(rows, columns), Prepare, shape.Channels, all._capacity,
                        scatters: all._rows.Length * all._columns.Length > 1)
                    : null),
            ];
        }

        /// <summary>The image that the products call their first.</summary>
        public int First { get; set; }

        /// <summary>The product of a phase, which it turns to; null: no place of the kernel reaches it.</summary>
        public WindowProduct? WindowsOf(int phase)
        {
            var (row, column) = Math.DivRem(phase, _all._columns.Length);
            var (rows, columns) = (_all._rows[row], _all._columns[column]);
            _corner = ((((long)rows.Source + _frame.Top) * _frameWidth) + columns.Source + _frame.Left)
                * _all._shape.Filters;
            return _windows[phase];
        }

        public void Dispose()
        {
            _tiles.Dispose();
            _frame.Dispose();
            foreach (var windows in _windows)
                windows?.Dispose();
        }

        private WindowShape ShapeOf(in Phase rows, in Phase columns) => new(
            rows.Count,
            columns.Count,
            _all._shape.Filters,
            _frameWidth * _all._shape.Filters,
            columns.Kernel * _all._shape.Filters,
            rows.Kernel,
            _frameWidth * _all._shape.Filters);

        private float* Prepare(int image) => _corner + _frame.Put(
            _all._after.Pointer + ((long)(First + image) * _all._after.RowStride), _all._shape.OutputHeight,
            _all._shape.OutputWidth);
    }
}
