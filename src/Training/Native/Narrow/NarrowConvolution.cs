using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Sparse;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Narrow;

/// <summary>
/// The products of a convolution of few channels or filters without what only pads them to whole vectors. Each says
/// whether it was done; where not, it is to be done with the padding. The bits are the same: what is left out is zero
/// times a number. Were that number infinite or NaN, so would be some of what is computed, which is looked at.
/// </summary>
internal sealed unsafe class NarrowConvolution : IDisposable
{
    // Of the vectors that are multiplied with padding; above it, what it costs to go there and back would be too much.
    private const double MostShare = 0.75;

    // Rows of the gradient of the weights that a thread takes at least.
    private const int PartRows = 12;

    private readonly ConvShape _shape;
    private readonly ThreadTeam _team;
    private readonly PlaneConvolution? _planes;
    private readonly PlaneConvolution? _planesBack;
    private readonly TeamPlaces<Place>? _places;
    private readonly FloatBuffer? _weights;
    private readonly FloatBuffer? _sums;
    private readonly bool _isTurned;
    private readonly ThreadTeam.TeamLoop _forward;
    private readonly ThreadTeam.TeamLoop _gradients;
    private Matrix _input;
    private Matrix _gradient;
    private float* _values;

    private NarrowConvolution(ConvShape shape, in Ways ways, int capacity, ThreadTeam team, bool wide)
    {
        (_shape, _team, _forward, _gradients) = (shape, team, Forward, AddGradients);
        if (ways.Forward is Way.Planes)
            _planes = new(PlaneShape.Forward(shape), capacity, team, wide);
        if (ways.Back is Way.Planes)
            _planesBack = new(PlaneShape.Backward(shape), capacity, team, wide);
        (ForwardShare, BackwardShare) = (ways.ForwardShare, ways.BackwardShare);
        _isTurned = ways.Kernels == Way.Turned;
        if (ways.Forward == Way.Compact)
            _weights = new((long)Size * shape.Filters);
        if (ways.Kernels != Way.Whole)
            _sums = new((long)(_isTurned ? shape.OutputChannels * FloatBuffer.RoundUp(Size) : Size * shape.Filters));
        if (_weights is not null || _sums is not null)
            _places = new(() => new(shape, capacity, wide, _isTurned));
    }

    private enum Way
    {
        Whole,
        Compact,
        Turned,
        Planes,
    }

    /// <summary>What the outputs take, of what they take with padding.</summary>
    public double ForwardShare { get; }

    /// <summary>What the gradients take, of what they take with padding.</summary>
    public double BackwardShare { get; }

    /// <summary>Values under a kernel.</summary>
    private int Size => _shape.KernelHeight * _shape.KernelWidth * _shape.InputChannels;

    private int ValueStride => _shape.OutputPixels * _shape.Filters;

    /// <summary>Buffers for it; null: it is nothing for this convolution.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="capacity">The most images of a batch.</param>
    /// <param name="inputWanted">Whether the gradient of its inputs is wanted.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether tiles of 512 bits are used.</param>
    /// <param name="policy">When to do it.</param>
    public static NarrowConvolution? Create(
        ConvShape shape, int capacity, bool inputWanted, ThreadTeam team, bool wide, ZeroPolicy policy)
    {
        var most = policy switch
        {
            ZeroPolicy.Never => 0,
            ZeroPolicy.Always => double.PositiveInfinity,
            _ => MostShare,
        };
        var ways = Ways.Of(shape, inputWanted, most);
        return ways is { Forward: Way.Whole, Kernels: Way.Whole, Back: Way.Whole }
            ? null : new(shape, ways, capacity, team, wide);
    }

    /// <summary>The outputs.</summary>
    /// <param name="input">The images.</param>
    /// <param name="weights">[kernel row, kernel column, channel] by filter.</param>
    /// <param name="values">Receives them.</param>
    public bool Forward(in Matrix input, float* weights, float* values)
    {
        _input = input;
        if (_planes is not null)
        {
            _planes.Take(weights);
            return _planes.Compute(input, new(values, input.Rows, ValueStride, ValueStride));
        }

        if (_weights is null)
            return false;
        CopyKernels(weights, _shape.Channels, _weights.Pointer, _shape.InputChannels);
        _values = values;
        _team.For(input.Rows, _shape.MultiplyAdds * input.Rows / 2, _forward);
        // Without terms of zero a sum may end at -0.
        return ProductTerms.AreFinite(values, input.Rows * ValueStride)
            && !ProductTerms.HasNegativeZero(values, (long)input.Rows * ValueStride);
    }

    /// <summary>The gradient of the weights, from that of the outputs.</summary>
    public bool AddWeightGradients(in Matrix input, in Matrix gradient, float* weightGradients)
    {
        if (_sums is null)
            return false;
        (_input, _gradient) = (input, gradient);
        var parts = _isTurned ? FloatBuffer.RoundUp(Size) / FloatBuffer.Lane : (Size + PartRows - 1) / PartRows;
        // Every part begins with all images.
        _team.For(parts, _shape.MultiplyAdds * gradient.Rows / 2, _gradients, partsEach: 1);
        if (!ProductTerms.AreFinite(_sums.Pointer, _sums.Length))
            return false;
        new Span<float>(weightGradients, _shape.KernelSize * _shape.Filters).Clear();
        if (_isTurned)
            PutTurned(weightGradients);
        else
            CopyKernels(_sums.Pointer, _shape.InputChannels, weightGradients, _shape.Channels);
        return true;
    }

