using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sweeps.Training.Numerics;

/// <summary>
/// Elementary functions of sixteen floats at a time, built from operations that IEEE 754 rounds exactly, so that every
/// processor gives the same bits; the platform's exp, log and tanh do not promise that. NaN stays NaN.
/// </summary>
internal static class VectorMath
{
    private const double LogTwo = 0.693147180559945309417;

    private static ReadOnlySpan<double> ArtanhSeries =>
        [1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1];

    /// <summary>
    /// e^x, relative error below 2e-7; 0 below -87.3, infinity above 88.7. Reduction and polynomial as in Cephes' expf.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        var n = Vector512.Floor(Vector512.FusedMultiplyAdd(x, Of(1.44269504088896341f), Of(0.5f)));
        var r = Vector512.FusedMultiplyAdd(n, Of(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(n, Of(2.12194440e-4f), r);
        var p = Vector512.FusedMultiplyAdd(Of(1.9875691500e-4f), r, Of(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Of(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Of(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Of(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Of(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r + Of(1));
        // 2^n in two factors: n reaches 128 at the upper end.
        var half = Vector512.ConvertToInt32(n) >> 1;
        var rest = Vector512.ConvertToInt32(n) - half;
        var value = p * PowerOfTwo(half) * PowerOfTwo(rest);
        value = Vector512.ConditionalSelect(Vector512.LessThan(x, Of(-87.3365f)), Vector512<float>.Zero, value);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Of(88.7228f)), Of(float.PositiveInfinity), value);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Of(1) / (Of(1) + Exp(-x));

    /// <summary>The hyperbolic tangent, absolute error below 3e-7, relative error below 1e-6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        // Near zero 1 - 2 / (e^2x + 1) cancels: Cephes' tanhf polynomial there.
        var s = x * x;
        var p = Vector512.FusedMultiplyAdd(Of(-5.70498872745e-3f), s, Of(2.06390887954e-2f));
        p = Vector512.FusedMultiplyAdd(p, s, Of(-5.37397155531e-2f));
        p = Vector512.FusedMultiplyAdd(p, s, Of(1.33314422036e-1f));
        p = Vector512.FusedMultiplyAdd(p, s, Of(-3.33332819422e-1f));
        var small = Vector512.FusedMultiplyAdd(p * s, x, x);
        var large = Of(1) - (Of(2) / (Exp(x + x) + Of(1)));
        return Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Of(0.625f)), small, large);
    }

    /// <summary>
    /// The standard normal distribution function, absolute error below 2e-7: Abramowitz and Stegun, "Handbook of
    /// Mathematical Functions", 7.1.26 (error function, 1.5e-7).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NormalProbability(Vector512<float> x)
    {
        var z = Vector512.Abs(x) * Of(0.70710678118654752f);
        var t = Of(1) / Vector512.FusedMultiplyAdd(Of(0.3275911f), z, Of(1));
        var p = Vector512.FusedMultiplyAdd(Of(1.061405429f), t, Of(-1.453152027f));
        p = Vector512.FusedMultiplyAdd(p, t, Of(1.421413741f));
        p = Vector512.FusedMultiplyAdd(p, t, Of(-0.284496736f));
        p = Vector512.FusedMultiplyAdd(p, t, Of(0.254829592f));
        var tail = Of(0.5f) * p * t * Exp(-z * z);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, Of(1) - tail);
    }

    /// <summary>The standard normal density.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NormalDensity(Vector512<float> x) => Of(0.3989422804f) * Exp(x * x * Of(-0.5f));

    /// <summary>
    /// The natural logarithm of a positive normal number, relative error about 1e-16: x = m 2^e with m near 1 and log m
    /// = 2 artanh((m - 1) / (m + 1)) by its series. NaN and infinity stay what they are.
    /// </summary>
    public static double Log(double x)
    {
        if (!double.IsFinite(x))
            return x;
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        var f = (m - 1) / (m + 1);
        var s = f * f;
        var series = 0.0;
        foreach (var coefficient in ArtanhSeries)
            series = (series * s) + coefficient;
        return (exponent * LogTwo) + (2 * f * series);
    }

    /// <summary>As <see cref="Log(double)"/>, the same bits, of eight numbers at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x)
    {
        const long Mantissa = 0x000FFFFFFFFFFFFF, Exponent = 0x7FF0000000000000;
        var bits = x.AsInt64();
        var exponent = Vector512.ConvertToDouble((bits >>> 52) - Vector512.Create(1023L));
        var m = ((bits & Vector512.Create(Mantissa)) | Vector512.Create(0x3FF0000000000000)).AsDouble();
        var isHigh = Vector512.GreaterThan(m, Vector512.Create(1.4142135623730951));
        m = Vector512.ConditionalSelect(isHigh, m * Vector512.Create(0.5), m);
        exponent += Vector512<double>.One & isHigh;
        var f = (m - Vector512<double>.One) / (m + Vector512<double>.One);
        var s = f * f;
        var series = Vector512<double>.Zero;
        foreach (var coefficient in ArtanhSeries)
            series = (series * s) + Vector512.Create(coefficient);
        var log = (exponent * Vector512.Create(LogTwo)) + (Vector512.Create(2.0) * f * series);
        var isSpecial = Vector512.Equals(bits & Vector512.Create(Exponent), Vector512.Create(Exponent)).AsDouble();
        return Vector512.ConditionalSelect(isSpecial, x, log);
    }

    /// <summary>The sum of the lanes, halves first: the same order on every processor.</summary>
    public static float Sum(Vector512<float> x)
    {
        var eight = x.GetLower() + x.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> exponent) =>
        ((exponent + Vector512.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Of(float value) => Vector512.Create(value);
}
