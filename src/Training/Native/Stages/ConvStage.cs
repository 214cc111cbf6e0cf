using Sweeps.Training.Native.Narrow;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Sparse;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// A convolution without bias and activation: products of what lies under its kernels with the weights, which are
/// [kernel size, filters].
/// </summary>
internal sealed unsafe class ConvStage : Stage
{
    // Rows of the gradient of the weights that a thread takes at least.
    private const int PartRows = 12;

    private readonly ConvShape _shape;
    private readonly int _capacity;
    private readonly ThreadTeam _team;
    private readonly bool _wide;
    private readonly TeamPlaces<Place> _places;
    private readonly FloatBuffer _values;
    private readonly ConvInputGradient? _inputGradient;
    private readonly SparseConvolution? _sparse;
    private readonly NarrowConvolution? _narrow;
    private readonly ThreadTeam.TeamLoop _forward;
    private readonly ThreadTeam.TeamLoop _weightGradients;
    private Matrix _input;
    private Matrix _gradient;

    /// <summary>Buffers for up to <paramref name="capacity"/> images.</summary>
    public ConvStage(
        ConvShape shape, int capacity, bool inputWanted, ThreadTeam team, bool wide,
        ZeroPolicy zeros = ZeroPolicy.WhereFaster, ZeroPolicy padding = ZeroPolicy.WhereFaster)
    {
        (_shape, _capacity, _team, _wide) = (shape, capacity, team, wide);
        (_forward, _weightGradients) = (Forward, AddWeightGradients);
        _places = new(() => new(this));
        _values = new((long)capacity * ValueStride);
        _inputGradient = inputWanted ? new(shape, capacity, team, wide) : null;
        _narrow = NarrowConvolution.Create(shape, capacity, inputWanted, team, wide, padding);
        _sparse = SparseConvolution.Create(shape, capacity, inputWanted, team, wide, zeros, _narrow);
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
        if (_sparse?.Forward(input, Weights, _values.Pointer) != true
            && _narrow?.Forward(input, Weights, _values.Pointer) != true)
        {
            _team.For(input.Rows, _shape.MultiplyAdds * input.Rows, _forward);
        }

        return new(_values.Pointer, input.Rows, ValueStride, ValueStride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        _gradient = gradient;
        var sparse = _sparse?.BeginBackward(gradient) == true ? _sparse : null;
        if (sparse?.AddWeightGradients(gradient, WeightGradients) != true
            && _narrow?.AddWeightGradients(_input, gradient, WeightGradients) != true)
        {
            var parts = (_shape.KernelSize + PartRows - 1) / PartRows;
            // Every part begins with all images.
            _team.For(parts, _shape.MultiplyAdds * gradient.Rows, _weightGradients, partsEach: 1);
        }

        if (!inputWanted)
            return default;
        var inputGradients = _inputGradient!.Buffer(gradient.Rows);
        if (sparse?.InputGradients(gradient, Weights, inputGradients.Pointer) != true
            && _narrow?.InputGradients(gradient, Weights, inputGradients) != true)
        {
            _inputGradient.Compute(gradient, Weights);
        }

        return inputGradients;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _places.Dispose();
        _values.Dispose();
        _inputGradient?.Dispose();
        _narrow?.Dispose();
        _sparse?.Dispose();
    }

    private void Forward(int member, int first, int end)
    {
        var (place, filters) = (_places[member], _shape.Filters);
        place.First = first;
        place.Windows.Multiply(
            end - first, Weights, filters,
            new(_values.Pointer + ((long)first * ValueStride), filters, _shape.OutputWidth * filters, ValueStride));
    }

    /// <summary>Some rows of the gradient, each the sum over all images in their order.</summary>
    private void AddWeightGradients(int member, int first, int end)
    {
        var place = _places[member];
        place.First = 0;
        place.Windows.MultiplyTransposed(
            _gradient.Rows, _gradient.Pointer, _shape.Filters, WeightGradients, first * PartRows,
            Math.Min(end * PartRows, _shape.KernelSize));
    }

    /// <summary>What one thread works with.</summary>
    private sealed class Place : IDisposable
    {
        private readonly ConvStage _stage;
        private readonly TileGrid _tiles;
        private readonly ImageFrame? _frame;

        public Place(ConvStage stage)
        {
            _stage = stage;
            _tiles = new() { Wide = stage._wide };
            var shape = stage._shape;
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
            Windows = new(_tiles, windows, Prepare, shape.Filters, stage._capacity);
        }

        public WindowProduct Windows { get; }

        /// <summary>The image that the product calls its first.</summary>
        public int First { get; set; }

        public void Dispose()
        {
            _tiles.Dispose();
            _frame?.Dispose();
            Windows.Dispose();
        }

        private float* Prepare(int image)
        {
            var pixels = _stage._input.Pointer + ((long)(First + image) * _stage._input.RowStride);
            return _frame is null ? pixels : _frame.Put(pixels, _stage._shape.Height, _stage._shape.Width);
        }
    }
}
