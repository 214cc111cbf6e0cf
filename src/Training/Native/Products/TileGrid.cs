using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Covers a block of a product with tiles of whatever shapes waste least. Not thread-safe: rows left over need a place
/// aside.
/// </summary>
internal sealed unsafe class TileGrid : IDisposable
{
    // One row waits for each sum before it adds to it.
    private const int SlowRow = 4;

    private readonly FloatBuffer _aside = new(TallTile512.Rows * WideTile512.Columns);

    private enum Shape
    {
        Wide,
        Tall,
        Narrow,
        Low1,
        Low2,
        Narrow256,
        Sparse2,
        Sparse3,
        Sparse4,
    }

    /// <summary>Whether the tiles of 512 bits are used; the bits of the product are the same either way.</summary>
    public bool Wide { get; init; } = Vector512.IsHardwareAccelerated;

    /// <summary>c = a b, or c += a b where not <paramref name="first"/>; columns are whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(in MatrixBlock block, float* a, float* c, int rows, int columns, bool first)
    {
        var terms = stackalloc ulong[MatrixProduct.PanelDepth / PatternView.Word];
        for (var column = 0; column < columns;)
        {
            var part = block with { Panel = block.Panel + column, Terms = terms };
            column += Cover(part, a, c + column, rows, columns - column, first);
        }
    }

    /// <summary>
    /// What a product costs, in rows: those that are computed and dropped count, and fewer than a tile has are slow.
    /// </summary>
    /// <param name="rows">Rows of the product.</param>
    /// <param name="columns">Its columns.</param>
    public int RowsCovered(int rows, int columns)
    {
        var (height, _) = SizeOf(Choose(rows, columns));
        return rows < height ? SlowRow * rows : Covered(rows, height);
    }

