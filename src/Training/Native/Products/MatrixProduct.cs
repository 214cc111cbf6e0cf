using System.Diagnostics;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Products of matrices in single precision, one thread. Element (i, j) is the chain fma(a[i,k], b[k,j], ...
/// fma(a[i,1], b[1,j], a[i,0] b[0,j])) over ascending k, whatever the block, the tile and the width of the processor's
/// vectors: the bits are the same on every machine, which no BLAS promises. Blocking as in Goto and van de Geijn,
/// "Anatomy of high-performance matrix multiplication" (2008). Not thread-safe.
/// </summary>
internal sealed unsafe class MatrixProduct : IDisposable
{
    /// <summary>The most terms that a panel has.</summary>
    public const int PanelDepth = 128;

    // A panel of 128 x 64 floats takes 32 KiB: it stays in the first-level cache while the rows of the left matrix
    // pass.
    private const int PanelWidth = WideTile512.Columns;

    private readonly FloatBuffer _panel = new(PanelDepth * PanelWidth);

    /// <summary>
    /// Products with the tiles that this processor is best at, unless told otherwise; the bits are the same.
    /// </summary>
    public MatrixProduct(bool? wide = null) => Tiles = new() { Wide = wide ?? Vector512.IsHardwareAccelerated };

    /// <summary>The tiles, for products that need no panel.</summary>
    public TileGrid Tiles { get; }

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
        var width = FloatBuffer.RoundUp(c.Columns);
        for (var column = 0; column < width; column += PanelWidth)
        {
            var columns = Math.Min(PanelWidth, width - column);
            for (var k = 0; k < a.Columns; k += PanelDepth)
            {
                var depth = Math.Min(PanelDepth, a.Columns - k);
                FillPanel(b, k, depth, column, columns);
                var block = new MatrixBlock
                {
                    ARow = a.RowStride,
                    AColumn = a.ColumnStride,
                    CRow = c.RowStride,
                    Panel = _panel.Pointer,
                    PanelWidth = columns,
                    Depth = depth,
                    Pattern = !pattern.IsEmpty && MatrixPanel.LosesNoBitByZeros(_panel.Pointer, depth * columns)
                        ? pattern.From(k) : default,
                };
                var left = a.Pointer + ((long)k * a.ColumnStride);
                Tiles.Multiply(block, left, c.Pointer + column, c.Rows, columns, first: k == 0 && !add);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _panel.Dispose();
        Tiles.Dispose();
    }

    private void FillPanel(in Matrix b, int k, int depth, int column, int columns)
    {
        if (b.ColumnStride == 1)
        {
            MatrixPanel.Copy(b.Pointer + ((long)k * b.RowStride) + column, b.RowStride, depth, columns, _panel.Pointer);
            return;
        }

        Debug.Assert(b.RowStride == 1, "A right factor has adjacent columns or adjacent rows.");
        var present = Math.Min(columns, b.Columns - column);
        var source = b.Pointer + ((long)column * b.ColumnStride) + k;
        MatrixPanel.CopyTransposed(source, b.ColumnStride, depth, present, columns, _panel.Pointer);
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
    /// Where the left matrix is zero, so that tiles leave those terms out; default: not known. Only with one segment.
    /// </summary>
    public PatternView Pattern { get; init; }

    /// <summary>With a pattern: the terms of the tile at work, a bit each.</summary>
    public ulong* Terms { get; init; }
}
