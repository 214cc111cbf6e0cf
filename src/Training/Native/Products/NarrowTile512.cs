using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Twelve rows by 16 columns, for what is left beside the larger tiles and for narrow layers. Every element is one
/// chain of fused multiply-adds over the depth, so that the bits do not depend on the tile it fell in.
/// </summary>
internal static unsafe class NarrowTile512
{
    public const int Rows = 12;

    public const int Columns = 16;

    /// <summary>
    /// Sets the tile at <paramref name="c"/> to, or where not <paramref name="first"/> adds to it, a block of the
    /// product.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TWalk, TEnd>(in MatrixBlock block, float* left, float* c, bool first)
        where TWalk : struct, IDepthWalk
        where TEnd : struct, ITileEnd
    {
        nint am = block.ARow, ak = block.AColumn, cm = block.CRow, bk = block.PanelWidth;
        Vector512<float> c0a, c1a, c2a, c3a, c4a, c5a;
        Vector512<float> c6a, c7a, c8a, c9a, caa, cba;
        if (first)
        {
            c0a = c1a = c2a = c3a = c4a = c5a = Vector512<float>.Zero;
            c6a = c7a = c8a = c9a = caa = cba = Vector512<float>.Zero;
        }
        else
        {
            c0a = Vector512.Load(c);
            c1a = Vector512.Load(c + cm);
            c2a = Vector512.Load(c + (2 * cm));
            c3a = Vector512.Load(c + (3 * cm));
            c4a = Vector512.Load(c + (4 * cm));
            c5a = Vector512.Load(c + (5 * cm));
            c6a = Vector512.Load(c + (6 * cm));
            c7a = Vector512.Load(c + (7 * cm));
            c8a = Vector512.Load(c + (8 * cm));
            c9a = Vector512.Load(c + (9 * cm));
            caa = Vector512.Load(c + (10 * cm));
            cba = Vector512.Load(c + (11 * cm));
        }

        nint am2 = 2 * am;
        for (var part = 0; part < TWalk.Parts(block); part++)
        {
            var rest = TWalk.Enter(block, part, left, out var a, out var b);
            for (; rest != 0; rest = TWalk.Next(rest, ak, bk, ref a, ref b))
            {
                float* a3 = a + (3 * am), a6 = a + (6 * am), a9 = a + (9 * am);
                Vector512<float> b0 = Vector512.Load(b), x;
                x = Vector512.Create(a[0]);
                c0a = Vector512.FusedMultiplyAdd(x, b0, c0a);
                x = Vector512.Create(a[am]);
                c1a = Vector512.FusedMultiplyAdd(x, b0, c1a);
                x = Vector512.Create(a[am2]);
                c2a = Vector512.FusedMultiplyAdd(x, b0, c2a);
                x = Vector512.Create(a3[0]);
                c3a = Vector512.FusedMultiplyAdd(x, b0, c3a);
                x = Vector512.Create(a3[am]);
                c4a = Vector512.FusedMultiplyAdd(x, b0, c4a);
                x = Vector512.Create(a3[am2]);
                c5a = Vector512.FusedMultiplyAdd(x, b0, c5a);
                x = Vector512.Create(a6[0]);
                c6a = Vector512.FusedMultiplyAdd(x, b0, c6a);
                x = Vector512.Create(a6[am]);
                c7a = Vector512.FusedMultiplyAdd(x, b0, c7a);
                x = Vector512.Create(a6[am2]);
                c8a = Vector512.FusedMultiplyAdd(x, b0, c8a);
                x = Vector512.Create(a9[0]);
                c9a = Vector512.FusedMultiplyAdd(x, b0, c9a);
                x = Vector512.Create(a9[am]);
                caa = Vector512.FusedMultiplyAdd(x, b0, caa);
                x = Vector512.Create(a9[am2]);
                cba = Vector512.FusedMultiplyAdd(x, b0, cba);
            }
        }

        TEnd.Put(c0a, c);
        TEnd.Put(c1a, c + cm);
        TEnd.Put(c2a, c + (2 * cm));
        TEnd.Put(c3a, c + (3 * cm));
        TEnd.Put(c4a, c + (4 * cm));
        TEnd.Put(c5a, c + (5 * cm));
        TEnd.Put(c6a, c + (6 * cm));
        TEnd.Put(c7a, c + (7 * cm));
        TEnd.Put(c8a, c + (8 * cm));
        TEnd.Put(c9a, c + (9 * cm));
        TEnd.Put(caa, c + (10 * cm));
        TEnd.Put(cba, c + (11 * cm));
    }
}

