using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// Six rows by 16 columns: 12 sums, 2 vectors of the panel and one factor fill 15 of the 16 registers of 256 bits.
/// Every element is one chain of fused multiply-adds over the depth, so that the bits do not depend on the tile it fell
/// in.
/// </summary>
internal static unsafe class Tile256
{
    public const int Rows = 6;

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
        Vector256<float> c0a, c0b, c1a, c1b, c2a, c2b;
        Vector256<float> c3a, c3b, c4a, c4b, c5a, c5b;
        if (first)
        {
            c0a = c0b = c1a = c1b = c2a = c2b = Vector256<float>.Zero;
            c3a = c3b = c4a = c4b = c5a = c5b = Vector256<float>.Zero;
        }
        else
        {
            c0a = Vector256.Load(c); c0b = Vector256.Load(c + 8);
            c1a = Vector256.Load(c + cm); c1b = Vector256.Load(c + cm + 8);
            c2a = Vector256.Load(c + (2 * cm)); c2b = Vector256.Load(c + (2 * cm) + 8);
            c3a = Vector256.Load(c + (3 * cm)); c3b = Vector256.Load(c + (3 * cm) + 8);
            c4a = Vector256.Load(c + (4 * cm)); c4b = Vector256.Load(c + (4 * cm) + 8);
            c5a = Vector256.Load(c + (5 * cm)); c5b = Vector256.Load(c + (5 * cm) + 8);
        }

        nint am2 = 2 * am;
        for (var part = 0; part < TWalk.Parts(block); part++)
        {
            var rest = TWalk.Enter(block, part, left, out var a, out var b);
            for (; rest != 0; rest = TWalk.Next(rest, ak, bk, ref a, ref b))
            {
                float* a3 = a + (3 * am);
                Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8), x;
                x = Vector256.Create(a[0]);
                c0a = Vector256.FusedMultiplyAdd(x, b0, c0a); c0b = Vector256.FusedMultiplyAdd(x, b1, c0b);
                x = Vector256.Create(a[am]);
                c1a = Vector256.FusedMultiplyAdd(x, b0, c1a); c1b = Vector256.FusedMultiplyAdd(x, b1, c1b);
                x = Vector256.Create(a[am2]);
                c2a = Vector256.FusedMultiplyAdd(x, b0, c2a); c2b = Vector256.FusedMultiplyAdd(x, b1, c2b);
                x = Vector256.Create(a3[0]);
                c3a = Vector256.FusedMultiplyAdd(x, b0, c3a); c3b = Vector256.FusedMultiplyAdd(x, b1, c3b);
                x = Vector256.Create(a3[am]);
                c4a = Vector256.FusedMultiplyAdd(x, b0, c4a); c4b = Vector256.FusedMultiplyAdd(x, b1, c4b);
                x = Vector256.Create(a3[am2]);
                c5a = Vector256.FusedMultiplyAdd(x, b0, c5a); c5b = Vector256.FusedMultiplyAdd(x, b1, c5b);
            }
        }

        TEnd.Put(c0a, c); TEnd.Put(c0b, c + 8);
        TEnd.Put(c1a, c + cm); TEnd.Put(c1b, c + cm + 8);
        TEnd.Put(c2a, c + (2 * cm)); TEnd.Put(c2b, c + (2 * cm) + 8);
        TEnd.Put(c3a, c + (3 * cm)); TEnd.Put(c3b, c + (3 * cm) + 8);
        TEnd.Put(c4a, c + (4 * cm)); TEnd.Put(c4b, c + (4 * cm) + 8);
        TEnd.Put(c5a, c + (5 * cm)); TEnd.Put(c5b, c + (5 * cm) + 8);
    }
}
