using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Fourteen rows by 32 columns: 28 sums, 2 vectors of the panel and one factor. Rows of images are often 7, 14 or 28
/// long. Every element is one chain of fused multiply-adds over the depth, so that the bits do not depend on the tile
/// it fell in.
/// </summary>
internal static unsafe class TallTile512
{
    public const int Rows = 14;

    public const int Columns = 32;

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
        Vector512<float> c0a, c0b, c1a, c1b, c2a, c2b, c3a, c3b, c4a, c4b, c5a, c5b, c6a, c6b;
        Vector512<float> c7a, c7b, c8a, c8b, c9a, c9b, caa, cab, cba, cbb, cca, ccb, cda, cdb;
        if (first)
        {
            c0a = c0b = c1a = c1b = c2a = c2b = c3a = c3b = c4a = c4b = c5a = c5b = c6a = c6b = Vector512<float>.Zero;
            c7a = c7b = c8a = c8b = c9a = c9b = caa = cab = cba = cbb = cca = ccb = cda = cdb = Vector512<float>.Zero;
        }
        else
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
            c1a = Vector512.Load(c + cm); c1b = Vector512.Load(c + cm + 16);
            c2a = Vector512.Load(c + (2 * cm)); c2b = Vector512.Load(c + (2 * cm) + 16);
            c3a = Vector512.Load(c + (3 * cm)); c3b = Vector512.Load(c + (3 * cm) + 16);
            c4a = Vector512.Load(c + (4 * cm)); c4b = Vector512.Load(c + (4 * cm) + 16);
            c5a = Vector512.Load(c + (5 * cm)); c5b = Vector512.Load(c + (5 * cm) + 16);
            c6a = Vector512.Load(c + (6 * cm)); c6b = Vector512.Load(c + (6 * cm) + 16);
            c7a = Vector512.Load(c + (7 * cm)); c7b = Vector512.Load(c + (7 * cm) + 16);
            c8a = Vector512.Load(c + (8 * cm)); c8b = Vector512.Load(c + (8 * cm) + 16);
            c9a = Vector512.Load(c + (9 * cm)); c9b = Vector512.Load(c + (9 * cm) + 16);
            caa = Vector512.Load(c + (10 * cm)); cab = Vector512.Load(c + (10 * cm) + 16);
            cba = Vector512.Load(c + (11 * cm)); cbb = Vector512.Load(c + (11 * cm) + 16);
            cca = Vector512.Load(c + (12 * cm)); ccb = Vector512.Load(c + (12 * cm) + 16);
            cda = Vector512.Load(c + (13 * cm)); cdb = Vector512.Load(c + (13 * cm) + 16);
        }

        nint am2 = 2 * am;
        for (var part = 0; part < TWalk.Parts(block); part++)
        {
            var rest = TWalk.Enter(block, part, left, out var a, out var b);
            for (; rest != 0; rest = TWalk.Next(rest, ak, bk, ref a, ref b))
            {
                float* a3 = a + (3 * am), a6 = a + (6 * am), a9 = a + (9 * am), a12 = a + (12 * am);
                Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16), x;
                x = Vector512.Create(a[0]);
                c0a = Vector512.FusedMultiplyAdd(x, b0, c0a); c0b = Vector512.FusedMultiplyAdd(x, b1, c0b);
                x = Vector512.Create(a[am]);
                c1a = Vector512.FusedMultiplyAdd(x, b0, c1a); c1b = Vector512.FusedMultiplyAdd(x, b1, c1b);
                x = Vector512.Create(a[am2]);
                c2a = Vector512.FusedMultiplyAdd(x, b0, c2a); c2b = Vector512.FusedMultiplyAdd(x, b1, c2b);
                x = Vector512.Create(a3[0]);
                c3a = Vector512.FusedMultiplyAdd(x, b0, c3a); c3b = Vector512.FusedMultiplyAdd(x, b1, c3b);
                x = Vector512.Create(a3[am]);
                c4a = Vector512.FusedMultiplyAdd(x, b0, c4a); c4b = Vector512.FusedMultiplyAdd(x, b1, c4b);
                x = Vector512.Create(a3[am2]);
                c5a = Vector512.FusedMultiplyAdd(x, b0, c5a); c5b = Vector512.FusedMultiplyAdd(x, b1, c5b);
                x = Vector512.Create(a6[0]);
                c6a = Vector512.FusedMultiplyAdd(x, b0, c6a); c6b = Vector512.FusedMultiplyAdd(x, b1, c6b);
                x = Vector512.Create(a6[am]);
                c7a = Vector512.FusedMultiplyAdd(x, b0, c7a); c7b = Vector512.FusedMultiplyAdd(x, b1, c7b);
                x = Vector512.Create(a6[am2]);
                c8a = Vector512.FusedMultiplyAdd(x, b0, c8a); c8b = Vector512.FusedMultiplyAdd(x, b1, c8b);
                x = Vector512.Create(a9[0]);
                c9a = Vector512.FusedMultiplyAdd(x, b0, c9a); c9b = Vector512.FusedMultiplyAdd(x, b1, c9b);
                x = Vector512.Create(a9[am]);
                caa = Vector512.FusedMultiplyAdd(x, b0, caa); cab = Vector512.FusedMultiplyAdd(x, b1, cab);
                x = Vector512.Create(a9[am2]);
                cba = Vector512.FusedMultiplyAdd(x, b0, cba); cbb = Vector512.FusedMultiplyAdd(x, b1, cbb);
                x = Vector512.Create(a12[0]);
                cca = Vector512.FusedMultiplyAdd(x, b0, cca); ccb = Vector512.FusedMultiplyAdd(x, b1, ccb);
                x = Vector512.Create(a12[am]);
                cda = Vector512.FusedMultiplyAdd(x, b0, cda); cdb = Vector512.FusedMultiplyAdd(x, b1, cdb);
            }
        }

        TEnd.Put(c0a, c); TEnd.Put(c0b, c + 16);
        TEnd.Put(c1a, c + cm); TEnd.Put(c1b, c + cm + 16);
        TEnd.Put(c2a, c + (2 * cm)); TEnd.Put(c2b, c + (2 * cm) + 16);
        TEnd.Put(c3a, c + (3 * cm)); TEnd.Put(c3b, c + (3 * cm) + 16);
        TEnd.Put(c4a, c + (4 * cm)); TEnd.Put(c4b, c + (4 * cm) + 16);
        TEnd.Put(c5a, c + (5 * cm)); TEnd.Put(c5b, c + (5 * cm) + 16);
        TEnd.Put(c6a, c + (6 * cm)); TEnd.Put(c6b, c + (6 * cm) + 16);
        TEnd.Put(c7a, c + (7 * cm)); TEnd.Put(c7b, c + (7 * cm) + 16);
        TEnd.Put(c8a, c + (8 * cm)); TEnd.Put(c8b, c + (8 * cm) + 16);
        TEnd.Put(c9a, c + (9 * cm)); TEnd.Put(c9b, c + (9 * cm) + 16);
        TEnd.Put(caa, c + (10 * cm)); TEnd.Put(cab, c + (10 * cm) + 16);
        TEnd.Put(cba, c + (11 * cm)); TEnd.Put(cbb, c + (11 * cm) + 16);
        TEnd.Put(cca, c + (12 * cm)); TEnd.Put(ccb, c + (12 * cm) + 16);
        TEnd.Put(cda, c + (13 * cm)); TEnd.Put(cdb, c + (13 * cm) + 16);
    }
}
