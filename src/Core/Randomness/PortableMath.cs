namespace Sweeps.Core.Randomness;

/// <summary>
/// Logarithm, exponential and normal distribution function from operations that IEEE 754 rounds exactly (+ - * / sqrt)
/// alone: the same bits on every machine, which the platform's own functions do not promise.
/// </summary>
internal static class PortableMath
{
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double LargestExponent = 709;

    /// <summary>1 / n!, from the highest power down.</summary>
    private static readonly double[] s_exp =
    [
        1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0, 1 / 5040.0,
        1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5, 1, 1,
    ];

    private static readonly double[] s_below =
    [
        3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
        220.206867912376,
    ];

    private static readonly double[] s_over =
    [
        8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
        793.826512519948, 440.413735824752,
    ];

    /// <summary>
    /// Natural logarithm of a positive normal number: x = m 2^e with m near 1, log m = 2 artanh((m - 1) / (m + 1)) by
    /// its series, whose terms beyond the 21st power are below 1e-17 here.
    /// </summary>
    public static double Log(double x)
    {
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
        for (var power = 21; power >= 1; power -= 2)
            series = series * s + 1.0 / power;
        // ln 2 in two parts: the product with the first, whose last bits are zero, is exact.
        return exponent * Ln2High + (2 * f * series + exponent * Ln2Low);
    }

    /// <summary>
    /// e^x within 2 units of the last place: x = k ln 2 + r, and e^r by its series, whose terms beyond the 13th power
    /// are below 1e-17 here. 0 below -708; x is at most 709.
    /// </summary>
    public static double Exp(double x)
    {
        if (x < -LargestExponent + 1)
            return 0;
        var k = Math.Floor(x * 1.4426950408889634 + 0.5);
        var r = x - k * Ln2High - k * Ln2Low;
        return Polynomial(s_exp, r) * BitConverter.Int64BitsToDouble((1023L + (long)k) << 52);
    }

    /// <summary>
    /// The probability of a standard normal number below <paramref name="z"/>, within 1e-14: Hart's algorithm 5666, as
    /// West gives it ("Better approximations to cumulative normal functions", Wilmott 2005).
    /// </summary>
    public static double NormalBelow(double z)
    {
        var x = Math.Abs(z);
        if (x > 37)
            return z > 0 ? 1 : 0;
        var density = Exp(-x * x / 2);
        var tail = x < 7.07106781186547
            ? density * Polynomial(s_below, x) / Polynomial(s_over, x)
            : density / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / 2.506628274631;
        return z > 0 ? 1 - tail : tail;
    }

    /// <summary>
    /// cos(pi x) for x from 0 to 1 within 1e-15, exact at 0, 1/2 and 1: folded into the first eighth of a circle, where
    /// the terms of the series of sine and cosine beyond those taken are below 1e-17.
    /// </summary>
    public static double CosPi(double x)
    {
        if (x > 0.5)
            return -CosPi(1 - x);
        var isSine = x > 0.25;
        var angle = Math.PI * (isSine ? 0.5 - x : x);
        var square = angle * angle;
        var sum = 0.0;
        // cos = 1 - a^2 / 2 (1 - a^2 / 12 (...)), sin = a (1 - a^2 / 6 (1 - a^2 / 20 (...))).
        for (var n = isSine ? 17 : 18; n >= 2; n -= 2)
            sum = square / (n * (n - 1.0)) * (1 - sum);
        return isSine ? angle * (1 - sum) : 1 - sum;
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        var sum = 0.0;
        foreach (var coefficient in coefficients)
            sum = sum * x + coefficient;
        return sum;
    }
}
