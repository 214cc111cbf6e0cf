using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>How a kernel lies on an image with its padding, in floats.</summary>
/// <param name="Lines">Rows of places that it takes.</param>
/// <param name="Columns">Places in a row.</param>
/// <param name="PixelStep">From a place to the next in its row.</param>
/// <param name="LineStep">From a row of places to the next.</param>
/// <param name="Segment">Adjacent floats under a row of the kernel.</param>
/// <param name="Segments">Rows of the kernel.</param>
/// <param name="SegmentStep">From one of them to the next.</param>
internal readonly record struct WindowShape(
    int Lines, int Columns, int PixelStep, int LineStep, int Segment, int Segments, int SegmentStep)
{
    /// <summary>Floats under the kernel.</summary>
    public int Size => Segment * Segments;
}

/// <summary>An image with its padding, and a vector beyond it that may be read; valid until the next call.</summary>
/// <param name="image">Which of the batch.</param>
internal unsafe delegate float* ImageSource(int image);

/// <summary>Where products with windows go.</summary>
/// <param name="pointer">The first.</param>
/// <param name="pixel">Floats from a place to the next in its row.</param>
/// <param name="line">Floats from a row to the next.</param>
/// <param name="image">Floats from an image to the next.</param>
internal readonly unsafe struct WindowTarget(float* pointer, int pixel, int line, int image)
{
    public float* Pointer => pointer;

    public int Pixel => pixel;

    public int Line => line;

    public int Image => image;
}

/// <summary>
/// Products of matrices whose left factor is what lies under a kernel, a row for each place of it: read where it lies,
/// a row of places at a time, or copied side by side first ("patches"), which leaves less to do at the edges of tiles
/// where rows are short. The bits are the same either way.
/// </summary>
internal sealed unsafe class WindowProduct : IDisposable
{
    // Below this a tile would spend its time on its edges.
    private const int LeastSegment = 28;

    // With what they are multiplied with, they stay in the second-level cache.
    private const int PatchFloats = 65_536;

    // What copying a vector costs in fused multiply-adds of one.
    private const double CopyCost = 3;

    private readonly TileGrid _tiles;
    private readonly WindowShape _shape;
    private readonly ImageSource _source;
    private readonly FloatBuffer? _patches;
    private readonly FloatBuffer? _aside;
    private readonly int _linesMost;
    private readonly int _pitch;

    /// <summary>Windows on images of a batch.</summary>
    /// <param name="tiles">Multiplies.</param>
    /// <param name="shape">The windows.</param>
    /// <param name="source">The images.</param>
    /// <param name="width">Columns of what they are multiplied with.</param>
    /// <param name="capacity">The most images of a batch.</param>
    /// <param name="scatters">Whether places lie apart in the target.</param>
    /// <param name="isTurned">Whether what lies under the kernel is a right factor too.</param>
    public WindowProduct(
        TileGrid tiles, in WindowShape shape, ImageSource source, int width, int capacity, bool scatters = false,
        bool isTurned = false)
    {
        (_tiles, _shape, _source) = (tiles, shape, source);
        _pitch = isTurned ? FloatBuffer.RoundUp(shape.Size) : shape.Size;
        _linesMost = (int)Math.Clamp(
            PatchFloats / ((long)_pitch * shape.Columns), 1, (long)capacity * shape.Lines);
        var places = _linesMost * shape.Columns;
        var rowCost = (double)tiles.RowsCovered(shape.Columns, width) / shape.Columns;
        var patchCost = ((double)tiles.RowsCovered(places, width) / places)
            + (CopyCost * (scatters ? 2 : 1) / width);
        if (!isTurned && shape.Segment >= LeastSegment && rowCost <= patchCost)
            return;
        // Segments are copied in whole vectors; the last one reaches beyond its end.
        _patches = new(((long)places * _pitch) + FloatBuffer.Lane);
        _aside = scatters ? new((long)places * width) : null;
    }

    /// <summary>Writes the product of each window with <paramref name="panel"/>, size by width.</summary>
    public void Multiply(int images, float* panel, int width, in WindowTarget target)
    {
        if (_patches is null)
        {
            MultiplyRows(images, panel, width, target);
            return;
        }

        var block = new MatrixBlock
        {
            ARow = _pitch,
            AColumn = 1,
            CRow = width,
            Panel = panel,
            PanelWidth = width,
            Depth = _shape.Size,
        };
        for (var first = 0; first < images * _shape.Lines; first += _linesMost)
        {
            var lines = Fill(first, images);
            var to = _aside is null ? target.Pointer + ((long)first * target.Line) : _aside.Pointer;
            _tiles.Multiply(block, _patches.Pointer, to, lines * _shape.Columns, width, first: true);
            if (_aside is not null)
                Scatter(first, lines, width, target);
        }
    }

    /// <summary>
    /// The sum over all places of the window there, as a column, times what <paramref name="gradient"/> has there, a
    /// row of <paramref name="width"/> floats: some rows of it.
    /// </summary>
    public void MultiplyTransposed(int images, float* gradient, int width, float* sum, int firstRow, int endRow)
    {
        if (_patches is null)
        {
            MultiplyRowsTransposed(images, gradient, width, sum, firstRow, endRow);
            return;
        }

        for (var first = 0; first < images * _shape.Lines; first += _linesMost)
        {
            var places = Fill(first, images) * _shape.Columns;
            var block = new MatrixBlock
            {
                ARow = 1,
                AColumn = _pitch,
                CRow = width,
                Panel = gradient + ((long)first * _shape.Columns * width),
                PanelWidth = width,
                Depth = places,
            };
            _tiles.Multiply(
                block, _patches.Pointer + firstRow, sum + ((long)firstRow * width), endRow - firstRow, width,
                first: first == 0);
        }
    }

