using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Six rows by 64 columns: 24 sums, 4 vectors of the panel and one factor fill 29 of the 32 registers of 512 bits.
/// Every element is one chain of fused multiply-adds over the depth, so that the bits do not depend on the tile it fell
/// in.
/// </summary>
internal static unsafe class WideTile512
{
    public const int Rows = 6;

    public const int Columns = 64;

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
        Vector512<float> c0a, c0b, c0c, c0d, c1a, c1b, c1c, c1d, c2a, c2b, c2c, c2d;
        Vector512<float> c3a, c3b, c3c, c3d, c4a, c4b, c4c, c4d, c5a, c5b, c5c, c5d;
        if (first)
        {
            c0a = c0b = c0c = c0d = c1a = c1b = c1c = c1d = c2a = c2b = c2c = c2d = Vector512<float>.Zero;
            c3a = c3b = c3c = c3d = c4a = c4b = c4c = c4d = c5a = c5b = c5c = c5d = Vector512<float>.Zero;
        }
        else
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
            c0c = Vector512.Load(c + 32); c0d = Vector512.Load(c + 48);
            c1a = Vector512.Load(c + cm); c1b = Vector512.Load(c + cm + 16);
            c1c = Vector512.Load(c + cm + 32); c1d = Vector512.Load(c + cm + 48);
            c2a = Vector512.Load(c + (2 * cm)); c2b = Vector512.Load(c + (2 * cm) + 16);
            c2c = Vector512.Load(c + (2 * cm) + 32); c2d = Vector512.Load(c + (2 * cm) + 48);
            c3a = Vector512.Load(c + (3 * cm)); c3b = Vector512.Load(c + (3 * cm) + 16);
            c3c = Vector512.Load(c + (3 * cm) + 32); c3d = Vector512.Load(c + (3 * cm) + 48);
            c4a = Vector512.Load(c + (4 * cm)); c4b = Vector512.Load(c + (4 * cm) + 16);
            c4c = Vector512.Load(c + (4 * cm) + 32); c4d = Vector512.Load(c + (4 * cm) + 48);
            c5a = Vector512.Load(c + (5 * cm)); c5b = Vector512.Load(c + (5 * cm) + 16);
            c5c = Vector512.Load(c + (5 * cm) + 32); c5d = Vector512.Load(c + (5 * cm) + 48);
        }

        nint am2 = 2 * am;
        for (var part = 0; part < TWalk.Parts(block); part++)
        {
            var rest = TWalk.Enter(block, part, left, out var a, out var b);
            for (; rest != 0; rest = TWalk.Next(rest, ak, bk, ref a, ref b))
            {
                float* a3 = a + (3 * am);
                Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16), b2 = Vector512.Load(b + 32),
                    b3 = Vector512.Load(b + 48), x;
                x = Vector512.Create(a[0]);
                c0a = Vector512.FusedMultiplyAdd(x, b0, c0a); c0b = Vector512.FusedMultiplyAdd(x, b1, c0b);
                c0c = Vector512.FusedMultiplyAdd(x, b2, c0c); c0d = Vector512.FusedMultiplyAdd(x, b3, c0d);
                x = Vector512.Create(a[am]);
                c1a = Vector512.FusedMultiplyAdd(x, b0, c1a); c1b = Vector512.FusedMultiplyAdd(x, b1, c1b);
                c1c = Vector512.FusedMultiplyAdd(x, b2, c1c); c1d = Vector512.FusedMultiplyAdd(x, b3, c1d);
                x = Vector512.Create(a[am2]);
                c2a = Vector512.FusedMultiplyAdd(x, b0, c2a); c2b = Vector512.FusedMultiplyAdd(x, b1, c2b);
                c2c = Vector512.FusedMultiplyAdd(x, b2, c2c); c2d = Vector512.FusedMultiplyAdd(x, b3, c2d);
                x = Vector512.Create(a3[0]);
                c3a = Vector512.FusedMultiplyAdd(x, b0, c3a); c3b = Vector512.FusedMultiplyAdd(x, b1, c3b);
                c3c = Vector512.FusedMultiplyAdd(x, b2, c3c); c3d = Vector512.FusedMultiplyAdd(x, b3, c3d);
                x = Vector512.Create(a3[am]);
                c4a = Vector512.FusedMultiplyAdd(x, b0, c4a); c4b = Vector512.FusedMultiplyAdd(x, b1, c4b);
                c4c = Vector512.FusedMultiplyAdd(x, b2, c4c); c4d = Vector512.FusedMultiplyAdd(x, b3, c4d);
                x = Vector512.Create(a3[am2]);
                c5a = Vector512.FusedMultiplyAdd(x, b0, c5a); c5b = Vector512.FusedMultiplyAdd(x, b1, c5b);
                c5c = Vector512.FusedMultiplyAdd(x, b2, c5c); c5d = Vector512.FusedMultiplyAdd(x, b3, c5d);
            }
        }

        TEnd.Put(c0a, c); TEnd.Put(c0b, c + 16); TEnd.Put(c0c, c + 32); TEnd.Put(c0d, c + 48);
        TEnd.Put(c1a, c + cm); TEnd.Put(c1b, c + cm + 16); TEnd.Put(c1c, c + cm + 32); TEnd.Put(c1d, c + cm + 48);
        TEnd.Put(c2a, c + (2 * cm)); TEnd.Put(c2b, c + (2 * cm) + 16); TEnd.Put(c2c, c + (2 * cm) + 32);
        TEnd.Put(c2d, c + (2 * cm) + 48);
        TEnd.Put(c3a, c + (3 * cm)); TEnd.Put(c3b, c + (3 * cm) + 16); TEnd.Put(c3c, c + (3 * cm) + 32);
        TEnd.Put(c3d, c + (3 * cm) + 48);
        TEnd.Put(c4a, c + (4 * cm)); TEnd.Put(c4b, c + (4 * cm) + 16); TEnd.Put(c4c, c + (4 * cm) + 32);
        TEnd.Put(c4d, c + (4 * cm) + 48);
        TEnd.Put(c5a, c + (5 * cm)); TEnd.Put(c5b, c + (5 * cm) + 16); TEnd.Put(c5c, c + (5 * cm) + 32);
        TEnd.Put(c5d, c + (5 * cm) + 48);
    }
}
