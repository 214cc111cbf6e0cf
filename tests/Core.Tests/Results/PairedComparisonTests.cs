using Sweeps.Core.Results;

namespace Sweeps.Core.Tests.Results;

public sealed class PairedComparisonTests
{
    /// <summary>
    /// By hand: differences 0.02, 0.01, 0.01, 0.03, 0.01; mean 0.016, sample variance 0.00008; t = 0.016 /
    /// sqrt(0.00008 (1/5 + 1/4)) = 2.6667; with 4 degrees of freedom the distribution has the closed form used below.
    /// </summary>
    [Fact]
    public void Of_FiveFolds_IsTheHandComputedStatistic()
    {
        var comparison = PairedComparison.Of([0.90, 0.92, 0.91, 0.93, 0.89], [0.88, 0.91, 0.90, 0.90, 0.88])!.Value;
        Assert.Equal(0.016, comparison.MeanDifference, 12);
        Assert.Equal(0.016 / Math.Sqrt(0.00008 * 0.45), comparison.T, 9);
        Assert.Equal(2 * (1 - StudentFour(comparison.T)), comparison.P, 9);
        Assert.True(comparison.Tied);
        Assert.InRange(comparison.P, 0.055, 0.057);
    }

    /// <summary>
    /// An uncorrected test of the same folds would tell them apart: t = 4.0, p = 0.016. The correction is what makes
    /// the tie.
    /// </summary>
    [Fact]
    public void Of_OverlappingTrainingSets_AreLessSureThanAPlainTest()
    {
        var t = 0.016 / Math.Sqrt(0.00008 / 5);
        Assert.Equal(4.0, t, 9);
        Assert.True(2 * (1 - StudentFour(t)) < PairedComparison.Alpha);
    }

    /// <summary>Tables give 2.776 as the two-sided 5 % point with 4 degrees of freedom.</summary>
    [Theory]
    [InlineData(2.75, true)]
    [InlineData(2.80, false)]
    public void Tied_AroundTheTabulatedCriticalValue_Turns(double t, bool tied)
    {
        // Differences 1 + c x with x of mean 0 and variance 1: t = 1 / (c sqrt(0.45)).
        var c = 1 / (t * Math.Sqrt(0.45));
        double[] x = [-Math.Sqrt(2), -Math.Sqrt(0), 0, 0, Math.Sqrt(2)];
        var comparison = PairedComparison.Of([.. x.Select(value => 1 + c * value)], [0, 0, 0, 0, 0])!.Value;
        Assert.Equal(t, comparison.T, 9);
        Assert.Equal(tied, comparison.Tied);
    }

    [Fact]
    public void Of_EqualFolds_IsTied() =>
        Assert.Equal(new PairedComparison(0, 0, 1), PairedComparison.Of([0.5, 0.6], [0.5, 0.6]));

    [Fact]
    public void Of_ConstantDifference_IsNotTied()
    {
        var comparison = PairedComparison.Of([0.75, 0.5], [0.5, 0.25])!.Value;
        Assert.Equal(double.PositiveInfinity, comparison.T);
        Assert.False(comparison.Tied);
    }

    [Fact]
    public void Of_OneFoldOrAValueThatIsNone_IsNoComparison()
    {
        Assert.Null(PairedComparison.Of([0.5], [0.6]));
        Assert.Null(PairedComparison.Of([0.5, double.NaN], [0.5, 0.6]));
        Assert.Null(PairedComparison.Of([0.5, double.PositiveInfinity], [0.5, 0.6]));
    }

    private static double StudentFour(double t)
    {
        var u = 1 + t * t / 4;
        return 0.5 + 3.0 / 8 * (t / Math.Sqrt(u)) * (1 - t * t / (12 * u));
    }
}
