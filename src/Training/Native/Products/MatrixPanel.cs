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
        var column = 0;
        if (Avx.IsSupported)
        {
            for (; column + 8 <= columns; column += 8)
            {
                var row = 0;
                for (; row + 8 <= rows; row += 8)
                {
                    var block = panel + ((long)row * width) + column;
                    Transpose8(source + ((long)column * stride) + row, stride, block, width);
                }

                var rest = panel + ((long)row * width) + column;
                CopyOneByOne(source + ((long)column * stride) + row, stride, rows - row, 8, rest, width);
            }
        }

        CopyOneByOne(source + ((long)column * stride), stride, rows, columns - column, panel + column, width);
        for (column = columns; column < width; column++)
        {
            for (var row = 0; row < rows; row++)
                panel[(row * width) + column] = 0;
        }
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

    private static void CopyOneByOne(float* source, int stride, int rows, int columns, float* panel, int width)
    {
        for (var column = 0; column < columns; column++, source += stride, panel++)
        {
            for (var row = 0; row < rows; row++)
                panel[row * width] = source[row];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose8(float* source, long stride, float* panel, long width)
    {
        Vector256<float> r0 = Vector256.Load(source), r1 = Vector256.Load(source + stride);
        Vector256<float> r2 = Vector256.Load(source + (2 * stride)), r3 = Vector256.Load(source + (3 * stride));
        Vector256<float> r4 = Vector256.Load(source + (4 * stride)), r5 = Vector256.Load(source + (5 * stride));
        Vector256<float> r6 = Vector256.Load(source + (6 * stride)), r7 = Vector256.Load(source + (7 * stride));
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
