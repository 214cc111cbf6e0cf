using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Products of samples by features with a matrix of few columns, the other way round: where lanes over the few columns
/// would be empty, lanes over samples (forward) or features (backward) are full. Every element is the same chain of
/// fused multiply-adds over ascending depth as of <see cref="MatrixProduct"/>, so that the bits are the same. Needs
/// AVX-512. Not thread-safe.
/// </summary>
internal sealed unsafe class NarrowProduct : IDisposable
{
    private const int Strip = WideTile512.Columns;
    private const int Lane = FloatBuffer.Lane;

    // One tile of six rows gains both ways; two gain backward alone, where no samples have to be turned.
    private const int ColumnsForward = WideTile512.Rows;
    private const int ColumnsBackward = 2 * WideTile512.Rows;

    private readonly FloatBuffer _panel = new(MatrixProduct.PanelDepth * Strip);

    // A strip of the product, turned; its rows beyond the tiles stay zero.
    private readonly FloatBuffer _turned = new(Lane * Strip);
    private readonly int _tiles;

    private NarrowProduct(int columns)
    {
        _tiles = (columns + WideTile512.Rows - 1) / WideTile512.Rows;
        IsForward = columns <= ColumnsForward;
    }

    /// <summary>Whether <see cref="Multiply"/> is the faster one too.</summary>
    public bool IsForward { get; }

    /// <summary>What this processor gains by; null: nothing.</summary>
    /// <param name="inputs">Features of a sample: whole vectors, and at least a strip of them.</param>
    /// <param name="outputs">Columns of the products.</param>
    public static NarrowProduct? Create(int inputs, int outputs) =>
        Avx512F.IsSupported && Vector512.IsHardwareAccelerated && outputs <= ColumnsBackward && inputs % Lane == 0
            && inputs >= Strip ? new(outputs) : null;

    /// <summary>c = x w.</summary>
    /// <param name="x">Samples by features.</param>
    /// <param name="w">Features by columns, rows of one vector padded with zeros.</param>
    /// <param name="c">Samples by columns, likewise.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(in Matrix x, in Matrix w, in Matrix c)
    {
        for (var row = 0; row < x.Rows; row += Strip)
        {
            var rows = Math.Min(Strip, x.Rows - row);
            for (var k = 0; k < x.Columns; k += MatrixProduct.PanelDepth)
            {
                var depth = Math.Min(MatrixProduct.PanelDepth, x.Columns - k);
                TurnSamples(x.Pointer + ((long)row * x.RowStride) + k, x.RowStride, rows, depth);
                MultiplyStrip(
                    _panel.Pointer, Strip, depth, w.Pointer + ((long)k * w.RowStride), w.RowStride, first: k == 0);
            }

            TurnBack(c.Pointer + ((long)row * c.RowStride), c.RowStride, rows);
        }
    }

    /// <summary>d = x' g.</summary>
    /// <param name="x">Samples by features.</param>
    /// <param name="g">Samples by columns, rows of one vector padded with zeros.</param>
    /// <param name="d">Features by columns, likewise.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyTransposed(in Matrix x, in Matrix g, in Matrix d)
    {
        for (var next = 0; next < x.Columns; next += Strip)
        {
            // The last strip ends with the features, and does some of them again.
            var column = Math.Min(next, x.Columns - Strip);
            MultiplyStrip(x.Pointer + column, x.RowStride, x.Rows, g.Pointer, g.RowStride, first: true);
            TurnBack(d.Pointer + ((long)column * d.RowStride), d.RowStride, Strip);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _panel.Dispose();
        _turned.Dispose();
    }

    /// <summary>A strip of the turned product.</summary>
    /// <param name="panel">Its right factor.</param>
    /// <param name="width">Floats from a row of that to the next.</param>
    /// <param name="depth">Rows of it.</param>
    /// <param name="factors">The left factor, transposed.</param>
    /// <param name="stride">Floats from a row of that to the next.</param>
    /// <param name="first">Whether the strip begins, or is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyStrip(float* panel, int width, int depth, float* factors, int stride, bool first)
    {
        var block = new MatrixBlock
        {
            ARow = 1,
            AColumn = stride,
            CRow = Strip,
            Panel = panel,
            PanelWidth = width,
            Depth = depth,
        };
        for (var row = 0; row < _tiles * WideTile512.Rows; row += WideTile512.Rows)
            WideTile512.Multiply<EveryTerm>(block, factors + row, _turned.Pointer + (row * Strip), first);
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
                var target = _panel.Pointer + (k * Strip) + row;
                FloatSquare.Transpose(x + ((long)row * stride) + k, stride, rows - row, target, Strip, Lane);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TurnBack(float* target, int stride, int rows)
    {
        for (var row = 0; row < rows; row += Lane)
        {
            FloatSquare.Transpose(
                _turned.Pointer + row, Strip, Lane, target + ((long)row * stride), stride, rows - row);
        }
    }
}

/// <summary>Transposes 16 x 16 floats in registers.</summary>
internal static unsafe class FloatSquare
{
    private const int Side = FloatBuffer.Lane;

    /// <summary>Row r becomes column r; needs AVX-512.</summary>
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
            Transpose(source, sourceStride, target, targetStride);
            return;
        }

        float* whole = stackalloc float[2 * Side * Side], turned = whole + (Side * Side);
        for (var row = 0; row < Side; row++)
            (row < rows ? Vector512.Load(source + (row * sourceStride)) : default).Store(whole + (row * Side));
        Transpose(whole, Side, turned, Side);
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
