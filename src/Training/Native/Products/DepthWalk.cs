using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Products;

/// <summary>How a tile goes along the depth of its block: through parts, and in each from term to term.</summary>
internal unsafe interface IDepthWalk
{
    /// <summary>Number of parts.</summary>
    static abstract int Parts(in MatrixBlock block);

    /// <summary>Goes to the first term of a part.</summary>
    /// <param name="block">The block.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="left">The first row of the tile.</param>
    /// <param name="a">Receives where that row has the term's factor.</param>
    /// <param name="b">Receives the term's row of the panel.</param>
    /// <returns>What is left of the part; 0: it has no such term.</returns>
    static abstract ulong Enter(in MatrixBlock block, int part, float* left, out float* a, out float* b);

    /// <summary>Goes on to the next term.</summary>
    static abstract ulong Next(ulong rest, nint ak, nint bk, ref float* a, ref float* b);
}

/// <summary>Every term of every segment.</summary>
internal readonly unsafe struct EveryTerm : IDepthWalk
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Parts(in MatrixBlock block) => block.Segments;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Enter(in MatrixBlock block, int part, float* left, out float* a, out float* b)
    {
        a = left + (part * block.ASegment);
        b = block.Panel + (block.PanelShifts is null
            ? (nint)part * block.Depth * block.PanelWidth : block.PanelShifts[part]);
        return (ulong)block.Depth;
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Next(ulong rest, nint ak, nint bk, ref float* a, ref float* b)
    {
        a += ak;
        b += bk;
        return rest - 1;
    }
}

/// <summary>The terms whose bit is set in the block's words: the others are zero in all rows of the tile.</summary>
internal readonly unsafe struct TermsNotZero : IDepthWalk
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Parts(in MatrixBlock block) => (block.Depth + PatternView.Word - 1) / PatternView.Word;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Enter(in MatrixBlock block, int part, float* left, out float* a, out float* b)
    {
        var bits = block.Terms[part];
        var k = (nint)((part * PatternView.Word) + BitOperations.TrailingZeroCount(bits));
        a = left + (k * block.AColumn);
        b = block.Panel + (k * block.PanelWidth);
        return bits;
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Next(ulong rest, nint ak, nint bk, ref float* a, ref float* b)
    {
        var bits = rest & (rest - 1);
        // The terms lie in order: from this one to the next.
        var step = (nint)(BitOperations.TrailingZeroCount(bits) - BitOperations.TrailingZeroCount(rest));
        a += step * ak;
        b += step * bk;
        return bits;
    }
}

/// <summary>What becomes of the sums of a tile.</summary>
internal unsafe interface ITileEnd
{
    /// <summary>Gives sixteen sums to the product.</summary>
    static abstract void Put(Vector512<float> sum, float* c);

    /// <summary>Gives eight sums to the product.</summary>
    static abstract void Put(Vector256<float> sum, float* c);
}

/// <summary>They are the product.</summary>
internal readonly unsafe struct SumsAreSet : ITileEnd
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<float> sum, float* c) => sum.Store(c);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector256<float> sum, float* c) => sum.Store(c);
}

/// <summary>They are added to the product, where they began at zero.</summary>
internal readonly unsafe struct SumsAreAdded : ITileEnd
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<float> sum, float* c) => (Vector512.Load(c) + sum).Store(c);

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector256<float> sum, float* c) => (Vector256.Load(c) + sum).Store(c);
}
