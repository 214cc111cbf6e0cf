using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Winograd;

/// <summary>
/// The transforms of Winograd's minimal filtering F(2x2, 3x3) (Lavin and Gray, "Fast algorithms for convolutional
/// neural networks", 2016): a tile of 2x2 outputs takes 16 products a channel and filter instead of 36. With d the 4x4
/// inputs of a tile and g a kernel, the outputs are A'[(G g G') (B' d B)]A, summed over the channels inside the
/// brackets. Sixteen channels or filters at a time.
/// </summary>
internal static unsafe class WinogradTransforms
{
    /// <summary>Places of a transformed tile.</summary>
    public const int Places = 16;

    /// <summary>B' d B: reads a 4x4 tile, writes its 16 values <paramref name="placeStride"/> apart.</summary>
    /// <param name="tile">The tile's first pixel.</param>
    /// <param name="rowStride">Floats from an image row to the next.</param>
    /// <param name="channels">Floats of a pixel; whole vectors.</param>
    /// <param name="values">Receives the first place; channels side by side.</param>
    /// <param name="placeStride">Floats from a place to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inputs(float* tile, nint rowStride, int channels, float* values, nint placeStride)
    {
        nint c1 = channels, c2 = 2 * channels, c3 = 3 * channels;
        for (var lane = 0; lane < channels;
            lane += FloatBuffer.Lane, tile += FloatBuffer.Lane, values += FloatBuffer.Lane)
        {
            float* r0 = tile, r1 = tile + rowStride, r2 = r1 + rowStride, r3 = r2 + rowStride;
            Vector512<float> a0 = Vector512.Load(r1), a1 = Vector512.Load(r1 + c1), a2 = Vector512.Load(r1 + c2),
                a3 = Vector512.Load(r1 + c3);
            Vector512<float> b0 = Vector512.Load(r2), b1 = Vector512.Load(r2 + c1), b2 = Vector512.Load(r2 + c2),
                b3 = Vector512.Load(r2 + c3);
            InputRow(Vector512.Load(r0) - b0, Vector512.Load(r0 + c1) - b1, Vector512.Load(r0 + c2) - b2,
                Vector512.Load(r0 + c3) - b3, values, placeStride);
            InputRow(a0 + b0, a1 + b1, a2 + b2, a3 + b3, values + (4 * placeStride), placeStride);
            InputRow(b0 - a0, b1 - a1, b2 - a2, b3 - a3, values + (8 * placeStride), placeStride);
            InputRow(a0 - Vector512.Load(r3), a1 - Vector512.Load(r3 + c1), a2 - Vector512.Load(r3 + c2),
                a3 - Vector512.Load(r3 + c3), values + (12 * placeStride), placeStride);
        }
    }

