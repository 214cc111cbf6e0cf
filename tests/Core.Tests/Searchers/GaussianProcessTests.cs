using MathNet.Numerics.Integration;
using MathNet.Numerics.LinearAlgebra;
using Sweeps.Core.Randomness;
using Sweeps.Core.Searchers;

namespace Sweeps.Core.Tests.Searchers;

public class GaussianProcessTests
{
    private static readonly bool[] s_names = [false, false, true];

    /// <summary>Of three lengths, the variance and the noise.</summary>
    private static readonly double[] s_logs =
        [Math.Log(0.4), Math.Log(1.5), Math.Log(2.5), Math.Log(1.7), Math.Log(0.01)];

    [Fact]
    public void At_KnownPoints_AgreesWithTheTextbookByAnotherLibrary()
    {
        var (points, values) = Sample(40);
        var fit = GaussianFit.With(s_names, s_logs);
        var process = new GaussianProcess(fit, points, values);
        var cholesky = Covariance(points, GaussianFit.MeanVariance).Cholesky();
        var weights = cholesky.Solve(Vector<double>.Build.Dense(values));

        foreach (var point in Sample(60).Points.Skip(40))
        {
            var row = Vector<double>.Build.Dense(40, i => Matern(point, points[i]) + GaussianFit.MeanVariance);
            var (mean, deviation) = process.At(point);

            Assert.Equal(row * weights, mean, 9);
            Assert.Equal(1.7 + GaussianFit.MeanVariance - row * cholesky.Solve(row), deviation * deviation, 8);
        }

        var likelihood = -0.5 * (Vector<double>.Build.Dense(values) * weights) - cholesky.DeterminantLn / 2;
        Assert.Equal(likelihood, process.LogLikelihood, 9);
    }

    /// <summary>The values are not about 0: the mean is the one of generalised least squares, with its prior.</summary>
    [Fact]
    public void At_FarFromAllPoints_IsTheMeanOfLeastSquares()
    {
        // Many near the best value, as in a search, and few elsewhere.
        double[][] points = [.. Enumerable.Range(0, 40).Select(i => new[] { i < 36 ? i / 1000.0 : i, 0, 0 })];
        double[] values = [.. points.Select(p => p[0] < 1 ? -0.3 : 2.7)];
        var ones = Vector<double>.Build.Dense(40, 1);
        var weighted = Covariance(points, meanVariance: 0).Cholesky().Solve(ones);
        var expected = weighted * Vector<double>.Build.Dense(values)
            / (weighted * ones + 1 / GaussianFit.MeanVariance);

        var (mean, _) = new GaussianProcess(GaussianFit.With(s_names, s_logs), points, values).At([1000, 0, 0]);

        Assert.Equal(0, values.Average(), 9);
        Assert.Equal(expected, mean, 7);
        Assert.InRange(mean, 1, 2.7);
    }

    [Fact]
    public void At_Slopes_AgreeWithDifferences()
    {
        var (points, values) = Sample(40);
        var process = new GaussianProcess(GaussianFit.With(s_names, s_logs), points, values);
        var (means, deviations) = (new double[3], new double[3]);
        foreach (var point in Sample(50).Points.Skip(40))
        {
            var at = process.At(point, means, deviations);

            Assert.Equal(process.At(point), at);
            Assert.Equal(0, means[2]);
            for (var i = 0; i < 2; i++)
            {
                (double Mean, double Deviation) Moved(double step) =>
                    process.At([.. point.Select((x, j) => i == j ? x + step : x)]);

                Assert.Equal((Moved(1e-5).Mean - Moved(-1e-5).Mean) / 2e-5, means[i], 5);
                Assert.Equal((Moved(1e-5).Deviation - Moved(-1e-5).Deviation) / 2e-5, deviations[i], 5);
            }
        }
    }

