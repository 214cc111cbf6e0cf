using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Numerics;

/// <summary>
/// Twelve rows by 16 columns, for what is left beside the wide tiles and for narrow layers.
/// Every element is one chain of fused multiply-adds over the depth, so that the bits do not depend on the tile it fell in.
/// </summary>
internal static unsafe class NarrowTile512
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 12;

    /// <summary>Columns of a tile.</summary>
    public const int Columns = 16;

    /// <summary>Sets the tile at <paramref name="c"/> to, or where not <paramref name="first"/> adds to it, a block of the product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in MatrixBlock block, float* a, float* c, bool first)
    {
        nint am = block.ARow, ak = block.AColumn, cm = block.CRow, bk = block.PanelWidth;
        Vector512<float> c0, c1, c2, c3, c4, c5;
        Vector512<float> c6, c7, c8, c9, ca, cb;
        if (first)
        {
            c0 = c1 = c2 = c3 = c4 = c5 = Vector512<float>.Zero;
            c6 = c7 = c8 = c9 = ca = cb = Vector512<float>.Zero;
        }
        else
        {
            c0 = Vector512.Load(c);
            c1 = Vector512.Load(c + cm);
            c2 = Vector512.Load(c + (2 * cm));
            c3 = Vector512.Load(c + (3 * cm));
            c4 = Vector512.Load(c + (4 * cm));
            c5 = Vector512.Load(c + (5 * cm));
            c6 = Vector512.Load(c + (6 * cm));
            c7 = Vector512.Load(c + (7 * cm));
            c8 = Vector512.Load(c + (8 * cm));
            c9 = Vector512.Load(c + (9 * cm));
            ca = Vector512.Load(c + (10 * cm));
            cb = Vector512.Load(c + (11 * cm));
        }

        var b = block.Panel;
        nint am2 = 2 * am;
        float* a3 = a + (3 * am), a6 = a + (6 * am), a9 = a + (9 * am);
        for (var k = block.Depth; k > 0; k--)
        {
            Vector512<float> b0 = Vector512.Load(b), x;
            x = Vector512.Create(a[0]);
            c0 = Vector512.FusedMultiplyAdd(x, b0, c0);
            x = Vector512.Create(a[am]);
            c1 = Vector512.FusedMultiplyAdd(x, b0, c1);
            x = Vector512.Create(a[am2]);
            c2 = Vector512.FusedMultiplyAdd(x, b0, c2);
            x = Vector512.Create(a3[0]);
            c3 = Vector512.FusedMultiplyAdd(x, b0, c3);
            x = Vector512.Create(a3[am]);
            c4 = Vector512.FusedMultiplyAdd(x, b0, c4);
            x = Vector512.Create(a3[am2]);
            c5 = Vector512.FusedMultiplyAdd(x, b0, c5);
            x = Vector512.Create(a6[0]);
            c6 = Vector512.FusedMultiplyAdd(x, b0, c6);
            x = Vector512.Create(a6[am]);
            c7 = Vector512.FusedMultiplyAdd(x, b0, c7);
            x = Vector512.Create(a6[am2]);
            c8 = Vector512.FusedMultiplyAdd(x, b0, c8);
            x = Vector512.Create(a9[0]);
            c9 = Vector512.FusedMultiplyAdd(x, b0, c9);
            x = Vector512.Create(a9[am]);
            ca = Vector512.FusedMultiplyAdd(x, b0, ca);
            x = Vector512.Create(a9[am2]);
            cb = Vector512.FusedMultiplyAdd(x, b0, cb);
            a += ak; a3 += ak; a6 += ak; a9 += ak; b += bk;
        }

        c0.Store(c);
        c1.Store(c + cm);
        c2.Store(c + (2 * cm));
        c3.Store(c + (3 * cm));
        c4.Store(c + (4 * cm));
        c5.Store(c + (5 * cm));
        c6.Store(c + (6 * cm));
        c7.Store(c + (7 * cm));
        c8.Store(c + (8 * cm));
        c9.Store(c + (9 * cm));
        ca.Store(c + (10 * cm));
        cb.Store(c + (11 * cm));
    }
}