/// <summary>How high a tile is.</summary>
internal interface ITileHeight
{
    /// <summary>Its rows.</summary>
    static abstract int Rows { get; }
}

/// <summary>
/// One to three rows by 64 columns, for what is left beside the larger tiles and for matrices of fewer rows. Every
/// element is one chain of fused multiply-adds over the depth, so that the bits do not depend on the tile it fell in.
/// </summary>
internal static unsafe class RowTile512
{
    public const int Columns = 64;

    /// <summary>
    /// Sets the tile at <paramref name="c"/> to, or where not <paramref name="first"/> adds to it, a block of the
    /// product.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TWalk, TEnd, THeight>(in MatrixBlock block, float* left, float* c, bool first)
        where TWalk : struct, IDepthWalk
        where TEnd : struct, ITileEnd
        where THeight : struct, ITileHeight
    {
        nint am = block.ARow, ak = block.AColumn, cm = block.CRow, bk = block.PanelWidth;
        Vector512<float> c0a, c0b, c0c, c0d, c1a, c1b, c1c, c1d, c2a, c2b, c2c, c2d;
        c0a = c0b = c0c = c0d = c1a = c1b = c1c = c1d = c2a = c2b = c2c = c2d = Vector512<float>.Zero;
        if (!first)
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
            c0c = Vector512.Load(c + 32); c0d = Vector512.Load(c + 48);
            if (THeight.Rows > 1)
            {
                c1a = Vector512.Load(c + cm); c1b = Vector512.Load(c + cm + 16);
                c1c = Vector512.Load(c + cm + 32); c1d = Vector512.Load(c + cm + 48);
            }

            if (THeight.Rows > 2)
            {
                c2a = Vector512.Load(c + (2 * cm)); c2b = Vector512.Load(c + (2 * cm) + 16);
                c2c = Vector512.Load(c + (2 * cm) + 32); c2d = Vector512.Load(c + (2 * cm) + 48);
            }
        }

