using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Sparse;

/// <summary>How many sums are made at once.</summary>
internal interface ISumWidth
{
    /// <summary>Sixteens of sums.</summary>
    static abstract int Lanes { get; }
}

/// <summary>
/// Sums of products from lists of their terms: to each of some adjacent sums a chain of fused multiply-adds over the
/// list, in its order.
/// </summary>
internal static unsafe class TermSums
{
    private const int MostLanes = 10;
    private const int MostLanes256 = 5;

    /// <summary>
    /// Splits a row into the parts that registers hold: equal ones, but for the last, since a narrow one takes as long
    /// for a term as a wide one.
    /// </summary>
    /// <param name="length">Floats of the row; whole vectors.</param>
    /// <param name="wide">Whether vectors of 512 bits are used.</param>
    public static SumPart[] Split(int length, bool wide)
    {
        var (all, most) = (length / FloatBuffer.Lane, wide ? MostLanes : MostLanes256);
        var count = (all + most - 1) / most;
        var lanes = (all + count - 1) / count;
        var parts = new List<SumPart>();
        for (var first = 0; first < all; first += lanes)
            parts.Add(Part(first * FloatBuffer.Lane, Math.Min(lanes, all - first), wide));
        return [.. parts];
    }

    private static SumPart Part(int first, int lanes, bool wide) => (lanes, wide) switch
    {
        (10, true) => new(first, 10, &Add512<Lanes10>),
        (9, true) => new(first, 9, &Add512<Lanes9>),
        (8, true) => new(first, 8, &Add512<Lanes8>),
        (7, true) => new(first, 7, &Add512<Lanes7>),
        (6, true) => new(first, 6, &Add512<Lanes6>),
        (5, true) => new(first, 5, &Add512<Lanes5>),
        (4, true) => new(first, 4, &Add512<Lanes4>),
        (3, true) => new(first, 3, &Add512<Lanes3>),
        (2, true) => new(first, 2, &Add512<Lanes2>),
        (_, true) => new(first, 1, &Add512<Lanes1>),
        (5, false) => new(first, 5, &Add256<Lanes5>),
        (4, false) => new(first, 4, &Add256<Lanes4>),
        (3, false) => new(first, 3, &Add256<Lanes3>),
        (2, false) => new(first, 2, &Add256<Lanes2>),
        _ => new(first, 1, &Add256<Lanes1>),
    };

