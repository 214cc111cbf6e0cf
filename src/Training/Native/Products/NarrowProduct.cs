using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Products of samples by features with a matrix of few columns, the other way round: where lanes over the few columns
/// would be empty, lanes over samples (forward) or features (backward) are full. The matrix and its gradient lie
/// turned, [columns, features]. Every element is the same chain of fused multiply-adds over ascending depth as of
/// <see cref="MatrixProduct"/>, so that the bits are the same. Not thread-safe.
/// </summary>
internal sealed unsafe class NarrowProduct : IDisposable
{
    private const int Lane = FloatBuffer.Lane;

    // One tile of six rows gains both ways; two gain backward alone, where no samples have to be turned.
    private const int ColumnsForward = WideTile512.Rows;
    private const int ColumnsBackward = 2 * WideTile512.Rows;

    private readonly bool _wide;
    private readonly int _strip;
    private readonly int _columns;
    private readonly int _features;
    private readonly FloatBuffer? _panel;
    private readonly FloatBuffer? _factors;

    // A strip of the product, turned; its rows beyond the tiles stay zero.
    private readonly FloatBuffer _turned;

    /// <summary>Products that suit.</summary>
    /// <param name="features">Features of a sample.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="wide">Whether tiles of 512 bits are used.</param>
    public NarrowProduct(int features, int columns, bool wide)
    {
        (_features, _columns) = (features, columns);
        _wide = wide && Avx512F.IsSupported;
        _strip = _wide ? WideTile512.Columns : Tile256.Columns;
        _turned = new((long)Lane * _strip);
        IsForward = _wide && columns <= ColumnsForward;
        if (!IsForward)
            return;
        _panel = new((long)MatrixProduct.PanelDepth * _strip);
        _factors = new((long)ColumnsForward * features);
    }

    /// <summary>Whether <see cref="Multiply"/> is the faster one too.</summary>
    public bool IsForward { get; }

    /// <summary>Whether a matrix had better lie turned; the same on every processor.</summary>
    /// <param name="features">Features of a sample.</param>
    /// <param name="columns">Columns of the matrix.</param>
    public static bool Suits(int features, int columns) =>
        columns <= ColumnsBackward && features % Lane == 0 && features >= WideTile512.Columns;

    /// <summary>c = x w; only where <see cref="IsForward"/>.</summary>
    /// <param name="x">Samples by features.</param>
    /// <param name="w">Features by columns, lying turned.</param>
    /// <param name="c">Samples by columns, rows of one vector padded with zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(in Matrix x, in Matrix w, in Matrix c)
    {
        // The rows that a tile has beyond the columns are zero.
        new Span<float>(w.Pointer, _columns * _features).CopyTo(_factors!.Span);
        for (var row = 0; row < x.Rows; row += _strip)
        {
            var rows = Math.Min(_strip, x.Rows - row);
            for (var k = 0; k < x.Columns; k += MatrixProduct.PanelDepth)
            {
                var depth = Math.Min(MatrixProduct.PanelDepth, x.Columns - k);
                TurnSamples(x.Pointer + ((long)row * x.RowStride) + k, x.RowStride, rows, depth);
                var block = new MatrixBlock
                {
                    ARow = _features,
                    AColumn = 1,
                    CRow = _strip,
                    Panel = _panel!.Pointer,
                    PanelWidth = _strip,
                    Depth = depth,
                };
                WideTile512.Multiply<EveryTerm, SumsAreSet>(
                    block, _factors.Pointer + k, _turned.Pointer, first: k == 0);
            }

            TurnBack(c.Pointer + ((long)row * c.RowStride), c.RowStride, rows);
        }
    }