    /// <summary>A' m A: from the 16 sums of a tile its 2x2 outputs, or those of them that are in the image.</summary>
    /// <param name="sums">The first place; filters side by side.</param>
    /// <param name="placeStride">Floats from a place to the next.</param>
    /// <param name="filters">Floats of a pixel; whole vectors.</param>
    /// <param name="tile">Receives the outputs.</param>
    /// <param name="rowStride">Floats from an image row to the next.</param>
    /// <param name="rows">Rows of the tile in the image: 1 or 2.</param>
    /// <param name="columns">Columns of the tile in the image: 1 or 2.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Outputs(
        float* sums, nint placeStride, int filters, float* tile, nint rowStride, int rows, int columns)
    {
        for (var lane = 0; lane < filters; lane += FloatBuffer.Lane, sums += FloatBuffer.Lane, tile += FloatBuffer.Lane)
        {
            Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
            OutputColumn(sums, 4 * placeStride, ref s0, ref t0);
            OutputColumn(sums + placeStride, 4 * placeStride, ref s1, ref t1);
            OutputColumn(sums + (2 * placeStride), 4 * placeStride, ref s2, ref t2);
            OutputColumn(sums + (3 * placeStride), 4 * placeStride, ref s3, ref t3);
            (s0 + s1 + s2).Store(tile);
            if (columns > 1)
                (s1 - s2 - s3).Store(tile + filters);
            if (rows < 2)
                continue;
            (t0 + t1 + t2).Store(tile + rowStride);
            if (columns > 1)
                (t1 - t2 - t3).Store(tile + rowStride + filters);
        }
    }

    /// <summary>A y A': from the gradient of a tile's outputs that of its 16 sums.</summary>
    /// <inheritdoc cref="Outputs" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OutputGradients(
        float* tile, nint rowStride, int rows, int columns, int filters, float* sums, nint placeStride)
    {
        for (var lane = 0; lane < filters; lane += FloatBuffer.Lane, sums += FloatBuffer.Lane, tile += FloatBuffer.Lane)
        {
            Vector512<float> zero = Vector512<float>.Zero, y00 = Vector512.Load(tile), y01 = zero, y10 = zero,
                y11 = zero;
            if (columns > 1)
                y01 = Vector512.Load(tile + filters);
            if (rows > 1)
                y10 = Vector512.Load(tile + rowStride);
            if (rows > 1 && columns > 1)
                y11 = Vector512.Load(tile + rowStride + filters);
            GradientRow(y00, y01, sums, placeStride);
            GradientRow(y00 + y10, y01 + y11, sums + (4 * placeStride), placeStride);
            GradientRow(y00 - y10, y01 - y11, sums + (8 * placeStride), placeStride);
            GradientRow(-y10, -y11, sums + (12 * placeStride), placeStride);
        }
    }

    /// <summary>G g G' for all kernels.</summary>
    /// <param name="kernels">Nine matrices of channels x filters, one a place of the kernel.</param>
    /// <param name="size">Floats of such a matrix; whole vectors.</param>
    /// <param name="transformed">Receives sixteen.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Kernels(float* kernels, int size, float* transformed)
    {
        nint step = size;
        var half = Vector512.Create(0.5f);
        for (var i = 0; i < size; i += FloatBuffer.Lane, kernels += FloatBuffer.Lane, transformed += FloatBuffer.Lane)
        {
            Vector512<float> a0 = Vector512.Load(kernels), a1 = Vector512.Load(kernels + step),
                a2 = Vector512.Load(kernels + (2 * step));
            Vector512<float> b0 = Vector512.Load(kernels + (3 * step)), b1 = Vector512.Load(kernels + (4 * step)),
                b2 = Vector512.Load(kernels + (5 * step));
            Vector512<float> c0 = Vector512.Load(kernels + (6 * step)), c1 = Vector512.Load(kernels + (7 * step)),
                c2 = Vector512.Load(kernels + (8 * step));
            Vector512<float> s0 = (a0 + c0) * half, s1 = (a1 + c1) * half, s2 = (a2 + c2) * half;
            Vector512<float> h0 = b0 * half, h1 = b1 * half, h2 = b2 * half;
            KernelRow(a0, a1, a2, transformed, step);
            KernelRow(s0 + h0, s1 + h1, s2 + h2, transformed + (4 * step), step);
            KernelRow(s0 - h0, s1 - h1, s2 - h2, transformed + (8 * step), step);
            KernelRow(c0, c1, c2, transformed + (12 * step), step);
        }
    }

    /// <summary>G' u G: from the gradient of the transformed kernels that of the kernels.</summary>
    /// <param name="transformed">Sixteen matrices of channels x filters.</param>
    /// <param name="size">Floats of such a matrix; whole vectors.</param>
    /// <param name="kernels">Receives nine.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KernelGradients(float* transformed, int size, float* kernels)
    {
        nint step = size;
        for (var i = 0; i < size; i += FloatBuffer.Lane, transformed += FloatBuffer.Lane, kernels += FloatBuffer.Lane)
        {
            KernelColumn(transformed, 4 * step, out var a0, out var a1, out var a2);
            KernelColumn(transformed + step, 4 * step, out var b0, out var b1, out var b2);
            KernelColumn(transformed + (2 * step), 4 * step, out var c0, out var c1, out var c2);
            KernelColumn(transformed + (3 * step), 4 * step, out var d0, out var d1, out var d2);
            KernelGradientRow(a0, b0, c0, d0, kernels, step);
            KernelGradientRow(a1, b1, c1, d1, kernels + (3 * step), step);
            KernelGradientRow(a2, b2, c2, d2, kernels + (6 * step), step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow(
        Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3, float* values, nint stride)
    {
        (x0 - x2).Store(values);
        (x1 + x2).Store(values + stride);
        (x2 - x1).Store(values + (2 * stride));
        (x1 - x3).Store(values + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumn(float* sums, nint stride, ref Vector512<float> upper, ref Vector512<float> lower)
    {
        Vector512<float> m1 = Vector512.Load(sums + stride), m2 = Vector512.Load(sums + (2 * stride));
        upper = Vector512.Load(sums) + m1 + m2;
        lower = m1 - m2 - Vector512.Load(sums + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GradientRow(Vector512<float> y0, Vector512<float> y1, float* sums, nint stride)
    {
        y0.Store(sums);
        (y0 + y1).Store(sums + stride);
        (y0 - y1).Store(sums + (2 * stride));
        (-y1).Store(sums + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelRow(
        Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, float* transformed, nint stride)
    {
        var half = Vector512.Create(0.5f);
        var outer = (x0 + x2) * half;
        var inner = x1 * half;
        x0.Store(transformed);
        (outer + inner).Store(transformed + stride);
        (outer - inner).Store(transformed + (2 * stride));
        x2.Store(transformed + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelColumn(
        float* transformed, nint stride, out Vector512<float> x0, out Vector512<float> x1, out Vector512<float> x2)
    {
        var half = Vector512.Create(0.5f);
        Vector512<float> u1 = Vector512.Load(transformed + stride), u2 = Vector512.Load(transformed + (2 * stride));
        var both = (u1 + u2) * half;
        x0 = Vector512.Load(transformed) + both;
        x1 = (u1 - u2) * half;
        x2 = both + Vector512.Load(transformed + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelGradientRow(
        Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3, float* kernels, nint stride)
    {
        var half = Vector512.Create(0.5f);
        var both = (x1 + x2) * half;
        (x0 + both).Store(kernels);
        ((x1 - x2) * half).Store(kernels + stride);
        (both + x3).Store(kernels + (2 * stride));
    }
}
