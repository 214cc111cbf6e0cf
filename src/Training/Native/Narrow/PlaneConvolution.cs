using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Sparse;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Narrow;

/// <summary>A convolution of stride 1, or the gradient of the inputs of one, which is one too.</summary>
/// <param name="Height">Rows of an image before.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Floats">Floats of a pixel before.</param>
/// <param name="Top">Rows of zeros above.</param>
/// <param name="Left">Columns of zeros to the left.</param>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="KernelWidth">Its columns.</param>
/// <param name="OutputHeight">Rows of an image after.</param>
/// <param name="OutputWidth">Its columns.</param>
/// <param name="Outputs">Values of a pixel after.</param>
/// <param name="OutputFloats">Its floats: those beyond the values are zero.</param>
internal sealed record PlaneShape(
    int Height,
    int Width,
    int Floats,
    int Top,
    int Left,
    int KernelHeight,
    int KernelWidth,
    int OutputHeight,
    int OutputWidth,
    int Outputs,
    int OutputFloats)
{
    /// <summary>The convolution.</summary>
    public static PlaneShape Forward(ConvShape shape) => new(
        shape.Height, shape.Width, shape.Channels, shape.Top, shape.Left, shape.KernelHeight, shape.KernelWidth,
        shape.OutputHeight, shape.OutputWidth, shape.OutputChannels, shape.Filters);

    /// <summary>The gradient of its inputs.</summary>
    public static PlaneShape Backward(ConvShape shape) => new(
        shape.OutputHeight, shape.OutputWidth, shape.Filters, shape.KernelHeight - 1 - shape.Top,
        shape.KernelWidth - 1 - shape.Left, shape.KernelHeight, shape.KernelWidth, shape.Height, shape.Width,
        shape.InputChannels, shape.Channels);

    /// <summary>From a row to the next: zeros to the right of one are those to the left of the next.</summary>
    public int Pitch => Math.Max(Width + Math.Max(Left, Right), OutputWidth);

    /// <summary>From an image to the next, in rows: zeros below one are those above the next.</summary>
    public int Lines => Math.Max(Height + Math.Max(Top, Bottom), OutputHeight);

    /// <summary>Whether no value before lies beyond what the kernels reach.</summary>
    public bool IsFramed => Top >= 0 && Left >= 0 && Right >= 0 && Bottom >= 0;

    /// <summary>Multiply-adds of vectors that an image takes.</summary>
    public double Cost => (double)Lines * Pitch * KernelHeight * KernelWidth * Floats * Outputs / FloatBuffer.Lane;

    private int Right => OutputWidth + KernelWidth - 1 - Left - Width;

    private int Bottom => OutputHeight + KernelHeight - 1 - Top - Height;
}

/// <summary>
/// Convolutions of few outputs: lanes are pixels that follow one another, not outputs, of which most lanes would be
/// padding. Images lie as planes, one a value of a pixel, so that the pixels that a weight meets are adjacent wherever
/// the kernel lies. Each element is the same chain, over the kernel's rows, columns and the values of a pixel.
/// </summary>
internal sealed unsafe class PlaneConvolution : IDisposable
{
    // Places of a product from which its last tile does not matter.
    private const int PlacesWanted = 1_024;

    private readonly PlaneShape _shape;
    private readonly ThreadTeam _team;
    private readonly TeamPlaces<Place> _places;
    private readonly ThreadTeam.TeamLoop _convolve;
    private readonly FloatBuffer _weights;
    private readonly nint[] _shifts;
    private readonly int _together;
    private readonly int _columns;
    private readonly int _plane;
    private readonly int _depth;
    private Matrix _images;
    private Matrix _outputs;
    private volatile bool _isInfinite;

    /// <summary>Buffers for it.</summary>
    /// <param name="shape">What is convolved.</param>
    /// <param name="capacity">The most images of a batch.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether tiles of 512 bits are used.</param>
    public PlaneConvolution(PlaneShape shape, int capacity, ThreadTeam team, bool wide)
    {
        (_shape, _team, _convolve) = (shape, team, Convolve);
        var each = shape.Lines * shape.Pitch;
        _together = Math.Clamp((PlacesWanted + each - 1) / each, 1, capacity);
        _columns = Columns(_together);
        // Planes an odd number of cache lines apart do not evict each other.
        var reach = ((shape.KernelHeight - 1) * shape.Pitch) + shape.KernelWidth - 1;
        _plane = FloatBuffer.RoundUp(_columns + reach + MatrixPanel.Side) | FloatBuffer.Lane;
        // Of one plane a row of the kernel is a part, of several each of its places.
        _depth = shape.Floats == 1 ? shape.KernelWidth : shape.Floats;
        _shifts = new nint[shape.Floats == 1 ? shape.KernelHeight : shape.KernelHeight * shape.KernelWidth];
        for (var i = 0; i < _shifts.Length; i++)
        {
            _shifts[i] = shape.Floats == 1 ? i * shape.Pitch
                : (i / shape.KernelWidth * shape.Pitch) + (i % shape.KernelWidth);
        }

        _weights = new((long)_shifts.Length * _depth * shape.Outputs);
        _places = new(() => new(_plane * shape.Floats, _columns * shape.Outputs, wide));
    }