        for (var part = 0; part < TWalk.Parts(block); part++)
        {
            var rest = TWalk.Enter(block, part, left, out var a, out var b);
            for (; rest != 0; rest = TWalk.Next(rest, ak, bk, ref a, ref b))
            {
                Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16), b2 = Vector512.Load(b + 32),
                    b3 = Vector512.Load(b + 48), x;
                x = Vector512.Create(a[0]);
                c0a = Vector512.FusedMultiplyAdd(x, b0, c0a); c0b = Vector512.FusedMultiplyAdd(x, b1, c0b);
                c0c = Vector512.FusedMultiplyAdd(x, b2, c0c); c0d = Vector512.FusedMultiplyAdd(x, b3, c0d);
                if (THeight.Rows > 1)
                {
                    x = Vector512.Create(a[am]);
                    c1a = Vector512.FusedMultiplyAdd(x, b0, c1a); c1b = Vector512.FusedMultiplyAdd(x, b1, c1b);
                    c1c = Vector512.FusedMultiplyAdd(x, b2, c1c); c1d = Vector512.FusedMultiplyAdd(x, b3, c1d);
                }

                if (THeight.Rows > 2)
                {
                    x = Vector512.Create(a[2 * am]);
                    c2a = Vector512.FusedMultiplyAdd(x, b0, c2a); c2b = Vector512.FusedMultiplyAdd(x, b1, c2b);
                    c2c = Vector512.FusedMultiplyAdd(x, b2, c2c); c2d = Vector512.FusedMultiplyAdd(x, b3, c2d);
                }
            }
        }

        TEnd.Put(c0a, c); TEnd.Put(c0b, c + 16); TEnd.Put(c0c, c + 32); TEnd.Put(c0d, c + 48);
        if (THeight.Rows > 1)
        {
            TEnd.Put(c1a, c + cm); TEnd.Put(c1b, c + cm + 16);
            TEnd.Put(c1c, c + cm + 32); TEnd.Put(c1d, c + cm + 48);
        }

        if (THeight.Rows > 2)
        {
            TEnd.Put(c2a, c + (2 * cm)); TEnd.Put(c2b, c + (2 * cm) + 16);
            TEnd.Put(c2c, c + (2 * cm) + 32); TEnd.Put(c2d, c + (2 * cm) + 48);
        }
    }

    /// <summary>One row.</summary>
    internal readonly struct One : ITileHeight
    {
        public static int Rows => 1;
    }

    /// <summary>Two rows.</summary>
    internal readonly struct Two : ITileHeight
    {
        public static int Rows => 2;
    }

    /// <summary>Three rows.</summary>
    internal readonly struct Three : ITileHeight
    {
        public static int Rows => 3;
    }
}

/// <summary>How wide a tile is.</summary>
internal interface ITileWidth
{
    /// <summary>Vectors of 512 bits.</summary>
    static abstract int Vectors { get; }
}

/// <summary>
/// Six rows by 16 or 32 columns, for products of fewer rows than <see cref="NarrowTile512"/> has. Every element is one
/// chain of fused multiply-adds over the depth, so that the bits do not depend on the tile it fell in.
/// </summary>
internal static unsafe class LowTile512
{
    public const int Rows = 6;

