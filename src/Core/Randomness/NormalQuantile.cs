using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Core.Randomness;

/// <summary>
/// The inverse of the standard normal distribution function: Wichura, "Algorithm AS 241: the percentage points of the
/// normal distribution" (Applied Statistics 37, 1988), routine PPND16, relative error about 1e-16.
/// Uses only operations that IEEE 754 rounds exactly (+ - * / sqrt), and the logarithm of <see cref="PortableMath"/>,
/// so that every machine gives the same bits; the platform's log, sin and cos do not promise that.
/// </summary>
internal static class NormalQuantile
{
    /// <summary>
    /// Probabilities within this distance of 1/2 take the rational function alone: 85 % of all draws.
    /// </summary>
    private const double Central = 0.425;

    private const double CentralSquare = 0.180625;

    /// <summary>The z with P(Z &lt; z) = <paramref name="probability"/>, which lies strictly between 0 and 1.</summary>
    public static double At(double probability)
    {
        var q = probability - 0.5;
        return Math.Abs(q) <= Central ? InCentre(q) : InTail(q, Math.Min(probability, 1 - probability));
    }

    /// <summary>
    /// Turns words into standard normal numbers, one each: the word w stands for the probability (w + 1/2) / 2^32.
    /// The same bits as <see cref="At"/> one by one.
    /// </summary>
    public static void Transform(ReadOnlySpan<uint> words, Span<float> normals)
    {
        var done = 0;
        for (; done + 4 <= words.Length; done += 4)
        {
            var q = Vector256.Create(
                Offset(words[done]), Offset(words[done + 1]), Offset(words[done + 2]), Offset(words[done + 3]));
            var z = InCentre(q);
            for (var lane = 0; lane < 4; lane++)
            {
                var offset = q.GetElement(lane);
                var inCentre = Math.Abs(offset) <= Central;
                normals[done + lane] = (float)(inCentre ? z.GetElement(lane) : InTail(offset, 0.5 - Math.Abs(offset)));
            }
        }

        for (; done < words.Length; done++)
            normals[done] = (float)FromWord(words[done]);
    }

    /// <summary>The normal number of one word.</summary>
    public static double FromWord(uint word)
    {
        var q = Offset(word);
        return Math.Abs(q) <= Central ? InCentre(q) : InTail(q, 0.5 - Math.Abs(q));
    }

    /// <summary>(w + 1/2) / 2^32 - 1/2, exactly.</summary>
    private static double Offset(uint word) => (word + 0.5) * (1.0 / 4294967296.0) - 0.5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double InCentre(double q)
    {
        var r = CentralSquare - q * q;
        return q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)
            / (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                + 42.313330701600911252) * r + 1.0);
    }

    private static Vector256<double> InCentre(Vector256<double> q)
    {
        static Vector256<double> C(double value) => Vector256.Create(value);
        var r = C(CentralSquare) - q * q;
        return q * (((((((C(2509.0809287301226727) * r + C(33430.575583588128105)) * r + C(67265.770927008700853)) * r
                + C(45921.953931549871457)) * r + C(13731.693765509461125)) * r + C(1971.5909503065514427)) * r
                + C(133.14166789178437745)) * r + C(3.387132872796366608))
            / (((((((C(5226.495278852545925) * r + C(28729.085735721942674)) * r + C(39307.89580009271061)) * r
                + C(21213.794301586595867)) * r + C(5394.1960214247511077)) * r + C(687.1870074920579083)) * r
                + C(42.313330701600911252)) * r + C(1.0));
    }

    /// <param name="q">The probability less 1/2; gives the sign.</param>
    /// <param name="outside">The probability beyond the quantile, on its side.</param>
    private static double InTail(double q, double outside)
    {
        var r = Math.Sqrt(-PortableMath.Log(outside));
        double z;
        if (r <= 5)
        {
            r -= 1.6;
            z = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                    + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                    + 4.6303378461565452959) * r + 1.42343711074968357734)
                / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                    + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                    + 2.05319162663775882187) * r + 1.0);
        }
        else
        {
            r -= 5;
            z = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                    + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                    + 5.4637849111641143699) * r + 6.6579046435011037772)
                / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                    + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
                    + 0.59983220655588793769) * r + 1.0);
        }

        return q < 0 ? -z : z;
    }
}