    [Theory]
    [InlineData(0.5, 1, 0)]
    [InlineData(3, 0.6, 0)]
    [InlineData(7, 1, 0)]
    [InlineData(40, 0.8, 1)]
    public void SlopesAt_AnyDistance_AgreeWithDifferences(double mean, double deviation, double best)
    {
        double Log(double byMean, double byDeviation) =>
            ExpectedImprovement.LogAt((mean + byMean, deviation + byDeviation), best);

        var (slope, byDeviation) = ExpectedImprovement.SlopesAt((mean, deviation), best);

        Assert.Equal(1, (Log(1e-5, 0) - Log(-1e-5, 0)) / 2e-5 / slope, 3);
        Assert.Equal(1, (Log(0, 1e-5) - Log(0, -1e-5)) / 2e-5 / byDeviation, 3);
    }

    [Fact]
    public void Posterior_Gradient_AgreesWithDifferences()
    {
        var (points, values) = Sample(30);
        var (_, gradient) = GaussianFit.With(s_names, s_logs).Posterior(points, values, s_logs, prior: 0.3);
        for (var i = 0; i < s_logs.Length; i++)
        {
            double At(double step)
            {
                var moved = (double[])s_logs.Clone();
                moved[i] += step;
                return GaussianFit.With(s_names, moved).Posterior(points, values, moved, prior: 0.3).Posterior;
            }

            Assert.Equal((At(1e-5) - At(-1e-5)) / 2e-5, gradient[i], 4);
        }
    }

    [Fact]
    public void Of_CoordinateWithoutEffect_HasALongLength()
    {
        var points = Sample(60).Points;
        double[] values = [.. points.Select(p => Math.Sin(8 * p[0]))];

        var fit = GaussianFit.Of(s_names, points, values);

        double Correlation(double[] other) =>
            (fit.Kernel([0.2, 0.1, 0], other) - GaussianFit.MeanVariance) / fit.Variance;
        Assert.InRange(Correlation([0.6, 0.1, 0]), 0, 0.75);
        Assert.InRange(Correlation([0.2, 0.9, 3]), 0.8, 1);
    }

    [Theory]
    [InlineData(0.5, 1, 0)]
    [InlineData(0, 0.1, 1)]
    [InlineData(2, 0.5, -0.5)]
    [InlineData(3, 0.6, 0)]
    [InlineData(6.5, 1, 0)]
    public void LogAt_AnyDistance_AgreesWithTheIntegral(double mean, double deviation, double best)
    {
        var scale = Math.Exp(Math.Min(0, (best - mean) / deviation) * (best - mean) / deviation / 2);
        var improvement = GaussLegendreRule.Integrate(
            x => (best - x) * Math.Exp(-(x - mean) * (x - mean) / (2 * deviation * deviation)) * scale
                / (deviation * Math.Sqrt(2 * Math.PI)),
            Math.Min(best, mean) - 12 * deviation, best, 512);

        Assert.Equal(
            Math.Log(improvement) - Math.Log(scale), ExpectedImprovement.LogAt((mean, deviation), best), 2);
    }

    private static Matrix<double> Covariance(double[][] points, double meanVariance) => Matrix<double>.Build.Dense(
        points.Length,
        points.Length,
        (i, j) => meanVariance + Matern(points[i], points[j]) + (i == j ? 0.01 + 1e-8 : 0));

    private static double Matern(double[] left, double[] right)
    {
        var square = Enumerable.Range(0, 3).Sum(i =>
            (s_names[i] ? left[i] == right[i] ? 0 : 1 : Math.Pow(left[i] - right[i], 2)) / Math.Exp(2 * s_logs[i]));
        var r = Math.Sqrt(5 * square);
        return 1.7 * (1 + r + r * r / 3) * Math.Exp(-r);
    }

    private static (double[][] Points, double[] Values) Sample(int count)
    {
        var stream = new RandomStream(new(7, Purpose.Analysis));
        var points = new double[count][];
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            points[i] = [stream.NextDouble(), stream.NextDouble(), stream.NextInt(4)];
            values[i] = Math.Sin(6 * points[i][0]) + points[i][1] - (points[i][2] == 2 ? 1 : 0)
                + 0.1 * stream.NextNormal();
        }

        return (points, values);
    }
}
