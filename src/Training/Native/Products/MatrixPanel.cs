using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Copies a block of the right-hand matrix to where the tiles read it in one stream: row after row, without the strides
/// (often powers of two) that make a cache evict its own lines.
/// </summary>
internal static unsafe class MatrixPanel
{
    /// <summary>Rows and columns that are transposed at once.</summary>
    public const int Side = 8;

    /// <summary>
    /// Copies <paramref name="rows"/> x <paramref name="columns"/> floats; columns are whole vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, int stride, int rows, int columns, float* panel)
    {
        for (var row = 0; row < rows; row++, source += stride)
        {
            for (var column = 0; column < columns; column += FloatBuffer.Lane, panel += FloatBuffer.Lane)
                Vector512.Load(source + column).Store(panel);
        }
    }

    /// <summary>
    /// Copies the transpose of <paramref name="columns"/> rows of <paramref name="rows"/> floats into a panel <paramref
    /// name="width"/> wide; the columns beyond the source become zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyTransposed(float* source, int stride, int rows, int columns, int width, float* panel)
    {
        var vectors = Avx.IsSupported ? rows / 8 * 8 : 0;
        // Of the last eight columns some may be missing in the source, but none in the panel.
        var eights = Math.Min((columns + 7) / 8, width / 8) * 8;
        for (var column = 0; vectors > 0 && column < eights; column += 8)
        {
            for (var row = 0; row < vectors; row += 8)
            {
                Transpose8(
                    source + ((long)column * stride) + row, stride, columns - column,
                    panel + ((long)row * width) + column, width);
            }
        }

        if (columns > eights)
        {
            CopyOneByOne(
                source + ((long)eights * stride), stride, vectors, columns - eights, panel + eights, width);
        }

        var filled = Math.Max(eights, columns);
        for (var row = 0; filled < width && row < vectors; row++)
        {
            var (to, column) = ((nint)(panel + ((long)row * width)), filled);
            for (; column + 8 <= width; column += 8)
                Vector256<float>.Zero.Store((float*)to + column);
            for (; column < width; column++)
                ((float*)to)[column] = 0;
        }

        for (var row = vectors; width > columns && row < rows; row++)
            new Span<float>(panel + ((long)row * width) + columns, width - columns).Clear();
        CopyOneByOne(
            source + vectors, stride, rows - vectors, columns, panel + ((long)vectors * width), width);
    }

    /// <summary>
    /// Whether terms x b with x = 0 can be left out of chains of fused multiply-adds from zero on without changing a
    /// bit, where every other x is at least 1/255 in size and has at most 24 bits: all b are 0 or finite and at least
    /// 2^-90. A term of zero changes a sum only if b is infinite or NaN, or if the sum is -0; a sum becomes -0 only by
    /// underflow, and here all of them are multiples of 2^-144, which floats are down to 2^-149.
    /// </summary>
    /// <param name="panel">The numbers b.</param>
    /// <param name="length">How many; whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool LosesNoBitByZeros(float* panel, int length)
    {
        const uint Least = (127 - 90) << 23, Infinite = 0x7F80_0000;
        var (lowest, highest) = (Vector512<uint>.AllBitsSet, Vector512<uint>.Zero);
        for (var i = 0; i < length; i += FloatBuffer.Lane)
        {
            var size = Vector512.Load(panel + i).AsUInt32() & Vector512.Create(0x7FFF_FFFFu);
            // Zero becomes the largest of all.
            lowest = Vector512.Min(lowest, size - Vector512<uint>.One);
            highest = Vector512.Max(highest, size);
        }

        return Vector512.GreaterThanOrEqualAll(lowest, Vector512.Create(Least - 1))
            && Vector512.LessThanAll(highest, Vector512.Create(Infinite));
    }

    /// <summary>Row r becomes column r.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="side">Rows and columns: whole vectors.</param>
    /// <param name="target">Receives the transpose.</param>
    /// <param name="targetStride">Floats from a row of it to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposeSquare(float* source, long stride, int side, float* target, long targetStride)
    {
        for (var row = 0; row < side; row += 8)
        {
            for (var column = 0; column < side; column += 8)
            {
                float* from = source + (column * stride) + row, to = target + (row * targetStride) + column;
                if (Avx.IsSupported)
                    Transpose8(from, stride, 8, to, targetStride);
                else
                    CopyOneByOne(from, (int)stride, 8, 8, to, (int)targetStride);
            }
        }
    }

