using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Sparse;

/// <summary>From which places to which pixels a kernel spreads values.</summary>
/// <param name="Lines">Rows of places.</param>
/// <param name="Columns">Places in a row.</param>
/// <param name="Floats">Floats of a place.</param>
/// <param name="LineStep">Rows of pixels from a row of places to the next.</param>
/// <param name="ColumnStep">Pixels from a place to the next in its row.</param>
/// <param name="KernelHeight">Rows of pixels that a place reaches.</param>
/// <param name="KernelWidth">Pixels of each of these rows that it reaches.</param>
/// <param name="Height">Rows of the image that is wanted.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Channels">Floats of a pixel.</param>
/// <param name="Top">Rows that the first place reaches above the image.</param>
/// <param name="Left">Columns that it reaches to the left of it.</param>
internal sealed record SpreadShape(
    int Lines,
    int Columns,
    int Floats,
    int LineStep,
    int ColumnStep,
    int KernelHeight,
    int KernelWidth,
    int Height,
    int Width,
    int Channels,
    int Top,
    int Left)
{
    /// <summary>A convolution of stride 1: each pixel before reaches pixels after.</summary>
    public static SpreadShape Forward(ConvShape shape) => new(
        shape.Height, shape.Width, shape.Channels, 1, 1, shape.KernelHeight, shape.KernelWidth, shape.OutputHeight,
        shape.OutputWidth, shape.Filters, shape.KernelHeight - 1 - shape.Top, shape.KernelWidth - 1 - shape.Left);

    /// <summary>The gradient of a convolution's inputs: each pixel after reaches pixels before.</summary>
    public static SpreadShape Backward(ConvShape shape) => new(
        shape.OutputHeight, shape.OutputWidth, shape.Filters, shape.StrideHeight, shape.StrideWidth,
        shape.KernelHeight, shape.KernelWidth, shape.Height, shape.Width, shape.Channels, shape.Top, shape.Left);

    /// <summary>Floats of the pixels of a row that a place reaches.</summary>
    public int Segment => KernelWidth * Channels;

    /// <summary>Rows of all pixels that are reached or wanted.</summary>
    public int FrameHeight => Math.Max(((Lines - 1) * LineStep) + KernelHeight, Top + Height);

    /// <summary>Columns of them.</summary>
    public int FrameWidth => Math.Max(((Columns - 1) * ColumnStep) + KernelWidth, Left + Width);
}

/// <summary>
/// A convolution, or the gradient of its inputs, from the values that are not zero: each spreads, times its row of
/// weights, to the pixels that the kernel reaches from its place. What reaches a pixel comes place after place, and
/// from a place value after value, as in <see cref="WindowProduct"/>: the bits are the same.
/// </summary>
internal sealed unsafe class SpreadProduct : IDisposable
{
    private readonly SpreadShape _shape;
    private readonly ThreadTeam _team;
    private readonly SumPart[] _parts;
    private readonly int _step;
    private readonly TeamPlaces<Place> _places;
    private readonly FloatBuffer _rows;
    private readonly ThreadTeam.TeamLoop _spread;
    private Matrix _values;
    private float* _images;
    private volatile bool _hasNegativeZero;

    /// <summary>Buffers for it.</summary>
    /// <param name="shape">What is spread.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether vectors of 512 bits are used.</param>
    public SpreadProduct(SpreadShape shape, ThreadTeam team, bool wide)
    {
        (_shape, _team, _spread) = (shape, team, Spread);
        _parts = TermSums.Split(shape.Segment, wide);
        _step = _parts[0].Length;
        _places = new(() => new(shape));
        _rows = new((long)shape.KernelHeight * _parts.Length * shape.Floats * _step);
    }

    private int Stride => _shape.Height * _shape.Width * _shape.Channels;

    /// <summary>Takes over the weights of a convolution, for its outputs.</summary>
    /// <param name="weights">[kernel row, kernel column, channel] by filter; finite.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TakeTurned(float* weights)
    {
        for (var row = 0; row < _shape.KernelHeight; row++)
        {
            for (var part = 0; part < _parts.Length; part++)
            {
                for (var lane = 0; lane < _parts[part].Length; lane += FloatBuffer.Lane)
                    Turn(weights, row, _parts[part].First + lane, RowsOf(row, part) + lane);
            }
        }
    }

    private void Turn(float* weights, int row, int at, float* to)
    {
        var (column, channel) = Math.DivRem(at, _shape.Channels);
        var place = ((_shape.KernelHeight - row) * _shape.KernelWidth) - 1 - column;
        var from = weights + ((long)place * _shape.Floats * _shape.Channels) + channel;
        for (var value = 0; value < _shape.Floats; value++, from += _shape.Channels, to += _step)
            Vector512.Load(from).Store(to);
    }

