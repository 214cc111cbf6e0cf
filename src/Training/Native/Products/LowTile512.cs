using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Native.Products;

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