    /// <summary>
    /// Columns of <paramref name="rows"/> floats become as many rows. Up to seven floats behind each become zero.
    /// </summary>
    /// <param name="source">The first column.</param>
    /// <param name="stride">Floats from a column to the next.</param>
    /// <param name="rows">Floats of a column.</param>
    /// <param name="columns">How many there are.</param>
    /// <param name="target">Receives the rows.</param>
    /// <param name="targetStride">Floats from a row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(float* source, int stride, int rows, int columns, float* target, int targetStride)
    {
        if (!Avx.IsSupported || rows % Side != 0)
        {
            CopyOneByOne(source, stride, rows, columns, target, targetStride);
            return;
        }

        for (var row = 0; row < rows; row += Side, source += Side, target += (long)Side * targetStride)
        {
            for (var column = 0; column < columns; column += Side)
            {
                Transpose8(
                    source + ((long)column * stride), stride, columns - column, target + column, targetStride);
            }
        }
    }

    /// <summary>Rows become columns of whole vectors, zero where there is no row.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Floats from a row to the next; of the last, whole eights may be read.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="columns">Floats of a row.</param>
    /// <param name="target">Receives the columns.</param>
    /// <param name="width">Floats of a column.</param>
    /// <param name="mayReach">Whether up to seven columns may be written behind the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TurnBack(
        float* source, int stride, int rows, int columns, float* target, int width, bool mayReach)
    {
        var whole = !Avx.IsSupported ? 0 : mayReach ? columns : columns / Side * Side;
        for (var row = 0; row < width; row += Side, source += (long)Side * stride, target += Side)
        {
            var left = rows - row;
            var column = 0;
            for (; column < whole; column += Side)
            {
                if (left > 0)
                {
                    Transpose8(source + column, stride, left, target + ((long)column * width), width);
                    continue;
                }

                for (var i = column; i < column + Side; i++)
                    Vector256<float>.Zero.Store(target + ((long)i * width));
            }

            for (; column < columns; column++)
            {
                for (var i = 0; i < Side; i++)
                    target[((long)column * width) + i] = i < left ? source[((long)i * stride) + column] : 0;
            }
        }
    }

    private static void CopyOneByOne(float* source, int stride, int rows, int columns, float* panel, int width)
    {
        for (var column = 0; column < columns; column++, source += stride, panel++)
        {
            for (var row = 0; row < rows; row++)
                panel[row * width] = source[row];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose8(float* source, long stride, int columns, float* panel, long width)
    {
        Vector256<float> r0 = Vector256.Load(source), r1, r2, r3, r4, r5, r6, r7;
        r1 = columns > 1 ? Vector256.Load(source + stride) : default;
        r2 = columns > 2 ? Vector256.Load(source + (2 * stride)) : default;
        r3 = columns > 3 ? Vector256.Load(source + (3 * stride)) : default;
        r4 = columns > 4 ? Vector256.Load(source + (4 * stride)) : default;
        r5 = columns > 5 ? Vector256.Load(source + (5 * stride)) : default;
        r6 = columns > 6 ? Vector256.Load(source + (6 * stride)) : default;
        r7 = columns > 7 ? Vector256.Load(source + (7 * stride)) : default;
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3),
            a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7),
            a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE), b2 = Avx.Shuffle(a1, a3, 0x44),
            b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE), b6 = Avx.Shuffle(a5, a7, 0x44),
            b7 = Avx.Shuffle(a5, a7, 0xEE);
        Avx.Permute2x128(b0, b4, 0x20).Store(panel);
        Avx.Permute2x128(b1, b5, 0x20).Store(panel + width);
        Avx.Permute2x128(b2, b6, 0x20).Store(panel + (2 * width));
        Avx.Permute2x128(b3, b7, 0x20).Store(panel + (3 * width));
        Avx.Permute2x128(b0, b4, 0x31).Store(panel + (4 * width));
        Avx.Permute2x128(b1, b5, 0x31).Store(panel + (5 * width));
        Avx.Permute2x128(b2, b6, 0x31).Store(panel + (6 * width));
        Avx.Permute2x128(b3, b7, 0x31).Store(panel + (7 * width));
    }
}