    /// <summary>The gradient of the inputs.</summary>
    public bool InputGradients(in Matrix gradient, float* weights, in Matrix inputGradients)
    {
        if (_planesBack is null)
            return false;
        _planesBack.TakeTurned(weights);
        return _planesBack.Compute(gradient, inputGradients);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _planes?.Dispose();
        _planesBack?.Dispose();
        _places?.Dispose();
        _weights?.Dispose();
        _sums?.Dispose();
    }

    private void Forward(int member, int first, int end)
    {
        var (place, filters) = (_places![member], _shape.Filters);
        place.Images = _input.RowsFrom(first, end - first);
        place.Windows.Multiply(
            end - first, _weights!.Pointer, filters,
            new(_values + ((long)first * ValueStride), filters, _shape.OutputWidth * filters, ValueStride));
    }

    private void AddGradients(int member, int first, int end)
    {
        var place = _places![member];
        var gradient = _gradient.Pointer;
        place.Images = _input;
        if (_isTurned)
        {
            place.Windows.MultiplyTurned(
                _gradient.Rows, gradient, _shape.Filters, _shape.OutputChannels, _sums!.Pointer,
                first * FloatBuffer.Lane, end * FloatBuffer.Lane);
            return;
        }

        place.Windows.MultiplyTransposed(
            _gradient.Rows, gradient, _shape.Filters, _sums!.Pointer, first * PartRows, Math.Min(end * PartRows, Size));
    }

    /// <summary>Copies the rows of kernels from places of so many channels to places of others.</summary>
    private void CopyKernels(float* from, int channels, float* to, int channelsAfter)
    {
        var length = _shape.InputChannels * _shape.Filters;
        for (var place = 0; place < _shape.KernelHeight * _shape.KernelWidth; place++)
        {
            new Span<float>(from + ((long)place * channels * _shape.Filters), length)
                .CopyTo(new(to + ((long)place * channelsAfter * _shape.Filters), length));
        }
    }

    private void PutTurned(float* weightGradients)
    {
        var sums = _sums!.Pointer;
        var stride = FloatBuffer.RoundUp(Size);
        for (var i = 0; i < Size; i++, sums++)
        {
            var (place, channel) = Math.DivRem(i, _shape.InputChannels);
            var to = weightGradients + ((((long)place * _shape.Channels) + channel) * _shape.Filters);
            for (var filter = 0; filter < _shape.OutputChannels; filter++)
                to[filter] = sums[(long)filter * stride];
        }
    }

    /// <summary>Which products go which way, by the vectors that they multiply.</summary>
    private readonly record struct Ways(
        Way Forward, Way Kernels, Way Back, double ForwardShare, double BackwardShare)
    {
        public static Ways Of(ConvShape shape, bool inputWanted, double most)
        {
            var whole = (double)shape.MultiplyAdds / FloatBuffer.Lane;
            var compact = shape.InputChannels < shape.Channels
                ? whole * shape.InputChannels / shape.Channels : double.PositiveInfinity;
            var size = FloatBuffer.RoundUp(shape.KernelHeight * shape.KernelWidth * shape.InputChannels);
            var turned = shape.OutputChannels < shape.Filters
                ? (double)shape.OutputPixels * shape.OutputChannels * size / FloatBuffer.Lane
                : double.PositiveInfinity;
            var (planes, back) = (CostOf(PlaneShape.Forward(shape), shape), CostOf(PlaneShape.Backward(shape), shape));
            var wholeBack = whole * shape.Height * shape.Width / shape.OutputPixels;
            var (forward, kernels) = (Math.Min(planes, compact) / whole, Math.Min(turned, compact) / whole);
            back = inputWanted ? back / wholeBack : double.PositiveInfinity;
            return new(
                !Pays(forward) ? Way.Whole : planes < compact ? Way.Planes : Way.Compact,
                !Pays(kernels) ? Way.Whole : turned < compact ? Way.Turned : Way.Compact,
                Pays(back) ? Way.Planes : Way.Whole,
                Math.Min(1, forward),
                Math.Min(1, inputWanted ? Math.Max(kernels, back) : kernels));

            bool Pays(double share) => share <= most && double.IsFinite(share);
        }

        private static double CostOf(PlaneShape planes, ConvShape shape) =>
            shape is { StrideHeight: 1, StrideWidth: 1 } && planes.IsFramed && planes.Outputs < planes.OutputFloats
                ? planes.Cost : double.PositiveInfinity;
    }

    /// <summary>What one thread works with: an image of the channels that there are, and what lies under its kernels.
    /// </summary>
    private sealed class Place : IDisposable
    {
        private readonly ConvShape _shape;
        private readonly TileGrid _tiles;
        private readonly ImageFrame _frame;

        public Place(ConvShape shape, int capacity, bool wide, bool isTurned)
        {
            (_shape, _tiles) = (shape, new() { Wide = wide });
            var channels = shape.InputChannels;
            _frame = new(shape.Top, shape.Left, shape.PaddedHeight, shape.PaddedWidth, channels);
            var windows = new WindowShape(
                shape.OutputHeight,
                shape.OutputWidth,
                shape.StrideWidth * channels,
                shape.StrideHeight * shape.PaddedWidth * channels,
                shape.KernelWidth * channels,
                shape.KernelHeight,
                shape.PaddedWidth * channels);
            Windows = new(_tiles, windows, Prepare, shape.Filters, capacity, isTurned: isTurned);
        }

        public WindowProduct Windows { get; }

        /// <summary>The images of the product.</summary>
        public Matrix Images { get; set; }

        public void Dispose()
        {
            _tiles.Dispose();
            _frame.Dispose();
            Windows.Dispose();
        }

        private float* Prepare(int image) => _frame.Put(
            Images.Pointer + ((long)image * Images.RowStride), _shape.Height, _shape.Width, _shape.Channels);
    }
}