    /// <summary>d = x' g.</summary>
    /// <param name="x">Samples by features.</param>
    /// <param name="g">Samples by columns, rows of one vector padded with zeros.</param>
    /// <param name="d">Features by columns, lying turned.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyTransposed(in Matrix x, in Matrix g, in Matrix d)
    {
        for (var next = 0; next < x.Columns; next += _strip)
        {
            // The last strip ends with the features, and does some of them again.
            var column = Math.Min(next, x.Columns - _strip);
            for (var row = 0; row < _columns; row += WideTile512.Rows)
                MultiplyTile(x, g, d.Pointer + ((long)row * _features) + column, column, row);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _panel?.Dispose();
        _factors?.Dispose();
        _turned.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyTile(in Matrix x, in Matrix g, float* target, int column, int row)
    {
        // Of a tile's rows there may be fewer.
        var rows = Math.Min(WideTile512.Rows, _columns - row);
        var isWhole = rows == WideTile512.Rows;
        var block = new MatrixBlock
        {
            ARow = 1,
            AColumn = g.RowStride,
            CRow = isWhole ? _features : _strip,
            Panel = x.Pointer + column,
            PanelWidth = x.RowStride,
            Depth = x.Rows,
        };
        var sums = isWhole ? target : _turned.Pointer;
        if (_wide)
            WideTile512.Multiply<EveryTerm, SumsAreSet>(block, g.Pointer + row, sums, first: true);
        else
            Tile256.Multiply<EveryTerm, SumsAreSet>(block, g.Pointer + row, sums, first: true);
        for (; !isWhole && rows > 0; rows--, sums += _strip, target += _features)
        {
            for (var i = 0; i < _strip; i += Lane)
                Vector512.Load(sums + i).Store(target + i);
        }
    }

    /// <summary>Fills the panel with samples as columns; what is beyond the samples there are is never looked at.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TurnSamples(float* x, int stride, int rows, int depth)
    {
        for (var k = 0; k < depth; k += Lane)
        {
            for (var next = 0; next < rows; next += Lane)
            {
                // The last square ends with the samples, and does some of them again.
                var row = Math.Max(0, Math.Min(next, rows - Lane));
                var target = _panel!.Pointer + (k * _strip) + row;
                FloatSquare.Transpose(x + ((long)row * stride) + k, stride, rows - row, target, _strip, Lane);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TurnBack(float* target, int stride, int rows)
    {
        for (var row = 0; row < rows; row += Lane)
        {
            FloatSquare.Transpose(
                _turned.Pointer + row, _strip, Lane, target + ((long)row * stride), stride, rows - row);
        }
    }
}

/// <summary>Transposes 16 x 16 floats in registers.</summary>
internal static unsafe class FloatSquare
{
    private const int Side = FloatBuffer.Lane;

    /// <summary>Row r becomes column r.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="sourceStride">Floats from a row to the next.</param>
    /// <param name="rows">Rows that there are; the others count as zero.</param>
    /// <param name="target">Receives the transpose.</param>
    /// <param name="targetStride">Floats from a row of it to the next.</param>
    /// <param name="columns">Rows of it that are wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(
        float* source, long sourceStride, int rows, float* target, long targetStride, int columns)
    {
        if (rows >= Side && columns >= Side)
        {
            if (Avx512F.IsSupported)
                Transpose(source, sourceStride, target, targetStride);
            else
                MatrixPanel.TransposeSquare(source, sourceStride, Side, target, targetStride);
            return;
        }

        float* whole = stackalloc float[2 * Side * Side], turned = whole + (Side * Side);
        for (var row = 0; row < Side; row++)
            (row < rows ? Vector512.Load(source + (row * sourceStride)) : default).Store(whole + (row * Side));
        Transpose(whole, Side, Side, turned, Side, Side);
        for (var row = 0; row < Math.Min(columns, Side); row++)
            Vector512.Load(turned + (row * Side)).Store(target + (row * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(float* s, long sourceStride, float* target, long targetStride)
    {
        Quarter(s, sourceStride, out var a0, out var a1, out var a2, out var a3);
        Quarter(s + (4 * sourceStride), sourceStride, out var b0, out var b1, out var b2, out var b3);
        Quarter(s + (8 * sourceStride), sourceStride, out var c0, out var c1, out var c2, out var c3);
        Quarter(s + (12 * sourceStride), sourceStride, out var d0, out var d1, out var d2, out var d3);
        Spread(a0, b0, c0, d0, target, targetStride);
        Spread(a1, b1, c1, d1, target + targetStride, targetStride);
        Spread(a2, b2, c2, d2, target + (2 * targetStride), targetStride);
        Spread(a3, b3, c3, d3, target + (3 * targetStride), targetStride);
    }

    /// <summary>Of four rows: quarter q of result m is their column 4 q + m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(float* s, long stride, out Vector512<float> m0, out Vector512<float> m1,
        out Vector512<float> m2, out Vector512<float> m3)
    {
        Vector512<float> r0 = Vector512.Load(s), r1 = Vector512.Load(s + stride);
        Vector512<float> r2 = Vector512.Load(s + (2 * stride)), r3 = Vector512.Load(s + (3 * stride));
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble(), low23 = Avx512F.UnpackLow(r2, r3).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(r0, r1).AsDouble(),
            high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        m0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        m1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        m2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        m3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Puts equal quarters of four together: they are columns 0, 4, 8 and 12 from the target on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d,
        float* target, long stride)
    {
        const byte Even = 0x88, Odd = 0xDD;
        Vector512<float> ab = Avx512F.Shuffle4x128(a, b, Even), cd = Avx512F.Shuffle4x128(c, d, Even);
        Avx512F.Shuffle4x128(ab, cd, Even).Store(target);
        Avx512F.Shuffle4x128(ab, cd, Odd).Store(target + (8 * stride));
        ab = Avx512F.Shuffle4x128(a, b, Odd);
        cd = Avx512F.Shuffle4x128(c, d, Odd);
        Avx512F.Shuffle4x128(ab, cd, Even).Store(target + (4 * stride));
        Avx512F.Shuffle4x128(ab, cd, Odd).Store(target + (12 * stride));
    }
}
