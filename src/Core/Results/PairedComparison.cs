using MathNet.Numerics.Distributions;

namespace Sweeps.Core.Results;

/// <summary>
/// Compares two configurations fold by fold: a paired t-test whose variance is corrected for the overlap of the
/// folds' training sets (Nadeau and Bengio, Inference for the Generalization Error, Machine Learning 52, 2003). With
/// k folds, differences d of mean m and sample variance s2, t = m / sqrt((1/k + 1/(k-1)) s2) with k - 1 degrees of
/// freedom: in k-fold cross-validation the ratio of test to training samples is 1 / (k - 1).
/// </summary>
/// <param name="MeanDifference">Mean of the differences, first minus second.</param>
/// <param name="T">The statistic; 0 when all differences are 0, infinite when they are equal and not 0.</param>
/// <param name="P">Two-sided probability of a statistic at least as large if there were no difference.</param>
internal readonly record struct PairedComparison(double MeanDifference, double T, double P)
{
    /// <summary>Level of the comparison: above it two configurations count as tied.</summary>
    public const double Alpha = 0.05;

    /// <summary>
    /// Whether the folds cannot tell the two apart. No correction is made for comparing many configurations.
    /// </summary>
    public bool Tied => P > Alpha;

    /// <summary>Compares the folds of two configurations of one sweep.</summary>
    /// <param name="first">The metric of each fold.</param>
    /// <returns>
    /// Null with fewer than two folds, or where a value is NaN or infinite: then there is no comparison.
    /// </returns>
    public static PairedComparison? Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException(
                $"Paired folds are needed, got {first.Length} and {second.Length}.", nameof(second));
        }
        var folds = first.Length;
        if (folds < 2)
            return null;
        Span<double> differences = folds <= 64 ? stackalloc double[folds] : new double[folds];
        for (var fold = 0; fold < folds; fold++)
        {
            differences[fold] = first[fold] - second[fold];
            if (!double.IsFinite(differences[fold]))
                return null;
        }

        var (mean, deviation) = FoldScores.MeanAndDeviation(differences);
        var error = deviation * Math.Sqrt(1.0 / folds + 1.0 / (folds - 1));
        if (error == 0)
            return mean == 0 ? new(0, 0, 1) : new(mean, double.PositiveInfinity * Math.Sign(mean), 0);
        var t = mean / error;
        return new(mean, t, 2 * StudentT.CDF(0, 1, folds - 1, -Math.Abs(t)));
    }
}