    /// <summary>
    /// c += a b, where the sums of this block begin at zero: of sums made of many such blocks the rounding is a
    /// fraction of one long chain's.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in MatrixBlock block, float* a, float* c, int rows, int columns)
    {
        for (var column = 0; column < columns;)
        {
            var shape = Choose(rows, columns - column);
            var (height, width) = SizeOf(shape);
            var part = block with { Panel = block.Panel + column, CRow = width };
            var row = 0;
            for (; row + height <= rows; row += height)
            {
                Tile<EveryTerm, SumsAreAdded>(
                    shape, part with { CRow = block.CRow }, a + ((long)row * block.ARow),
                    c + ((long)row * block.CRow) + column, first: true);
            }

            if (row < rows && shape == Shape.Wide)
                WideRows<SumsAreAdded>(block with { Panel = part.Panel }, row, rows, a, c + column, first: true);
            else if (row < rows)
                AddRest(shape, part, row, rows, a, c + ((long)row * block.CRow) + column, block.CRow);
            column += width;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _aside.Dispose();

    /// <summary>The rows left over beside whole tiles, at most three at a time.</summary>
    private static void WideRows<TEnd>(in MatrixBlock block, int row, int end, float* a, float* c, bool first)
        where TEnd : struct, ITileEnd
    {
        while (row < end)
        {
            float* left = a + ((long)row * block.ARow), to = c + ((long)row * block.CRow);
            switch (end - row)
            {
                case 1:
                    RowTile512.Multiply<EveryTerm, TEnd, RowTile512.One>(block, left, to, first);
                    row++;
                    break;
                case 2 or 4:
                    RowTile512.Multiply<EveryTerm, TEnd, RowTile512.Two>(block, left, to, first);
                    row += 2;
                    break;
                default:
                    RowTile512.Multiply<EveryTerm, TEnd, RowTile512.Three>(block, left, to, first);
                    row += 3;
                    break;
            }
        }
    }

    /// <summary>Adds the rows left over: in a whole tile that ends with them, if there is one.</summary>
    private void AddRest(Shape shape, in MatrixBlock part, int row, int rows, float* a, float* c, int stride)
    {
        var (height, width) = SizeOf(shape);
        var start = Math.Max(0, Math.Min(row, rows - height));
        if (rows >= height)
        {
            Tile<EveryTerm, SumsAreSet>(
                shape, part, a + ((long)start * part.ARow), _aside.Pointer, first: true);
        }

        for (var i = row; rows < height && i < rows; i++)
            Row(part, i, a, _aside.Pointer + (i * width), width, first: true);
        AddRows(_aside.Pointer + ((row - start) * width), width, c, stride, rows - row, width);
    }

    /// <summary>One column of tiles; returns its width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Cover(in MatrixBlock block, float* a, float* c, int rows, int columns, bool first)
    {
        var shape = Choose(rows, columns, isSparse: !block.Pattern.IsEmpty);
        var (height, width) = SizeOf(shape);
        var row = 0;
        for (; row + height <= rows; row += height)
            Tile(shape, block, row, height, a, c + ((long)row * block.CRow), first);
        if (row == rows)
            return width;
        if (shape == Shape.Wide && block.Pattern.IsEmpty)
        {
            WideRows<SumsAreSet>(block, row, rows, a, c, first);
            return width;
        }

        if (rows < height)
        {
            for (; row < rows; row++)
                Row(block, row, a, c + ((long)row * block.CRow), width, first);
            return width;
        }

        // The rows left over ride in a whole tile that ends with them; what it does to the others is dropped.
        var start = rows - height;
        var left = _aside.Pointer + ((row - start) * width);
        CopyRows(c + ((long)row * block.CRow), block.CRow, left, width, rows - row, width);
        Tile(shape, block with { CRow = width }, start, height, a, _aside.Pointer, first);
        CopyRows(left, width, c + ((long)row * block.CRow), block.CRow, rows - row, width);
        return width;
    }

    private static (int Height, int Width) SizeOf(Shape shape) => shape switch
    {
        Shape.Wide => (WideTile512.Rows, WideTile512.Columns),
        Shape.Tall => (TallTile512.Rows, TallTile512.Columns),
        Shape.Narrow => (NarrowTile512.Rows, NarrowTile512.Columns),
        Shape.Low1 => (LowTile512.Rows, FloatBuffer.Lane),
        Shape.Low2 => (LowTile512.Rows, 2 * FloatBuffer.Lane),
        Shape.Sparse2 => (SparseTile512.Rows, 2 * FloatBuffer.Lane),
        Shape.Sparse3 => (SparseTile512.Rows, 3 * FloatBuffer.Lane),
        Shape.Sparse4 => (SparseTile512.Rows, 4 * FloatBuffer.Lane),
        _ => (Tile256.Rows, Tile256.Columns),
    };

    // The fewer rows, the more terms are zero in all of them.
    private Shape Choose(int rows, int columns, bool isSparse = false)
    {
        if (!Wide)
            return Shape.Narrow256;
        if (isSparse && columns >= 2 * FloatBuffer.Lane)
        {
            return columns >= 4 * FloatBuffer.Lane ? Shape.Sparse4
                : columns >= 3 * FloatBuffer.Lane ? Shape.Sparse3 : Shape.Sparse2;
        }

        if (rows is >= LowTile512.Rows and < NarrowTile512.Rows && columns < WideTile512.Columns)
            return columns >= 2 * FloatBuffer.Lane ? Shape.Low2 : Shape.Low1;
        if (columns < TallTile512.Columns || rows < WideTile512.Rows)
            return columns >= WideTile512.Columns ? Shape.Wide : Shape.Narrow;
        if (columns < WideTile512.Columns)
            return rows < TallTile512.Rows ? Shape.Narrow : Shape.Tall;
        return rows >= TallTile512.Rows && Covered(rows, TallTile512.Rows) < Covered(rows, WideTile512.Rows)
            ? Shape.Tall : Shape.Wide;
    }

    private static int Covered(int rows, int height) => (rows + height - 1) / height * height;

    /// <summary>The rows from <paramref name="row"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(
        Shape shape, in MatrixBlock block, int row, int height, float* a, float* c, bool first)
    {
        var left = a + ((long)row * block.ARow);
        if (block.Pattern.IsEmpty)
            Tile<EveryTerm, SumsAreSet>(shape, block, left, c, first);
        else if (FindTerms(block, row, height) || first)
            Tile<TermsNotZero, SumsAreSet>(shape, block, left, c, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TWalk, TEnd>(Shape shape, in MatrixBlock block, float* left, float* c, bool first)
        where TWalk : struct, IDepthWalk
        where TEnd : struct, ITileEnd
    {
        switch (shape)
        {
            case Shape.Wide:
                WideTile512.Multiply<TWalk, TEnd>(block, left, c, first);
                break;
            case Shape.Tall:
                TallTile512.Multiply<TWalk, TEnd>(block, left, c, first);
                break;
            case Shape.Low1:
                LowTile512.Multiply<TWalk, TEnd, LowTile512.One>(block, left, c, first);
                break;
            case Shape.Low2:
                LowTile512.Multiply<TWalk, TEnd, LowTile512.Two>(block, left, c, first);
                break;
            case Shape.Sparse2:
                SparseTile512.Multiply<SparseTile512.Two>(block, left, c, first);
                break;
            case Shape.Sparse3:
                SparseTile512.Multiply<SparseTile512.Three>(block, left, c, first);
                break;
            case Shape.Sparse4:
                SparseTile512.Multiply<SparseTile512.Four>(block, left, c, first);
                break;
            case Shape.Narrow:
                NarrowTile512.Multiply<TWalk, TEnd>(block, left, c, first);
                break;
            default:
                Tile256.Multiply<TWalk, TEnd>(block, left, c, first);
                break;
        }
    }

    private static void Row(in MatrixBlock block, int row, float* a, float* c, int width, bool first)
    {
        var left = a + ((long)row * block.ARow);
        if (block.Pattern.IsEmpty)
            Row<EveryTerm>(block, left, c, width, first);
        else if (FindTerms(block, row, 1) || first)
            Row<TermsNotZero>(block, left, c, width, first);
    }

    private static void Row<TWalk>(in MatrixBlock block, float* left, float* c, int width, bool first)
        where TWalk : struct, IDepthWalk
    {
        if (width == RowTile512.Columns)
        {
            RowTile512.Multiply<TWalk, SumsAreSet, RowTile512.One>(block, left, c, first);
            return;
        }

        for (var column = 0; column < width; column += FloatBuffer.Lane)
            Lane<TWalk>(block with { Panel = block.Panel + column }, left, c + column, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lane<TWalk>(in MatrixBlock block, float* left, float* c, bool first)
        where TWalk : struct, IDepthWalk
    {
        nint ak = block.AColumn, bk = block.PanelWidth;
        var sum = first ? Vector512<float>.Zero : Vector512.Load(c);
        for (var part = 0; part < TWalk.Parts(block); part++)
        {
            var rest = TWalk.Enter(block, part, left, out var a, out var b);
            for (; rest != 0; rest = TWalk.Next(rest, ak, bk, ref a, ref b))
                sum = Vector512.FusedMultiplyAdd(Vector512.Create(*a), Vector512.Load(b), sum);
        }

        sum.Store(c);
    }

    private static void AddRows(float* source, int sourceStride, float* target, int targetStride, int rows, int columns)
    {
        for (; rows > 0; rows--, source += sourceStride, target += targetStride)
        {
            for (var column = 0; column < columns; column += FloatBuffer.Lane)
                (Vector512.Load(target + column) + Vector512.Load(source + column)).Store(target + column);
        }
    }

    /// <summary>Sets the block's words to the terms that are not zero in all of some rows.</summary>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool FindTerms(in MatrixBlock block, int row, int rows)
    {
        var any = 0UL;
        for (var word = 0; word < TermsNotZero.Parts(block); word++)
            any |= block.Terms[word] = block.Pattern.Any(word, row, rows);
        return any != 0;
    }

    private static void CopyRows(float* source, int sourceStride, float* target, int targetStride, int rows,
        int columns)
    {
        for (; rows > 0; rows--, source += sourceStride, target += targetStride)
        {
            for (var column = 0; column < columns; column += FloatBuffer.Lane)
                Vector512.Load(source + column).Store(target + column);
        }
    }
}
