using System.Globalization;
using MathNet.Numerics.Distributions;

namespace Sweeps.Core.Results;

/// <summary>
/// When a configuration is tied with the best: its mean is less than a margin away. The margin is the same for all, so
/// that a configuration is never tied for a large spread of its own. It is a multiple comparison with the best (Hsu,
/// Annals of Statistics 12, 1984): the critical value of Dunnett's many-one comparison times the standard error of a
/// difference. In truth equal configurations are tied in 95 of 100 sweeps.
/// </summary>
public sealed record TieRule
{
    /// <summary>The share of sweeps in which a configuration equal to the best is not tied with it.</summary>
    public const double Alpha = 0.05;

    /// <summary>Others may have been stopped, or have failed.</summary>
    private const string OneAlone = "nothing to compare: one configuration was trained to its end";

    /// <summary>Largest difference of means that counts as a tie; null: nothing to compare with.</summary>
    public double? Margin { get; init; }

    /// <summary>Standard error of one configuration's mean by the noise of all; null: not known.</summary>
    public double? StandardError { get; init; }

    /// <summary>What the comparison is, or why there is none.</summary>
    public required string Text { get; init; }

    /// <param name="noise">How much a fold varies.</param>
    /// <param name="configurations">How many are compared.</param>
    /// <param name="folds">Folds of a repeat that their means are over; 0: one hold-out split.</param>
    /// <param name="repeats">How often the folds are drawn.</param>
    /// <param name="planned">Folds of a whole repeat; null: as many.</param>
    /// <param name="alpha">The level of the comparison.</param>
    internal static TieRule Of(
        FoldNoise? noise, int configurations, int folds, int repeats = 1, int? planned = null, double alpha = Alpha)
    {
        if (configurations == 0)
            return new() { Text = "nothing to compare: no configuration has a usable result" };
        if (noise is not { } known)
        {
            return new()
            {
                Text = configurations == 1
                    ? OneAlone
                    : "nothing tells how much one hold-out split varies; use folds",
            };
        }

        var error = Math.Sqrt(known.OfMean(folds, repeats, planned));
        if (configurations == 1)
            return new() { StandardError = error, Text = OneAlone };
        if (known.Freedom < 1)
            return new() { Text = "too few folds to tell how much they vary; use more folds" };
        var margin = CriticalValue(configurations, known.Freedom, alpha) * Math.Sqrt(2) * error;
        var source = folds == 0
            ? "by the size of the validation sample alone"
            : known.Sampling > 0 ? "by the noise of all folds and the size of the validation sample"
                : "by the noise of all folds";
        return new()
        {
            Margin = margin,
            StandardError = error,
            Text = string.Create(
                CultureInfo.InvariantCulture,
                $"within {Shown(margin)} of the best, {source}; multiple comparisons with the best, alpha {alpha}"),
        };
    }

    // Errors have any size: neither 40 digits nor a margin of 0 that is none.
    private static string Shown(double margin) => margin.ToString(
        margin is >= 1e5 or (> 0 and < 5e-5) ? "0.###e0" : "0.####", CultureInfo.InvariantCulture);

    /// <summary>Whether the difference between the best mean and another is a tie.</summary>
    internal bool IsTie(double best, double other) => Margin is { } margin && Math.Abs(best - other) <= margin;

    /// <summary>
    /// By how many standard errors the best of several equal configurations is ahead of another one of them, at most,
    /// in all but a share <paramref name="alpha"/> of sweeps. The normal value is exact; t replaces it at the same
    /// probability.
    /// </summary>
    /// <param name="configurations">From 2.</param>
    /// <param name="freedom">Degrees of freedom of the error; infinite: it is known.</param>
    /// <param name="alpha">Above 0, below 1.</param>
    internal static double CriticalValue(int configurations, double freedom, double alpha = Alpha)
    {
        // One of the equal ones is the best itself and cannot be behind, which leaves the share to the others.
        var normal = Dunnett(configurations - 1, alpha * (configurations - 1) / configurations);
        return double.IsInfinity(freedom) ? normal : -StudentT.InvCDF(0, 1, freedom, Normal.CDF(0, 1, -normal));
    }

    /// <summary>
    /// Dunnett's one-sided critical value (Journal of the American Statistical Association 50, 1955) for equal numbers
    /// of observations and a known error: none of the others is further ahead but with that probability.
    /// </summary>
    internal static double Dunnett(int others, double alpha)
    {
        var (low, high) = (0.0, 10.0);
        for (var i = 0; i < 32; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = NoneAhead(middle, others) < 1 - alpha ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>
    /// Probability that none of so many others is ahead of one by more than <paramref name="limit"/> standard errors of
    /// a difference: the integral of phi(z) Phi(z + sqrt(2) limit)^others, by Simpson's rule.
    /// </summary>
    private static double NoneAhead(double limit, int others)
    {
        const double End = 8.5;
        const int Steps = 120;
        const double Step = 2 * End / Steps;
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
        {
            var z = -End + i * Step;
            var weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            var all = Math.Exp(others * double.LogP1(-Normal.CDF(0, 1, -(z + Math.Sqrt(2) * limit))));
            sum += weight * Normal.PDF(0, 1, z) * all;
        }

        return sum * Step / 3;
    }
}
