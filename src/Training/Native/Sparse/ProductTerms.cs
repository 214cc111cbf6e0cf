using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Sparse;

/// <summary>A factor that is not zero.</summary>
/// <param name="factor">The factor.</param>
/// <param name="offset">Where the row lies that it multiplies: floats from the first row.</param>
internal readonly struct ProductTerm(float factor, int offset)
{
    public float Factor => factor;

    public int Offset => offset;
}

/// <summary>
/// Lists of the terms of sums of products that are not zero. A chain of fused multiply-adds from +0 on without the
/// terms whose one factor is 0 has the same bits as with them, if their other factors are finite, and unless it ends at
/// -0: a term of zero leaves every sum but -0 as it is, and turns -0 into +0 or leaves it. A sum becomes -0 only by
/// underflow, and then the chain without zeros still does where the one with them ends at -0.
/// </summary>
internal static unsafe class ProductTerms
{
    /// <summary>Appends the factors that are not zero, in their order.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="count">How many; as many as fill the last vector may be read.</param>
    /// <param name="step">Floats from the row of one factor to that of the next.</param>
    /// <param name="end">Where the list goes on.</param>
    /// <returns>Its new end.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ProductTerm* Append(float* factors, int count, int step, ProductTerm* end)
    {
        for (var first = 0; first < count; first += PatternView.Word)
        {
            var bits = NotZero(factors + first, Math.Min(PatternView.Word, count - first));
            for (; bits != 0; bits &= bits - 1)
            {
                var i = first + BitOperations.TrailingZeroCount(bits);
                *end++ = new(factors[i], i * step);
            }
        }

        return end;
    }

    /// <summary>Appends the factors that are not zero to as many lists.</summary>
    /// <param name="factors">The factors, one for each list.</param>
    /// <param name="count">How many; as many as fill the last vector may be read.</param>
    /// <param name="offset">Where the row lies that all of them multiply.</param>
    /// <param name="ends">Where the lists go on; receives their new ends.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AppendEach(float* factors, int count, int offset, ProductTerm** ends)
    {
        for (var first = 0; first < count; first += PatternView.Word)
        {
            var bits = NotZero(factors + first, Math.Min(PatternView.Word, count - first));
            for (; bits != 0; bits &= bits - 1)
            {
                var i = first + BitOperations.TrailingZeroCount(bits);
                *ends[i]++ = new(factors[i], offset);
            }
        }
    }

    /// <summary>Counts the zeros.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="count">How many; whole vectors.</param>
    /// <param name="isFinite">Whether none is infinite or NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CountZeros(float* factors, int count, out bool isFinite)
    {
        // Equal is -1.
        var (highest, equal) = (Vector512<int>.Zero, Vector512<int>.Zero);
        for (var i = 0; i < count; i += FloatBuffer.Lane)
        {
            var size = Vector512.Load(factors + i).AsInt32() & Vector512.Create(0x7FFF_FFFF);
            equal += Vector512.Equals(size, Vector512<int>.Zero);
            highest = Vector512.Max(highest, size);
        }

        isFinite = Vector512.LessThanAll(highest, Vector512.Create(0x7F80_0000));
        return -Vector512.Sum(equal);
    }

    /// <summary>Whether no factor is infinite or NaN.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="count">How many; whole vectors.</param>
    public static bool AreFinite(float* factors, int count)
    {
        CountZeros(factors, count, out var isFinite);
        return isFinite;
    }

    /// <summary>Whether one of some floats is -0.</summary>
    /// <param name="values">The floats.</param>
    /// <param name="count">How many; whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool HasNegativeZero(float* values, long count)
    {
        var found = Vector512<int>.Zero;
        for (var i = 0L; i < count; i += FloatBuffer.Lane)
            found |= Vector512.Equals(Vector512.Load(values + i).AsInt32(), Vector512.Create(int.MinValue));
        return found != Vector512<int>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotZero(float* factors, int count)
    {
        var bits = 0UL;
        for (var i = 0; i < count; i += FloatBuffer.Lane)
        {
            var zero = Vector512.Equals(Vector512.Load(factors + i), Vector512<float>.Zero);
            bits |= (~zero.ExtractMostSignificantBits() & 0xFFFF) << i;
        }

        return count < PatternView.Word ? bits & ((1UL << count) - 1) : bits;
    }
}