    /// <summary>With vectors of 512 bits: at most 10 times 16 sums, which stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add512<TWidth>(ProductTerm* terms, ProductTerm* end, float* rows, float* sums)
        where TWidth : struct, ISumWidth
    {
        Vector512<float> c0 = Vector512.Load(sums), c1, c2, c3, c4, c5, c6, c7, c8, c9;
        c1 = c2 = c3 = c4 = c5 = c6 = c7 = c8 = c9 = Vector512<float>.Zero;
        if (TWidth.Lanes > 1)
            c1 = Vector512.Load(sums + 16);
        if (TWidth.Lanes > 2)
            c2 = Vector512.Load(sums + 32);
        if (TWidth.Lanes > 3)
            c3 = Vector512.Load(sums + 48);
        if (TWidth.Lanes > 4)
            c4 = Vector512.Load(sums + 64);
        if (TWidth.Lanes > 5)
            c5 = Vector512.Load(sums + 80);
        if (TWidth.Lanes > 6)
            c6 = Vector512.Load(sums + 96);
        if (TWidth.Lanes > 7)
            c7 = Vector512.Load(sums + 112);
        if (TWidth.Lanes > 8)
            c8 = Vector512.Load(sums + 128);
        if (TWidth.Lanes > 9)
            c9 = Vector512.Load(sums + 144);

        for (; terms < end; terms++)
        {
            var x = Vector512.Create(terms->Factor);
            var b = rows + terms->Offset;
            c0 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b), c0);
            if (TWidth.Lanes > 1)
                c1 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 16), c1);
            if (TWidth.Lanes > 2)
                c2 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 32), c2);
            if (TWidth.Lanes > 3)
                c3 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 48), c3);
            if (TWidth.Lanes > 4)
                c4 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 64), c4);
            if (TWidth.Lanes > 5)
                c5 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 80), c5);
            if (TWidth.Lanes > 6)
                c6 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 96), c6);
            if (TWidth.Lanes > 7)
                c7 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 112), c7);
            if (TWidth.Lanes > 8)
                c8 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 128), c8);
            if (TWidth.Lanes > 9)
                c9 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 144), c9);
        }

        c0.Store(sums);
        if (TWidth.Lanes > 1)
            c1.Store(sums + 16);
        if (TWidth.Lanes > 2)
            c2.Store(sums + 32);
        if (TWidth.Lanes > 3)
            c3.Store(sums + 48);
        if (TWidth.Lanes > 4)
            c4.Store(sums + 64);
        if (TWidth.Lanes > 5)
            c5.Store(sums + 80);
        if (TWidth.Lanes > 6)
            c6.Store(sums + 96);
        if (TWidth.Lanes > 7)
            c7.Store(sums + 112);
        if (TWidth.Lanes > 8)
            c8.Store(sums + 128);
        if (TWidth.Lanes > 9)
            c9.Store(sums + 144);
    }

    /// <summary>With vectors of 256 bits: at most 5 times 16 sums, which stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add256<TWidth>(ProductTerm* terms, ProductTerm* end, float* rows, float* sums)
        where TWidth : struct, ISumWidth
    {
        Vector256<float> c0 = Vector256.Load(sums), c1, c2, c3, c4, c5, c6, c7, c8, c9;
        c1 = c2 = c3 = c4 = c5 = c6 = c7 = c8 = c9 = Vector256<float>.Zero;
        c1 = Vector256.Load(sums + 8);
        if (TWidth.Lanes > 1)
        {
            c2 = Vector256.Load(sums + 16); c3 = Vector256.Load(sums + 24);
        }

        if (TWidth.Lanes > 2)
        {
            c4 = Vector256.Load(sums + 32); c5 = Vector256.Load(sums + 40);
        }

        if (TWidth.Lanes > 3)
        {
            c6 = Vector256.Load(sums + 48); c7 = Vector256.Load(sums + 56);
        }

        if (TWidth.Lanes > 4)
        {
            c8 = Vector256.Load(sums + 64); c9 = Vector256.Load(sums + 72);
        }

        for (; terms < end; terms++)
        {
            var x = Vector256.Create(terms->Factor);
            var b = rows + terms->Offset;
            c0 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b), c0);
            c1 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 8), c1);
            if (TWidth.Lanes > 1)
            {
                c2 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 16), c2);
                c3 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 24), c3);
            }

            if (TWidth.Lanes > 2)
            {
                c4 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 32), c4);
                c5 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 40), c5);
            }

            if (TWidth.Lanes > 3)
            {
                c6 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 48), c6);
                c7 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 56), c7);
            }

            if (TWidth.Lanes > 4)
            {
                c8 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 64), c8);
                c9 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 72), c9);
            }
        }

        c0.Store(sums);
        c1.Store(sums + 8);
        if (TWidth.Lanes > 1)
        {
            c2.Store(sums + 16); c3.Store(sums + 24);
        }

        if (TWidth.Lanes > 2)
        {
            c4.Store(sums + 32); c5.Store(sums + 40);
        }

        if (TWidth.Lanes > 3)
        {
            c6.Store(sums + 48); c7.Store(sums + 56);
        }

        if (TWidth.Lanes > 4)
        {
            c8.Store(sums + 64); c9.Store(sums + 72);
        }
    }

    private readonly struct Lanes1 : ISumWidth
    {
        public static int Lanes => 1;
    }

    private readonly struct Lanes2 : ISumWidth
    {
        public static int Lanes => 2;
    }

    private readonly struct Lanes3 : ISumWidth
    {
        public static int Lanes => 3;
    }

    private readonly struct Lanes4 : ISumWidth
    {
        public static int Lanes => 4;
    }

    private readonly struct Lanes5 : ISumWidth
    {
        public static int Lanes => 5;
    }

    private readonly struct Lanes6 : ISumWidth
    {
        public static int Lanes => 6;
    }

    private readonly struct Lanes7 : ISumWidth
    {
        public static int Lanes => 7;
    }

    private readonly struct Lanes8 : ISumWidth
    {
        public static int Lanes => 8;
    }

    private readonly struct Lanes9 : ISumWidth
    {
        public static int Lanes => 9;
    }

    private readonly struct Lanes10 : ISumWidth
    {
        public static int Lanes => 10;
    }
}

/// <summary>A part of a row whose sums are made together.</summary>
/// <param name="first">Its first float.</param>
/// <param name="lanes">Sixteens of floats that it has.</param>
/// <param name="add">Adds to its sums.</param>
internal readonly unsafe struct SumPart(
    int first, int lanes, delegate*<ProductTerm*, ProductTerm*, float*, float*, void> add)
{
    /// <summary>Its first float.</summary>
    public int First => first;

    /// <summary>How many it has.</summary>
    public int Length => lanes * FloatBuffer.Lane;

    /// <summary>Adds to its sums.</summary>
    /// <param name="terms">The first term.</param>
    /// <param name="end">The end of the list.</param>
    /// <param name="rows">The part of the row with offset 0.</param>
    /// <param name="sums">The sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ProductTerm* terms, ProductTerm* end, float* rows, float* sums) => add(terms, end, rows, sums);
}
