using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Runs;

namespace Sweeps.TrainingBench;

/// <summary>The most that one core can compute: fused multiply-adds between registers, with no memory in between.
/// </summary>
internal static class Peak
{
    private const int Chains = 24;
    private const int Rounds = 400_000;

    /// <summary>Floating-point operations a second, two each multiply-add, by this thread's CPU time.</summary>
    public static double Measure()
    {
        var start = ThreadClock.Seconds;
        var (sum, lanes) = Vector512.IsHardwareAccelerated
            ? (Vector512.Sum(Run512(Rounds)), Vector512<float>.Count)
            : (Vector256.Sum(Run256(Rounds * 2)), Vector256<float>.Count * 2);
        var seconds = ThreadClock.Seconds - start;
        return float.IsNaN(sum) ? double.NaN : 2.0 * Chains * lanes * Rounds / seconds;
    }

    // 24 chains: more than enough to hide the latency of a multiply-add in two units, and few enough for the registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Run512(int rounds)
    {
        var (x, y) = (Vector512.Create(0.5f), Vector512.Create(0.25f));
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        Vector512<float> m = y, n = y, o = y, p = y, q = y, r = y, s = y, t = y, u = y, v = y, w = y, z = y;
        for (; rounds > 0; rounds--)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y); b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y); d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y); f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y); h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y); j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y); l = Vector512.FusedMultiplyAdd(l, x, y);
            m = Vector512.FusedMultiplyAdd(m, x, y); n = Vector512.FusedMultiplyAdd(n, x, y);
            o = Vector512.FusedMultiplyAdd(o, x, y); p = Vector512.FusedMultiplyAdd(p, x, y);
            q = Vector512.FusedMultiplyAdd(q, x, y); r = Vector512.FusedMultiplyAdd(r, x, y);
            s = Vector512.FusedMultiplyAdd(s, x, y); t = Vector512.FusedMultiplyAdd(t, x, y);
            u = Vector512.FusedMultiplyAdd(u, x, y); v = Vector512.FusedMultiplyAdd(v, x, y);
            w = Vector512.FusedMultiplyAdd(w, x, y); z = Vector512.FusedMultiplyAdd(z, x, y);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w + z;
    }

    // Sixteen registers: 12 chains at a time, twice.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<float> Run256(int rounds)
    {
        var (x, y) = (Vector256.Create(0.5f), Vector256.Create(0.25f));
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = y, h = y, i = y, j = y, k = y, l = y;
        for (rounds *= 2; rounds > 0; rounds--)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y); b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y); d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y); f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y); h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y); j = Vector256.FusedMultiplyAdd(j, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y); l = Vector256.FusedMultiplyAdd(l, x, y);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l;
    }
}
