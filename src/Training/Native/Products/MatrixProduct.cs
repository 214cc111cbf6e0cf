using System.Diagnostics;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Products of matrices in single precision. Element (i, j) is the chain fma(a[i,k], b[k,j], ... fma(a[i,1], b[1,j],
/// a[i,0] b[0,j])) over ascending k, whatever the block, the tile, the width of the processor's vectors and the number
/// of threads: the bits are the same on every machine, which no BLAS promises. Blocking as in Goto and van de Geijn,
/// "Anatomy of high-performance matrix multiplication" (2008). Used from one thread.
/// </summary>
internal sealed unsafe class MatrixProduct : IDisposable
{
    /// <summary>The most terms that a panel has.</summary>
    public const int PanelDepth = 128;

    // A panel of 128 x 64 floats takes 32 KiB: it stays in the first-level cache while the rows of the left matrix
    // pass.
    private const int PanelWidth = WideTile512.Columns;

    // Rows that pass over a panel before another member copies the same panel: a multiple of all tiles' rows but one.
    private const int PartRows = 84;

    private readonly ThreadTeam _team;
    private readonly TeamPlaces<Place> _places;
    private readonly ThreadTeam.TeamLoop _multiply;
    private Matrix _a;
    private Matrix _b;
    private Matrix _c;
    private bool _add;
    private PatternView _pattern;
    private int _panelWidth;

    /// <summary>
    /// Products with the tiles that this processor is best at, unless told otherwise; the bits are the same.
    /// </summary>
    /// <param name="team">Who shares the work.</param>
    /// <param name="wide">Whether to use tiles of 512 bits; null: where the processor has them.</param>
    public MatrixProduct(ThreadTeam team, bool? wide = null)
    {
        (_team, Wide) = (team, wide ?? Vector512.IsHardwareAccelerated);
        _places = new(() => new(Wide));
        _multiply = Multiply;
    }

    /// <summary>Whether tiles of 512 bits are used.</summary>
    public bool Wide { get; }

    /// <summary>
    /// c = a b, or c = c + a b where <paramref name="add"/>: a is rows x depth with any strides, b is depth x columns
    /// with adjacent columns or transposed, c is rows x columns with adjacent columns. The padding of c gets what the
    /// padding of b gives, zero for a transposed b.
    /// </summary>
    /// <param name="a">The left factor.</param>
    /// <param name="b">The right factor.</param>
    /// <param name="c">The product.</param>
    /// <param name="add">Whether c is added to.</param>
    /// <param name="pattern">
    /// Where a is zero: these terms are left out where that changes no bit. What is not zero is at least 1/255 in size.
    /// Not where <paramref name="add"/>.
    /// </param>
    public void Multiply(in Matrix a, in Matrix b, in Matrix c, bool add = false, PatternView pattern = default)
    {
        Debug.Assert(a.Rows == c.Rows && a.Columns == b.Rows && b.Columns == c.Columns
            && c.ColumnStride == 1, "Shapes do not fit.");
        Debug.Assert(!add || pattern.IsEmpty, "A sum that begins with -0 may become +0 by a term of zero.");
        (_a, _b, _c, _add, _pattern) = (a, b, c, add, pattern);
        // Tiles that leave out terms lose nothing by being narrower, but by one that is very narrow beside wide ones.
        var width = FloatBuffer.RoundUp(c.Columns);
        _panelWidth = pattern.IsEmpty ? PanelWidth
            : FloatBuffer.RoundUp(width / ((width + PanelWidth - 1) / PanelWidth));
        var work = (long)a.Rows * a.Columns * c.Columns;
        _team.For(_team.Size == 1 ? Panels : Panels * RowParts, work, _multiply);
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    private int Panels => (FloatBuffer.RoundUp(_c.Columns) + _panelWidth - 1) / _panelWidth;

    private int RowParts => (_c.Rows + PartRows - 1) / PartRows;

    /// <summary>Panels of columns, or parts of their rows where there are several threads.</summary>
    private void Multiply(int member, int first, int end)
    {
        var place = _places[member];
        var parts = _team.Size == 1 ? 1 : RowParts;
        while (first < end)
        {
            // Parts of one panel that follow each other are done together.
            var (panel, part) = (first / parts, first % parts);
            var taken = Math.Min(end - first, parts - part);
            var row = parts == 1 ? 0 : part * PartRows;
            var rows = part + taken == parts ? _c.Rows - row : taken * PartRows;
            MultiplyPanel(place, panel * _panelWidth, row, rows);
            first += taken;
        }
    }

    private void MultiplyPanel(Place place, int column, int row, int rows)
    {
        var columns = Math.Min(_panelWidth, FloatBuffer.RoundUp(_c.Columns) - column);
        for (var k = 0; k < _a.Columns; k += PanelDepth)
        {
            var depth = Math.Min(PanelDepth, _a.Columns - k);
            FillPanel(place.Panel, k, depth, column, columns);
            var block = new MatrixBlock
            {
                ARow = _a.RowStride,
                AColumn = _a.ColumnStride,
                CRow = _c.RowStride,
                Panel = place.Panel.Pointer,
                PanelWidth = columns,
                Depth = depth,
                Pattern = !_pattern.IsEmpty && MatrixPanel.LosesNoBitByZeros(place.Panel.Pointer, depth * columns)
                    ? _pattern.From(k).FromRow(row) : default,
            };
            var left = _a.Pointer + ((long)k * _a.ColumnStride) + ((long)row * _a.RowStride);
            var target = _c.Pointer + ((long)row * _c.RowStride) + column;
            place.Tiles.Multiply(block, left, target, rows, columns, first: k == 0 && !_add);
        }
    }

    private void FillPanel(FloatBuffer panel, int k, int depth, int column, int columns)
    {
        if (_b.ColumnStride == 1)
        {
            var block = _b.Pointer + ((long)k * _b.RowStride) + column;
            MatrixPanel.Copy(block, _b.RowStride, depth, columns, panel.Pointer);
            return;
        }

        Debug.Assert(_b.RowStride == 1, "A right factor has adjacent columns or adjacent rows.");
        var present = Math.Min(columns, _b.Columns - column);
        var source = _b.Pointer + ((long)column * _b.ColumnStride) + k;
        MatrixPanel.CopyTransposed(source, _b.ColumnStride, depth, present, columns, panel.Pointer);
    }

    /// <summary>What one thread works with.</summary>
    private sealed class Place(bool wide) : IDisposable
    {
        public FloatBuffer Panel { get; } = new(PanelDepth * PanelWidth);

        public TileGrid Tiles { get; } = new() { Wide = wide };

        public void Dispose()
        {
            Panel.Dispose();
            Tiles.Dispose();
        }
    }
}

/// <summary>
/// What the tiles of one block of a product share. The depth may come in segments that lie apart in the left matrix:
/// the rows of an image under a kernel.
/// </summary>
internal readonly unsafe struct MatrixBlock
{
    /// <summary>A block whose depth is one segment.</summary>
    public MatrixBlock() => Segments = 1;

    /// <summary>Floats from one row of the left matrix to the next.</summary>
    public required int ARow { get; init; }

    /// <summary>Floats from one column of the left matrix to the next.</summary>
    public required int AColumn { get; init; }

    /// <summary>Floats from one row of the product to the next.</summary>
    public required int CRow { get; init; }

    /// <summary>The block of the right matrix, row after row.</summary>
    public required float* Panel { get; init; }

    /// <summary>Floats from one row of the panel to the next.</summary>
    public required int PanelWidth { get; init; }

    /// <summary>Rows of the panel in a segment: terms that it adds to each sum.</summary>
    public required int Depth { get; init; }

    /// <summary>Number of segments; 1 unless set.</summary>
    public int Segments { get; init; }

    /// <summary>Floats of the left matrix from the start of one segment to the next.</summary>
    public nint ASegment { get; init; }

    /// <summary>
    /// Floats from the start of the panel to the first row of each segment; null: they follow one another.
    /// </summary>
    public nint* PanelShifts { get; init; }

    /// <summary>
    /// Where the left matrix is zero, so that tiles leave those terms out; default: not known. Only with one segment.
    /// </summary>
    public PatternView Pattern { get; init; }

    /// <summary>With a pattern: the terms of the tile at work, a bit each.</summary>
    public ulong* Terms { get; init; }
}