    /// <summary>Takes over the weights of a convolution, for its outputs.</summary>
    /// <param name="weights">[kernel row, kernel column, channel] by filter.</param>
    public void Take(float* weights)
    {
        var to = _weights.Pointer;
        for (var i = 0; i < _shifts.Length * _depth; i++, weights += _shape.OutputFloats)
        {
            for (var output = 0; output < _shape.Outputs; output++)
                *to++ = weights[output];
        }
    }

    /// <summary>Takes over the weights of a convolution, for the gradient of its inputs: turned by half a turn, filters
    /// and channels exchanged.</summary>
    /// <inheritdoc cref="Take" path="/param"/>
    public void TakeTurned(float* weights)
    {
        var (to, size) = ((nint)_weights.Pointer, _shape.Floats * _shape.OutputFloats);
        for (var place = (_shape.KernelHeight * _shape.KernelWidth) - 1; place >= 0; place--)
        {
            for (var filter = 0; filter < _shape.Floats; filter++, to += _shape.Outputs * sizeof(float))
            {
                var from = weights + ((long)place * size) + filter;
                for (var output = 0; output < _shape.Outputs; output++, from += _shape.Floats)
                    ((float*)to)[output] = *from;
            }
        }
    }

    /// <summary>Convolves a batch.</summary>
    /// <param name="images">The images before, one a row.</param>
    /// <param name="outputs">Receives those after.</param>
    /// <returns>
    /// Whether all of it is finite. If not, what is padding need not be zero, and all is to be computed.
    /// </returns>
    public bool Compute(in Matrix images, in Matrix outputs)
    {
        (_images, _outputs, _isInfinite) = (images, outputs, false);
        _team.For(images.Rows, (long)_shape.Cost * FloatBuffer.Lane * images.Rows, _convolve);
        return !_isInfinite;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _places.Dispose();
        _weights.Dispose();
    }

    // Whole wide tiles.
    private int Columns(int images)
    {
        var last = ((((images - 1) * _shape.Lines) + _shape.OutputHeight - 1) * _shape.Pitch) + _shape.OutputWidth;
        return (last + WideTile512.Columns - 1) / WideTile512.Columns * WideTile512.Columns;
    }

    private void Convolve(int member, int first, int end)
    {
        var place = _places[member];
        for (; first < end; first += _together)
            Convolve(place, first, Math.Min(_together, end - first));
    }

    private void Convolve(Place place, int first, int count)
    {
        for (var image = 0; image < count; image++)
            Fill(place.Planes.Pointer, image, _images.Pointer + ((long)(first + image) * _images.RowStride));
        var sums = place.Sums.Pointer;
        var columns = Columns(count);
        fixed (nint* shifts = _shifts)
        {
            var block = new MatrixBlock
            {
                ARow = 1,
                AColumn = _shape.Outputs,
                CRow = columns,
                Panel = place.Planes.Pointer,
                PanelWidth = _shape.Floats == 1 ? 1 : _plane,
                Depth = _depth,
                Segments = _shifts.Length,
                ASegment = (nint)_depth * _shape.Outputs,
                PanelShifts = shifts,
            };
            place.Tiles.Multiply(block, _weights.Pointer, sums, _shape.Outputs, columns, first: true);
        }

        var size = _shape.OutputHeight * _shape.OutputWidth;
        for (var image = 0; image < count; image++)
        {
            var to = _outputs.Pointer + ((long)(first + image) * _outputs.RowStride);
            PutOut(sums + ((long)image * _shape.Lines * _shape.Pitch), columns, to);
            if (!ProductTerms.AreFinite(to, size * _shape.OutputFloats))
                _isInfinite = true;
        }
    }

    /// <summary>Puts an image into its planes. What lies behind a row is zero, or comes after it.</summary>
    private void Fill(float* planes, int image, float* pixels)
    {
        var to = planes + ((((long)image * _shape.Lines) + _shape.Top) * _shape.Pitch) + _shape.Left;
        for (var row = 0; row < _shape.Height; row++, to += _shape.Pitch, pixels += _shape.Width * _shape.Floats)
        {
            if (_shape.Floats == 1)
                new Span<float>(pixels, _shape.Width).CopyTo(new(to, _shape.Width));
            else
                MatrixPanel.Turn(pixels, _shape.Floats, _shape.Floats, _shape.Width, to, _plane);
        }
    }

    /// <summary>Turns the planes of an image back to pixels.</summary>
    private void PutOut(float* sums, int plane, float* pixels)
    {
        var (width, floats) = (_shape.OutputWidth, _shape.OutputFloats);
        for (var row = 0; row < _shape.OutputHeight; row++, sums += _shape.Pitch, pixels += width * floats)
        {
            // What is written behind a row the next one overwrites.
            var mayReach = row + 1 < _shape.OutputHeight && width >= MatrixPanel.Side;
            MatrixPanel.TurnBack(sums, plane, _shape.Outputs, width, pixels, floats, mayReach);
        }
    }

    /// <summary>What one thread works with.</summary>
    private sealed class Place(int planes, int sums, bool wide) : IDisposable
    {
        // Turning reads and writes whole vectors.
        public FloatBuffer Planes { get; } = new((long)planes + FloatBuffer.Lane);

        public FloatBuffer Sums { get; } = new((long)sums + FloatBuffer.Lane);

        public TileGrid Tiles { get; } = new() { Wide = wide };

        public void Dispose()
        {
            Planes.Dispose();
            Sums.Dispose();
            Tiles.Dispose();
        }
    }
}