    /// <summary>
    /// Sets the tile at <paramref name="c"/> to, or where not <paramref name="first"/> adds to it, a block of the
    /// product.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TWalk, TEnd, TWidth>(in MatrixBlock block, float* left, float* c, bool first)
        where TWalk : struct, IDepthWalk
        where TEnd : struct, ITileEnd
        where TWidth : struct, ITileWidth
    {
        nint am = block.ARow, ak = block.AColumn, cm = block.CRow, bk = block.PanelWidth;
        Vector512<float> c0a, c0b, c1a, c1b, c2a, c2b, c3a, c3b, c4a, c4b, c5a, c5b;
        c0a = c0b = c1a = c1b = c2a = c2b = c3a = c3b = c4a = c4b = c5a = c5b = Vector512<float>.Zero;
        if (!first)
        {
            c0a = Vector512.Load(c); c1a = Vector512.Load(c + cm); c2a = Vector512.Load(c + (2 * cm));
            c3a = Vector512.Load(c + (3 * cm)); c4a = Vector512.Load(c + (4 * cm)); c5a = Vector512.Load(c + (5 * cm));
        }

        if (!first && TWidth.Vectors > 1)
        {
            c0b = Vector512.Load(c + 16); c1b = Vector512.Load(c + cm + 16); c2b = Vector512.Load(c + (2 * cm) + 16);
            c3b = Vector512.Load(c + (3 * cm) + 16); c4b = Vector512.Load(c + (4 * cm) + 16);
            c5b = Vector512.Load(c + (5 * cm) + 16);
        }

        nint am2 = 2 * am;
        for (var part = 0; part < TWalk.Parts(block); part++)
        {
            var rest = TWalk.Enter(block, part, left, out var a, out var b);
            for (; rest != 0; rest = TWalk.Next(rest, ak, bk, ref a, ref b))
            {
                float* a3 = a + (3 * am);
                Vector512<float> b0 = Vector512.Load(b), x0 = Vector512.Create(a[0]), x1 = Vector512.Create(a[am]),
                    x2 = Vector512.Create(a[am2]), x3 = Vector512.Create(a3[0]), x4 = Vector512.Create(a3[am]),
                    x5 = Vector512.Create(a3[am2]);
                c0a = Vector512.FusedMultiplyAdd(x0, b0, c0a); c1a = Vector512.FusedMultiplyAdd(x1, b0, c1a);
                c2a = Vector512.FusedMultiplyAdd(x2, b0, c2a); c3a = Vector512.FusedMultiplyAdd(x3, b0, c3a);
                c4a = Vector512.FusedMultiplyAdd(x4, b0, c4a); c5a = Vector512.FusedMultiplyAdd(x5, b0, c5a);
                if (TWidth.Vectors > 1)
                {
                    var b1 = Vector512.Load(b + 16);
                    c0b = Vector512.FusedMultiplyAdd(x0, b1, c0b); c1b = Vector512.FusedMultiplyAdd(x1, b1, c1b);
                    c2b = Vector512.FusedMultiplyAdd(x2, b1, c2b); c3b = Vector512.FusedMultiplyAdd(x3, b1, c3b);
                    c4b = Vector512.FusedMultiplyAdd(x4, b1, c4b); c5b = Vector512.FusedMultiplyAdd(x5, b1, c5b);
                }
            }
        }

        TEnd.Put(c0a, c); TEnd.Put(c1a, c + cm); TEnd.Put(c2a, c + (2 * cm));
        TEnd.Put(c3a, c + (3 * cm)); TEnd.Put(c4a, c + (4 * cm)); TEnd.Put(c5a, c + (5 * cm));
        if (TWidth.Vectors > 1)
        {
            TEnd.Put(c0b, c + 16); TEnd.Put(c1b, c + cm + 16); TEnd.Put(c2b, c + (2 * cm) + 16);
            TEnd.Put(c3b, c + (3 * cm) + 16); TEnd.Put(c4b, c + (4 * cm) + 16); TEnd.Put(c5b, c + (5 * cm) + 16);
        }
    }

    /// <summary>16 columns.</summary>
    internal readonly struct One : ITileWidth
    {
        public static int Vectors => 1;
    }

    /// <summary>32 columns.</summary>
    internal readonly struct Two : ITileWidth
    {
        public static int Vectors => 2;
    }
}

/// <summary>
/// Four rows by two to four vectors of 16 columns, for products that leave out terms: the fewer rows a tile has, the
/// more terms are zero in all of them. Every element is one chain of fused multiply-adds over the depth, so that the
/// bits do not depend on the tile it fell in.
/// </summary>
internal static unsafe class SparseTile512
{
    public const int Rows = 4;

    /// <summary>
    /// Sets the tile at <paramref name="c"/> to, or where not <paramref name="first"/> adds to it, those terms of a
    /// block of the product that its words name.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TWidth>(in MatrixBlock block, float* left, float* c, bool first)
        where TWidth : struct, ITileWidth
    {
        nint am = block.ARow, ak = block.AColumn, cm = block.CRow, bk = block.PanelWidth;
        Vector512<float> c0a, c0b, c0c, c0d, c1a, c1b, c1c, c1d, c2a, c2b, c2c, c2d, c3a, c3b, c3c, c3d;
        c0a = c0b = c0c = c0d = c1a = c1b = c1c = c1d = Vector512<float>.Zero;
        c2a = c2b = c2c = c2d = c3a = c3b = c3c = c3d = Vector512<float>.Zero;
        if (!first)
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
            c1a = Vector512.Load(c + cm); c1b = Vector512.Load(c + cm + 16);
            c2a = Vector512.Load(c + (2 * cm)); c2b = Vector512.Load(c + (2 * cm) + 16);
            c3a = Vector512.Load(c + (3 * cm)); c3b = Vector512.Load(c + (3 * cm) + 16);
            if (TWidth.Vectors > 2)
            {
                c0c = Vector512.Load(c + 32);
                c1c = Vector512.Load(c + cm + 32);
                c2c = Vector512.Load(c + (2 * cm) + 32);
                c3c = Vector512.Load(c + (3 * cm) + 32);
            }

            if (TWidth.Vectors > 3)
            {
                c0d = Vector512.Load(c + 48);
                c1d = Vector512.Load(c + cm + 48);
                c2d = Vector512.Load(c + (2 * cm) + 48);
                c3d = Vector512.Load(c + (3 * cm) + 48);
            }
        }

