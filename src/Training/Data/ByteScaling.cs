using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sweeps.Training.Data;

/// <summary>
/// Turns bytes into floats b / 255, correctly rounded, so that every processor gives the same bits as NumPy's
/// <c>x.astype('float32') / 255</c>.
/// </summary>
/// <remarks>
/// A division a lane would cost more than the rest of the gathering together. Instead q = b * (1/255) is corrected by
/// its exact remainder, q + (b - 255 q) * (1/255) with two fused multiply-adds (Markstein 1990), which is exact for all
/// 256 bytes.
/// </remarks>
internal static class ByteScaling
{
    private const float Reciprocal = 1f / 255f;

    /// <summary>Scales all of <paramref name="source"/> into the start of <paramref name="destination"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (destination.Length < source.Length)
            throw new ArgumentException($"{source.Length} values do not fit {destination.Length} floats.");
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var done = 0;
        if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated)
            done = Scale512(ref from, ref to, source.Length);
        else if (Avx2.IsSupported && Fma.IsSupported)
            done = Scale256(ref from, ref to, source.Length);
        else if (System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported)
            done = Scale128(ref from, ref to, source.Length);
        ScaleScalar(source[done..], destination[done..]);
    }

    /// <summary>The definition that the vector paths must equal bit for bit.</summary>
    public static void ScaleScalar(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (var i = 0; i < source.Length; i++)
            destination[i] = source[i] / 255f;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Scale512(ref byte from, ref float to, int count)
    {
        var (reciprocal, divisor) = (Vector512.Create(Reciprocal), Vector512.Create(-255f));
        var i = 0;
        for (; i <= count - 16; i += 16)
        {
            var bytes = Vector128.LoadUnsafe(ref from, (nuint)i);
            var value = Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(bytes));
            var quotient = value * reciprocal;
            var remainder = Avx512F.FusedMultiplyAdd(quotient, divisor, value);
            Avx512F.FusedMultiplyAdd(remainder, reciprocal, quotient).StoreUnsafe(ref to, (nuint)i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Scale256(ref byte from, ref float to, int count)
    {
        var (reciprocal, divisor) = (Vector256.Create(Reciprocal), Vector256.Create(-255f));
        var i = 0;
        for (; i <= count - 8; i += 8)
        {
            var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, i))).AsByte();
            var value = Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(bytes));
            var quotient = value * reciprocal;
            var remainder = Fma.MultiplyAdd(quotient, divisor, value);
            Fma.MultiplyAdd(remainder, reciprocal, quotient).StoreUnsafe(ref to, (nuint)i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Scale128(ref byte from, ref float to, int count)
    {
        var (reciprocal, divisor) = (Vector128.Create(Reciprocal), Vector128.Create(-255f));
        var i = 0;
        for (; i <= count - 16; i += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)i));
            var (first, second) = Vector128.Widen(low);
            var (third, fourth) = Vector128.Widen(high);
            Store(first, ref to, i);
            Store(second, ref to, i + 4);
            Store(third, ref to, i + 8);
            Store(fourth, ref to, i + 12);
        }

        return i;

        void Store(Vector128<uint> bytes, ref float target, int offset)
        {
            var value = Vector128.ConvertToSingle(bytes.AsInt32());
            var quotient = value * reciprocal;
            var remainder = Vector128.FusedMultiplyAdd(quotient, divisor, value);
            Vector128.FusedMultiplyAdd(remainder, reciprocal, quotient).StoreUnsafe(ref target, (nuint)offset);
        }
    }
}