    /// <summary>Takes over the weights of a convolution, for the gradient of its inputs.</summary>
    /// <inheritdoc cref="TakeTurned" path="/param"/>
    public void Take(float* weights)
    {
        for (var row = 0; row < _shape.KernelHeight; row++)
        {
            for (var part = 0; part < _parts.Length; part++)
            {
                var from = weights + ((((long)row * _shape.Segment) + _parts[part].First) * _shape.Floats);
                MatrixPanel.CopyTransposed(
                    from, _shape.Floats, _shape.Floats, _parts[part].Length, _step, RowsOf(row, part));
            }
        }
    }

    /// <summary>Spreads a batch.</summary>
    /// <param name="values">A row for each image, place after place.</param>
    /// <param name="images">Receives the images, one after the other.</param>
    /// <returns>Whether the bits are those of the sums with zeros; if not, it is to be done with them.</returns>
    public bool Compute(in Matrix values, float* images)
    {
        (_values, _hasNegativeZero) = (values, false);
        _images = images;
        var each = (long)_shape.Lines * _shape.Columns * _shape.Floats * _shape.KernelHeight * _shape.Segment;
        _team.For(values.Rows, each / 4 * values.Rows, _spread);
        return !_hasNegativeZero;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _places.Dispose();
        _rows.Dispose();
    }

    private float* RowsOf(int kernelRow, int part) =>
        _rows.Pointer + ((((long)kernelRow * _parts.Length) + part) * _shape.Floats * _step);

    private void Spread(int member, int first, int end)
    {
        var place = _places[member];
        for (var image = first; image < end; image++)
        {
            place.List(_values.Pointer + ((long)image * _values.RowStride), _step);
            place.Frame.Span.Clear();
            // What reaches a pixel first comes from the last of the kernel.
            for (var row = _shape.KernelHeight - 1; row >= 0; row--)
            {
                for (var part = _parts.Length - 1; part >= 0; part--)
                    Spread(place, RowsOf(row, part), _parts[part], row);
            }

            var to = _images + ((long)image * Stride);
            CopyOut(place.Frame.Pointer, to);
            if (ProductTerms.HasNegativeZero(to, Stride))
                _hasNegativeZero = true;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(Place place, float* rows, SumPart part, int kernelRow)
    {
        var starts = place.Starts;
        var terms = place.Terms;
        nint step = (nint)_shape.ColumnStep * _shape.Channels, line = (nint)_shape.FrameWidth * _shape.Channels;
        for (var row = 0; row < _shape.Lines; row++)
        {
            var sums = place.Frame.Pointer + (line * ((row * _shape.LineStep) + kernelRow)) + part.First;
            for (var column = 0; column < _shape.Columns; column++, starts++, sums += step)
            {
                if (starts[0] < starts[1])
                    part.Add(terms + starts[0], terms + starts[1], rows, sums);
            }
        }
    }

    private void CopyOut(float* frame, float* image)
    {
        var length = _shape.Width * _shape.Channels;
        for (var row = 0; row < _shape.Height; row++, image += length)
        {
            var from = frame + ((((long)(row + _shape.Top) * _shape.FrameWidth) + _shape.Left) * _shape.Channels);
            new Span<float>(from, length).CopyTo(new(image, length));
        }
    }

    /// <summary>What one thread works with: the image with all that is reached, and the terms of each place.</summary>
    private sealed class Place(SpreadShape shape) : IDisposable
    {
        private readonly FloatBuffer _terms = new((long)TermFloats * shape.Lines * shape.Columns * shape.Floats);
        private readonly FloatBuffer _starts = new(((long)shape.Lines * shape.Columns) + 1);

        private const int TermFloats = 2;

        public FloatBuffer Frame { get; } = new((long)shape.FrameHeight * shape.FrameWidth * shape.Channels);

        public ProductTerm* Terms => (ProductTerm*)_terms.Pointer;

        /// <summary>Where the terms of each place begin, and where the last ones end.</summary>
        public int* Starts => (int*)_starts.Pointer;

        public void List(float* values, int step)
        {
            var starts = Starts;
            var end = Terms;
            for (var place = 0; place < shape.Lines * shape.Columns; place++, values += shape.Floats)
            {
                starts[place] = (int)(end - Terms);
                end = ProductTerms.Append(values, shape.Floats, step, end);
            }

            starts[shape.Lines * shape.Columns] = (int)(end - Terms);
        }

        public void Dispose()
        {
            _terms.Dispose();
            _starts.Dispose();
            Frame.Dispose();
        }
    }
}
