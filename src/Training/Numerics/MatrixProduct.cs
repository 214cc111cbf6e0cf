using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Numerics;

/// <summary>
/// Products of matrices in single precision, one thread. Element (i, j) is the chain
/// fma(a[i,k], b[k,j], ... fma(a[i,1], b[1,j], a[i,0] b[0,j])) over ascending k, whatever the block, the tile and the
/// width of the processor's vectors: the bits are the same on every machine, which no BLAS promises.
/// Blocking as in Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008). Not thread-safe.
/// </summary>
internal sealed unsafe class MatrixProduct : IDisposable
{
    // A panel of 128 x 64 floats takes 32 KiB: it stays in the first-level cache while the rows of the left matrix pass.
    private const int PanelDepth = 128;
    private const int PanelWidth = WideTile512.Columns;

    private readonly FloatBuffer _panel = new(PanelDepth * PanelWidth);
    private readonly FloatBuffer _tile = new(Math.Max(WideTile512.Rows * WideTile512.Columns, NarrowTile512.Rows * NarrowTile512.Columns));

    /// <summary>Whether the tiles of 512 bits are used; the bits are the same either way.</summary>
    internal bool Wide { get; init; } = Vector512.IsHardwareAccelerated;

    /// <summary>
    /// c = a b, or c = c + a b where <paramref name="add"/>: a is rows x depth with any strides, b is depth x columns with
    /// adjacent columns or transposed, c is rows x columns with adjacent columns. The padding of c gets what the padding
    /// of b gives, zero for a transposed b.
    /// </summary>
    public void Multiply(in Matrix a, in Matrix b, in Matrix c, bool add = false)
    {
        Debug.Assert(a.Rows == c.Rows && a.Columns == b.Rows && b.Columns == c.Columns && c.ColumnStride == 1, "Shapes do not fit.");
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
                };
                var left = a.Pointer + ((long)k * a.ColumnStride);
                MultiplyBlock(block, left, c.Pointer + column, c.Rows, columns, first: k == 0 && !add);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _panel.Dispose();
        _tile.Dispose();
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyBlock(in MatrixBlock block, float* a, float* c, int rows, int columns, bool first)
    {
        if (Wide && columns == WideTile512.Columns)
        {
            MultiplyWide(block, a, c, rows, first);
            return;
        }

        for (var column = 0; column < columns; column += NarrowTile512.Columns)
        {
            var part = new MatrixBlock
            {
                ARow = block.ARow,
                AColumn = block.AColumn,
                CRow = block.CRow,
                Panel = block.Panel + column,
                PanelWidth = block.PanelWidth,
                Depth = block.Depth,
            };
            MultiplyNarrow(part, a, c + column, rows, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyWide(in MatrixBlock block, float* a, float* c, int rows, bool first)
    {
        var row = 0;
        for (; row + WideTile512.Rows <= rows; row += WideTile512.Rows)
            WideTile512.Multiply(block, a + ((long)row * block.ARow), c + ((long)row * block.CRow), first);
        if (row == rows)
            return;
        if (rows < WideTile512.Rows)
        {
            for (; row < rows; row++)
                RowTile512.Multiply(block, a + ((long)row * block.ARow), c + ((long)row * block.CRow), first);
            return;
        }

        // The rows left over ride in a whole tile that ends with them; what it does to the others is dropped.
        var start = rows - WideTile512.Rows;
        var aside = Aside(block, WideTile512.Columns);
        CopyRows(c + ((long)row * block.CRow), block.CRow, _tile.Pointer + ((row - start) * WideTile512.Columns), WideTile512.Columns, rows - row, WideTile512.Columns);
        WideTile512.Multiply(aside, a + ((long)start * block.ARow), _tile.Pointer, first);
        CopyRows(_tile.Pointer + ((row - start) * WideTile512.Columns), WideTile512.Columns, c + ((long)row * block.CRow), block.CRow, rows - row, WideTile512.Columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyNarrow(in MatrixBlock block, float* a, float* c, int rows, bool first)
    {
        var height = Wide ? NarrowTile512.Rows : Tile256.Rows;
        var row = 0;
        for (; row + height <= rows; row += height)
            MultiplyTile(block, a + ((long)row * block.ARow), c + ((long)row * block.CRow), first);
        if (row == rows)
            return;
        var start = rows - height;
        if (start < 0)
        {
            for (; row < rows; row++)
                MultiplyRow(block, a + ((long)row * block.ARow), c + ((long)row * block.CRow), first);
            return;
        }

        const int Columns = NarrowTile512.Columns;
        CopyRows(c + ((long)row * block.CRow), block.CRow, _tile.Pointer + ((row - start) * Columns), Columns, rows - row, Columns);
        MultiplyTile(Aside(block, Columns), a + ((long)start * block.ARow), _tile.Pointer, first);
        CopyRows(_tile.Pointer + ((row - start) * Columns), Columns, c + ((long)row * block.CRow), block.CRow, rows - row, Columns);
    }

    private void MultiplyTile(in MatrixBlock block, float* a, float* c, bool first)
    {
        if (Wide)
            NarrowTile512.Multiply(block, a, c, first);
        else
            Tile256.Multiply(block, a, c, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRow(in MatrixBlock block, float* a, float* c, bool first)
    {
        var sum = first ? Vector512<float>.Zero : Vector512.Load(c);
        var b = block.Panel;
        for (var k = block.Depth; k > 0; k--, a += block.AColumn, b += block.PanelWidth)
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(*a), Vector512.Load(b), sum);
        sum.Store(c);
    }

    private static MatrixBlock Aside(in MatrixBlock block, int columns) => new()
    {
        ARow = block.ARow,
        AColumn = block.AColumn,
        CRow = columns,
        Panel = block.Panel,
        PanelWidth = block.PanelWidth,
        Depth = block.Depth,
    };

    private static void CopyRows(float* source, int sourceStride, float* target, int targetStride, int rows, int columns)
    {
        for (; rows > 0; rows--, source += sourceStride, target += targetStride)
        {
            for (var column = 0; column < columns; column += FloatBuffer.Lane)
                Vector512.Load(source + column).Store(target + column);
        }
    }
}
