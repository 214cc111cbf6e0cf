using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Native.Products;

/// <summary>
/// One row by 64 columns, for matrices of fewer rows than a tile. Every element is one chain of fused multiply-adds
/// over the depth, so that the bits do not depend on the tile it fell in.
/// </summary>
internal static unsafe class RowTile512
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 1;

    /// <summary>Columns of a tile.</summary>
    public const int Columns = 64;

    /// <summary>
    /// Sets the tile at <paramref name="c"/> to, or where not <paramref name="first"/> adds to it, a block of the
    /// product.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in MatrixBlock block, float* a, float* c, bool first)
    {
        nint ak = block.AColumn, bk = block.PanelWidth;
        Vector512<float> c0a, c0b, c0c, c0d;
        if (first)
        {
            c0a = c0b = c0c = c0d = Vector512<float>.Zero;
        }
        else
        {
            c0a = Vector512.Load(c); c0b = Vector512.Load(c + 16);
            c0c = Vector512.Load(c + 32); c0d = Vector512.Load(c + 48);
        }

        var b = block.Panel;
        var next = block.ASegment - (block.Depth * ak);
        for (var segment = block.Segments; segment > 0; segment--)
        {
            for (var k = block.Depth; k > 0; k--)
            {
                Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16), b2 = Vector512.Load(b + 32),
                    b3 = Vector512.Load(b + 48), x;
                x = Vector512.Create(a[0]);
                c0a = Vector512.FusedMultiplyAdd(x, b0, c0a); c0b = Vector512.FusedMultiplyAdd(x, b1, c0b);
                c0c = Vector512.FusedMultiplyAdd(x, b2, c0c); c0d = Vector512.FusedMultiplyAdd(x, b3, c0d);
                a += ak; b += bk;
            }

            a += next;
        }

        c0a.Store(c); c0b.Store(c + 16); c0c.Store(c + 32); c0d.Store(c + 48);
    }
}
