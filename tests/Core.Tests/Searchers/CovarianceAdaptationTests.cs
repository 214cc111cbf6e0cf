using Sweeps.Core.Randomness;
using Sweeps.Core.Searchers;

namespace Sweeps.Core.Tests.Searchers;

/// <summary>The evolution strategy's distribution, without the space around it.</summary>
public class CovarianceAdaptationTests
{
    [Fact]
    public void Of_SymmetricMatrix_IsTheMatrixAgain()
    {
        var stream = new RandomStream(new(1, Purpose.Search));
        foreach (var size in new[] { 1, 2, 3, 8, 20 })
        {
            double[][] matrix = [.. Enumerable.Range(0, size).Select(_ => new double[size])];
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j <= i; j++)
                    matrix[i][j] = matrix[j][i] = stream.NextDouble() - 0.5;
            }

            var (values, vectors) = SymmetricEigen.Of(matrix);

            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++)
                {
                    var again = Enumerable.Range(0, size).Sum(k => vectors[i][k] * values[k] * vectors[j][k]);
                    var angle = Enumerable.Range(0, size).Sum(k => vectors[k][i] * vectors[k][j]);
                    Assert.Equal(matrix[i][j], again, 1e-13);
                    Assert.Equal(i == j ? 1 : 0, angle, 1e-13);
                }
            }
        }
    }

    [Fact]
    public void Of_KnownMatrix_HasItsEigenvalues() =>
        Assert.Equal([1, 3], SymmetricEigen.Of([[2, 1], [1, 2]]).Values.Order().Select(v => Math.Round(v, 14)));

    /// <summary>
    /// Table 1 of the tutorial for 10 coordinates and 10 points by hand: mu_eff = 3.167, c_1 = 2 / (11.3^2 + 3.167),
    /// c_mu = 2 (1/4 + 3.167 + 1/3.167 - 2) / (12^2 + 3.167).
    /// </summary>
    [Fact]
    public void Rates_TenCoordinates_AreThoseOfTheTutorial()
    {
        var rates = new AdaptationRates(10, 10);

        Assert.Equal(5, rates.Parents);
        Assert.Equal(1, rates.Weights.Take(5).Sum(), 1e-12);
        Assert.True(rates.Weights.Skip(5).All(w => w <= 0));
        Assert.InRange(1 / rates.Weights.Take(5).Sum(w => w * w), 3.1, 3.3);
        Assert.Equal(0.01528, rates.RankOne, 1e-5);
        Assert.Equal(0.02355, rates.RankMany, 1e-5);
        // The covariance neither grows nor fades by itself: the sum of all weights is -c_1 / c_mu.
        Assert.Equal(-rates.RankOne / rates.RankMany, rates.Weights.Sum(), 1e-9);
    }

    /// <summary>
    /// Evaluations until a value of 1e-9, from 0.5 in every coordinate with step 0.3: what CyberAgentAILab's cmaes
    /// 0.13.1, another program of the same tutorial, needs in the median of 20 seeds.
    /// </summary>
    [Theory]
    [InlineData("sphere", 10, 1_430)]
    [InlineData("ellipsoid", 10, 4_170)]
    [InlineData("rosenbrock", 8, 3_130)]
    public void After_Functions_ConvergesAsFastAsAnotherProgram(string name, int size, int median)
    {
        var needed = Enumerable.Range(1, 20).Select(seed => EvaluationsOf(name, size, seed)).Order().ToList();

        Assert.InRange((needed[9] + needed[10]) / 2, 0.85 * median, 1.15 * median);
    }

    /// <summary>
    /// "The covariance matrix approximates the inverse Hessian": of a rotated ellipsoid with axes 1 to 1,000 apart,
    /// what is left of the Hessian is nearly round.
    /// </summary>
    [Fact]
    public void After_RotatedEllipsoid_CovarianceIsTheInverseHessian()
    {
        const int Size = 5;
        var rotation = RotationOf(Size);
        double Cost(double[] x) => Enumerable.Range(0, Size).Sum(i =>
        {
            var along = Enumerable.Range(0, Size).Sum(j => rotation[j][i] * (x[j] - 0.3));
            return Math.Pow(1e6, i / (Size - 1.0)) * along * along;
        });
        var adaptation = new CovarianceAdaptation(8, [.. Enumerable.Repeat(0.5, Size)], 0.3);
        var stream = new RandomStream(new(7, Purpose.Search));
        for (var generation = 0; generation < 250; generation++)
            adaptation = Next(adaptation, Cost, stream);

        // H^(1/2) R' C R H^(1/2) would be a multiple of the unit matrix.
        double[][] left = [.. Enumerable.Range(0, Size).Select(i => Enumerable.Range(0, Size).Select(j =>
            Math.Pow(1e6, (i + j) / (Size - 1.0) / 2) * Enumerable.Range(0, Size).Sum(k => Enumerable.Range(0, Size)
                .Sum(l => rotation[k][i] * adaptation.Covariance[k][l] * rotation[l][j]))).ToArray())];
        var values = SymmetricEigen.Of(left).Values.Order().ToList();

        // The Hessian itself is 1,000,000 from round.
        Assert.InRange(values[^1] / values[0], 1, 20);
    }

    [Fact]
    public void KeepMargin_OneSide_HasTheMargin()
    {
        var adaptation = new CovarianceAdaptation(6, [0.9], 0.01);

        adaptation.KeepMargin(0, low: 0.5, high: null, margin: 0.1);

        Assert.Equal(0.1, ShareBelow(adaptation, 0.5), 1e-9);
        Assert.Equal(0.01, adaptation.DeviationOf(0), 1e-12);
    }

    [Fact]
    public void KeepMargin_TwoSides_HaveHalfOfItEachAtLeast()
    {
        var adaptation = new CovarianceAdaptation(6, [0.41], 0.001);

        adaptation.KeepMargin(0, low: 0.4, high: 0.6, margin: 0.1);

        Assert.InRange(ShareBelow(adaptation, 0.4), 0.05 - 1e-9, 0.06);
        Assert.InRange(1 - ShareBelow(adaptation, 0.6), 0.05 - 1e-9, 0.06);
    }

    [Fact]
    public void KeepMargin_WideEnough_ChangesNothing()
    {
        var adaptation = new CovarianceAdaptation(6, [0.45], 0.2);

        adaptation.KeepMargin(0, low: 0.4, high: 0.6, margin: 0.1);

        Assert.Equal(0.45, adaptation.Mean[0], 1e-9);
        Assert.Equal(0.2, adaptation.DeviationOf(0), 1e-9);
    }

    private static double[] Drawn(CovarianceAdaptation adaptation, RandomStream stream) => adaptation.At(
        [.. adaptation.Mean.Select(_ => NormalQuantile.At(stream.NextOpenDouble()))], scale: 1);

    private static double ShareBelow(CovarianceAdaptation adaptation, double edge) =>
        PortableMath.NormalBelow((edge - adaptation.Mean[0]) / adaptation.DeviationOf(0));

    private static CovarianceAdaptation Next(
        CovarianceAdaptation adaptation, Func<double[], double> cost, RandomStream stream) =>
        adaptation.After([.. Enumerable.Range(0, adaptation.Population)
            .Select(_ => Drawn(adaptation, stream)).OrderBy(cost)]);

    private static double EvaluationsOf(string name, int size, int seed)
    {
        Func<double[], double> cost = name switch
        {
            "sphere" => x => x.Sum(v => v * v),
            "ellipsoid" => x => x.Select((v, i) => Math.Pow(1e6, i / (size - 1.0)) * v * v).Sum(),
            _ => x => Enumerable.Range(0, size - 1).Sum(
                i => 100 * Math.Pow(x[i + 1] - x[i] * x[i], 2) + Math.Pow(1 - x[i], 2)),
        };
        var population = 4 + (int)(3 * Math.Log(size));
        var adaptation = new CovarianceAdaptation(population, [.. Enumerable.Repeat(0.5, size)], 0.3);
        var stream = new RandomStream(new(seed, Purpose.Search));
        for (var evaluations = 0; evaluations < 100_000; evaluations += population)
        {
            var points = Enumerable.Range(0, population).Select(_ => Drawn(adaptation, stream)).ToList();
            if (points.Min(cost) < 1e-9)
                return evaluations + population;
            adaptation = adaptation.After([.. points.OrderBy(cost)]);
        }

        return double.PositiveInfinity;
    }

    /// <summary>Orthonormal columns (Gram and Schmidt).</summary>
    private static double[][] RotationOf(int size)
    {
        var stream = new RandomStream(new(3, Purpose.Search));
        var columns = new List<double[]>();
        while (columns.Count < size)
        {
            double[] column = [.. Enumerable.Range(0, size).Select(_ => (double)stream.NextNormal())];
            foreach (var before in columns)
            {
                var shared = column.Zip(before, (a, b) => a * b).Sum();
                column = [.. column.Zip(before, (a, b) => a - shared * b)];
            }

            var length = Math.Sqrt(column.Sum(v => v * v));
            columns.Add([.. column.Select(v => v / length)]);
        }

        return [.. Enumerable.Range(0, size).Select(i => columns.Select(c => c[i]).ToArray())];
    }
}