        for (var part = 0; part < TermsNotZero.Parts(block); part++)
        {
            var rest = TermsNotZero.Enter(block, part, left, out var a, out var b);
            for (; rest != 0; rest = TermsNotZero.Next(rest, ak, bk, ref a, ref b))
            {
                Vector512<float> x0 = Vector512.Create(a[0]), x1 = Vector512.Create(a[am]),
                    x2 = Vector512.Create(a[2 * am]), x3 = Vector512.Create(a[3 * am]), y = Vector512.Load(b);
                c0a = Vector512.FusedMultiplyAdd(x0, y, c0a); c1a = Vector512.FusedMultiplyAdd(x1, y, c1a);
                c2a = Vector512.FusedMultiplyAdd(x2, y, c2a); c3a = Vector512.FusedMultiplyAdd(x3, y, c3a);
                y = Vector512.Load(b + 16);
                c0b = Vector512.FusedMultiplyAdd(x0, y, c0b); c1b = Vector512.FusedMultiplyAdd(x1, y, c1b);
                c2b = Vector512.FusedMultiplyAdd(x2, y, c2b); c3b = Vector512.FusedMultiplyAdd(x3, y, c3b);
                if (TWidth.Vectors > 2)
                {
                    y = Vector512.Load(b + 32);
                    c0c = Vector512.FusedMultiplyAdd(x0, y, c0c); c1c = Vector512.FusedMultiplyAdd(x1, y, c1c);
                    c2c = Vector512.FusedMultiplyAdd(x2, y, c2c); c3c = Vector512.FusedMultiplyAdd(x3, y, c3c);
                }

                if (TWidth.Vectors > 3)
                {
                    y = Vector512.Load(b + 48);
                    c0d = Vector512.FusedMultiplyAdd(x0, y, c0d); c1d = Vector512.FusedMultiplyAdd(x1, y, c1d);
                    c2d = Vector512.FusedMultiplyAdd(x2, y, c2d); c3d = Vector512.FusedMultiplyAdd(x3, y, c3d);
                }
            }
        }

        c0a.Store(c); c0b.Store(c + 16);
        c1a.Store(c + cm); c1b.Store(c + cm + 16);
        c2a.Store(c + (2 * cm)); c2b.Store(c + (2 * cm) + 16);
        c3a.Store(c + (3 * cm)); c3b.Store(c + (3 * cm) + 16);
        if (TWidth.Vectors > 2)
        {
            c0c.Store(c + 32);
            c1c.Store(c + cm + 32);
            c2c.Store(c + (2 * cm) + 32);
            c3c.Store(c + (3 * cm) + 32);
        }

        if (TWidth.Vectors > 3)
        {
            c0d.Store(c + 48);
            c1d.Store(c + cm + 48);
            c2d.Store(c + (2 * cm) + 48);
            c3d.Store(c + (3 * cm) + 48);
        }
    }

    /// <summary>32 columns.</summary>
    internal readonly struct Two : ITileWidth
    {
        public static int Vectors => 2;
    }

    /// <summary>48 columns.</summary>
    internal readonly struct Three : ITileWidth
    {
        public static int Vectors => 3;
    }

    /// <summary>64 columns.</summary>
    internal readonly struct Four : ITileWidth
    {
        public static int Vectors => 4;
    }
}