    /// <summary>
    /// The same sums with rows and columns exchanged: the sum over all places of what <paramref name="gradient"/> has
    /// there, as a column, times the window there. For products made for it.
    /// </summary>
    /// <param name="images">How many images.</param>
    /// <param name="gradient">A row of <paramref name="width"/> floats for each place.</param>
    /// <param name="width">Floats of such a row.</param>
    /// <param name="rows">Columns of the gradient that are wanted.</param>
    /// <param name="sums">Receives the sums; rows are whole vectors, the last of which may end with anything.</param>
    /// <param name="first">The first column of the sums that is wanted; whole vectors.</param>
    /// <param name="end">The one behind the last; whole vectors.</param>
    public void MultiplyTurned(
        int images, float* gradient, int width, int rows, float* sums, int first, int end)
    {
        for (var line = 0; line < images * _shape.Lines; line += _linesMost)
        {
            var block = new MatrixBlock
            {
                ARow = 1,
                AColumn = width,
                CRow = _pitch,
                Panel = _patches!.Pointer + first,
                PanelWidth = _pitch,
                Depth = Fill(line, images) * _shape.Columns,
            };
            var factors = gradient + ((long)line * _shape.Columns * width);
            _tiles.Multiply(block, factors, sums + first, rows, end - first, first: line == 0);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _patches?.Dispose();
        _aside?.Dispose();
    }

    /// <summary>A row of places at a time: the factors of each are the kernel's rows, segments of the image.</summary>
    private void MultiplyRows(int images, float* panel, int width, in WindowTarget target)
    {
        var block = new MatrixBlock
        {
            ARow = _shape.PixelStep,
            AColumn = 1,
            CRow = target.Pixel,
            Panel = panel,
            PanelWidth = width,
            Depth = _shape.Segment,
            Segments = _shape.Segments,
            ASegment = _shape.SegmentStep,
        };
        for (var image = 0; image < images; image++)
        {
            var source = _source(image);
            var to = target.Pointer + ((long)image * target.Image);
            for (var line = 0; line < _shape.Lines; line++, source += _shape.LineStep, to += target.Line)
                _tiles.Multiply(block, source, to, _shape.Columns, width, first: true);
        }
    }

    private void MultiplyRowsTransposed(
        int images, float* gradient, int width, float* sum, int firstRow, int endRow)
    {
        for (var image = 0; image < images; image++)
        {
            var block = new MatrixBlock
            {
                ARow = 1,
                AColumn = _shape.PixelStep,
                CRow = width,
                Panel = gradient + ((long)image * _shape.Lines * _shape.Columns * width),
                PanelWidth = width,
                Depth = _shape.Columns,
                Segments = _shape.Lines,
                ASegment = _shape.LineStep,
            };
            var source = _source(image);
            for (var row = firstRow; row < endRow;)
            {
                // As far as the row of the kernel goes.
                var (segment, place) = Math.DivRem(row, _shape.Segment);
                var rows = Math.Min(endRow - row, _shape.Segment - place);
                var factors = source + ((long)segment * _shape.SegmentStep) + place;
                _tiles.Multiply(block, factors, sum + ((long)row * width), rows, width, first: image == 0);
                row += rows;
            }
        }
    }

    /// <summary>Copies the windows of some rows of places side by side; returns how many rows.</summary>
    private int Fill(int first, int images)
    {
        var lines = Math.Min(_linesMost, (images * _shape.Lines) - first);
        var patch = _patches!.Pointer;
        float* source = null;
        for (var line = first; line < first + lines; line++)
        {
            var (image, row) = Math.DivRem(line, _shape.Lines);
            if (row == 0 || line == first)
                source = _source(image);
            patch = FillLine(source + ((long)row * _shape.LineStep), patch);
        }

        return lines;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* FillLine(float* source, float* patch)
    {
        int segment = _shape.Segment, segments = _shape.Segments, step = _shape.SegmentStep;
        var rest = _pitch - _shape.Size;
        for (var column = 0; column < _shape.Columns; column++, source += _shape.PixelStep, patch += rest)
        {
            var from = source;
            for (var row = 0; row < segments; row++, from += step, patch += segment)
            {
                for (var i = 0; i < segment; i += FloatBuffer.Lane)
                    Vector512.Load(from + i).Store(patch + i);
            }
        }

        return patch;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(int first, int lines, int width, in WindowTarget target)
    {
        var from = _aside!.Pointer;
        for (var line = first; line < first + lines; line++)
        {
            var (image, row) = Math.DivRem(line, _shape.Lines);
            var to = target.Pointer + ((long)image * target.Image) + ((long)row * target.Line);
            for (var column = 0; column < _shape.Columns; column++, to += target.Pixel)
            {
                for (var i = 0; i < width; i += FloatBuffer.Lane, from += FloatBuffer.Lane)
                    Vector512.Load(from).Store(to + i);
            }
        }
    }
}
