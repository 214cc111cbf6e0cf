using MathNet.Numerics.Distributions;
using Sweeps.Core.Results;

namespace Sweeps.Core.Tests.Results;

/// <summary>
/// Goal: the promise of the tie rule, by simulated sweeps whose truth is known. Configurations equal to the best are
/// tied with it at least 9 times in 10, those worse by 5 standard errors at most once in 20, whatever the folds, the
/// number of configurations, and whether a fold of one of them collapsed.
/// Method: numbers of right samples are drawn (a binomial by its normal), so that each fold has the error of its size;
/// half of the runs add noise of training that overlapping training sets correlate by 1/k; folds differ in difficulty.
/// The standard error is the true one of a difference of means under that model.
/// </summary>
public sealed class TieSimulationTests
{
    private const int Sweeps = 300;
    private const int FewSweeps = 100;
    private const int Samples = 6_000;
    private const double Accuracy = 0.95;

    /// <summary>A few of the cells: both kinds of noise, few folds and many, each kind of collapse.</summary>
    public static TheoryData<int, int, double, bool, bool> FewCells => new()
    {
        { 2, 5, 1, true, false },
        { 3, 40, 0, false, true },
        { 5, 2, 0, false, false },
        { 5, 5, 1, false, true },
        { 5, 40, 1, true, false },
        { 10, 5, 0, true, false },
    };

    public static TheoryData<int, int, double, bool, bool> Cells
    {
        get
        {
            var cells = new TheoryData<int, int, double, bool, bool>();
            foreach (var folds in (int[])[2, 3, 5, 10])
            {
                foreach (var configurations in (int[])[2, 5, 40])
                {
                    foreach (var training in (double[])[0, 1])
                    {
                        cells.Add(folds, configurations, training, false, false);
                        cells.Add(folds, configurations, training, true, false);
                        if (configurations > 2)
                            cells.Add(folds, configurations, training, false, true);
                    }
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(FewCells))]
    public void IsTie_EqualAndFiveErrorsWorse_AreToldApart(
        int folds, int configurations, double training, bool collapsed, bool otherCollapsed) =>
        CheckCell(FewSweeps, folds, configurations, training, collapsed, otherCollapsed);

    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(Cells))]
    public void IsTie_EqualAndFiveErrorsWorse_AreToldApartEverywhere(
        int folds, int configurations, double training, bool collapsed, bool otherCollapsed) =>
        CheckCell(Sweeps, folds, configurations, training, collapsed, otherCollapsed);

    private static void CheckCell(
        int sweeps, int folds, int configurations, double training, bool collapsed, bool otherCollapsed)
    {
        var random = new Random(folds * 1_000 + configurations * 10 + (int)training);
        var sampling = Accuracy * (1 - Accuracy) / Samples * folds;
        var error = Math.Sqrt(2 * (sampling / folds + training * sampling * (2 * folds - 1) / (folds * folds)));
        var (equal, equalTied, worseTied) = (0, 0, 0);
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            var blocks = Normals(random, folds, Math.Sqrt(sampling));
            // Equal ones: the last is the one that may have collapsed, and then it is not equal.
            var values = Enumerable.Range(0, configurations)
                .Select(_ => Configuration(random, Accuracy, blocks, sampling, training)).ToArray();
            if (otherCollapsed)
                values[^1][random.Next(folds)] = 0.1;
            var tied = Tied(values, sampling);
            var count = configurations - (otherCollapsed ? 1 : 0);
            equal += count - 1;
            equalTied += tied.Count(index => index < count);

            values[0] = Configuration(random, Accuracy - 5 * error, blocks, sampling, training);
            if (collapsed)
                values[0][random.Next(folds)] = 0.1;
            worseTied += Tied(values, sampling).Contains(0) ? 1 : 0;
        }

        Assert.True(equalTied >= 0.9 * equal, $"{equalTied} of {equal} equal ones are tied");
        Assert.True(worseTied <= 0.05 * sweeps, $"{worseTied} of {sweeps} worse ones are tied");
    }

    /// <summary>Where nothing is known of single samples (an earlier version's log), enough folds do alone.</summary>
    [Theory]
    [InlineData(3, 40)]
    [InlineData(10, 5)]
    public void IsTie_NormalNoiseOfUnknownSize_IsLearnedFromTheFolds(int folds, int configurations) =>
        CheckUnknownNoise(FewSweeps, folds, configurations);

    /// <summary>As above, in many sweeps.</summary>
    [Theory]
    [Trait("Speed", "slow")]
    [InlineData(3, 40)]
    [InlineData(5, 40)]
    [InlineData(10, 40)]
    [InlineData(10, 5)]
    public void IsTie_NormalNoiseOfUnknownSize_IsLearnedFromManyFolds(int folds, int configurations) =>
        CheckUnknownNoise(Sweeps, folds, configurations);

    private static void CheckUnknownNoise(int sweeps, int folds, int configurations)
    {
        var random = new Random(folds);
        const double Variance = 0.04;
        var error = Math.Sqrt(2 * Variance * (2 * folds - 1) / (folds * folds));
        var (equalTied, worseTied) = (0, 0);
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            double[][] Draw(double shift) =>
            [
                .. Enumerable.Range(0, configurations).Select(index =>
                    Correlated(random, folds, Variance).Select(noise => (index == 0 ? shift : 0) + noise).ToArray()),
            ];
            equalTied += Tied(Draw(0), double.NaN).Count;
            worseTied += Tied(Draw(-5 * error), double.NaN).Contains(0) ? 1 : 0;
        }

        Assert.True(equalTied >= 0.9 * sweeps * (configurations - 1), $"{equalTied} equal ones are tied");
        Assert.True(worseTied <= 0.05 * sweeps, $"{worseTied} of {sweeps} worse ones are tied");
    }

    /// <summary>A hold-out split has no folds; the size of its sample is all there is.</summary>
    [Fact]
    public void IsTie_Holdout_GoesByTheSampleSize() => CheckHoldout(FewSweeps, 40);

    /// <summary>As above, in many sweeps.</summary>
    [Theory]
    [Trait("Speed", "slow")]
    [InlineData(2)]
    [InlineData(40)]
    public void IsTie_ManyHoldouts_GoesByTheSampleSize(int configurations) => CheckHoldout(Sweeps, configurations);

    private static void CheckHoldout(int sweeps, int configurations)
    {
        var random = new Random(configurations);
        var sampling = Accuracy * (1 - Accuracy) / Samples;
        var (equalTied, worseTied) = (0, 0);
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            double[][] Draw(double shift) =>
            [
                .. Enumerable.Range(0, configurations).Select(index => new[]
                {
                    Accuracy + (index == 0 ? shift : 0) + Normals(random, 1, Math.Sqrt(sampling))[0],
                }),
            ];
            equalTied += Tied(Draw(0), sampling).Count;
            worseTied += Tied(Draw(-5 * Math.Sqrt(2 * sampling)), sampling).Contains(0) ? 1 : 0;
        }

        Assert.True(equalTied >= 0.9 * sweeps * (configurations - 1), $"{equalTied} equal ones are tied");
        Assert.True(worseTied <= 0.05 * sweeps, $"{worseTied} of {sweeps} worse ones are tied");
    }

    /// <summary>
    /// Repeated folds: the variance of a mean by the rule is that of simulated ones. In each repeat the same samples
    /// are dealt to folds anew; a sample is right or wrong in all of them, and training noise is correlated by 1/k.
    /// </summary>
    [Theory]
    [InlineData(5, 3, 0)]
    [InlineData(5, 3, 1)]
    [InlineData(2, 10, 1)]
    [InlineData(10, 2, 4)]
    public void OfMean_RepeatedFolds_IsTheVarianceOfSimulatedMeans(int folds, int repeats, double training)
    {
        const int Means = 4_000;
        const int Few = 400;
        var random = new Random(folds + repeats);
        var perFold = Few / folds;
        var sampling = Accuracy * (1 - Accuracy) / perFold;
        var (means, within) = (new double[Means], 0.0);
        for (var i = 0; i < Means; i++)
        {
            var values = Repeated(random, folds, repeats, Few, training * sampling);
            means[i] = values.Average();
            within += Variance(values) / Means;
        }

        var rule = new FoldNoise(within, sampling, 100).OfMean(folds, repeats);

        // 4,000 means tell their variance to 2 %; the rule of independent trials would say up to r times less.
        Assert.InRange(rule / Variance(means), 0.9, 1.1);
        Assert.True(within / (folds * repeats) < 0.8 * Variance(means));
    }

    /// <summary>Where nothing is known of samples: the corrected resampled variance, (1/(k r) + 1/(k - 1)).</summary>
    [Theory]
    [InlineData(5, 3)]
    [InlineData(10, 10)]
    [InlineData(2, 1)]
    public void OfMean_UnknownSampling_IsTheCorrectedResampledVariance(int folds, int repeats) => Assert.Equal(
        0.04 * ((1.0 / (folds * repeats)) + (1.0 / (folds - 1))), new FoldNoise(0.04, 0, 9).OfMean(folds, repeats), 12);

    private static double[] Repeated(Random random, int folds, int repeats, int samples, double training)
    {
        var right = Enumerable.Range(0, samples).Select(_ => random.NextDouble() < Accuracy ? 1.0 : 0).ToArray();
        var noise = Correlated(random, folds * repeats, training, 1.0 / folds);
        var values = new List<double>();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            random.Shuffle(right);
            values.AddRange(right.Chunk(samples / folds).Select(fold => fold.Average()));
        }

        return [.. values.Zip(noise, (value, own) => value + own)];
    }

    private static double Variance(double[] values)
    {
        var deviation = FoldScores.MeanAndDeviation(values).Deviation;
        return deviation * deviation;
    }

    private static double[] Configuration(
        Random random, double accuracy, double[] blocks, double sampling, double training)
    {
        var perFold = Samples / blocks.Length;
        var noise = Correlated(random, blocks.Length, training * sampling);
        return
        [
            .. blocks.Select((block, fold) =>
            {
                var chance = Math.Clamp(accuracy + block + noise[fold], 0, 1);
                var right = Normal.Sample(random, chance * perFold, Math.Sqrt(chance * (1 - chance) * perFold));
                return Math.Clamp(Math.Round(right), 0, perFold) / perFold;
            }),
        ];
    }

    // Folds share (k - 2) / (k - 1) of their training samples: correlation 1/k, as Nadeau and Bengio take it.
    private static double[] Correlated(Random random, int folds, double variance) =>
        Correlated(random, folds, variance, 1.0 / folds);

    private static double[] Correlated(Random random, int count, double variance, double correlation)
    {
        var common = Normals(random, 1, Math.Sqrt(variance * correlation))[0];
        return [.. Normals(random, count, Math.Sqrt(variance * (1 - correlation))).Select(own => common + own)];
    }

    private static double[] Normals(Random random, int count, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => deviation * Normal.Sample(random, 0, 1))];

    private static List<int> Tied(double[][] values, double sampling)
    {
        var order = Enumerable.Range(0, values.Length).OrderByDescending(index => values[index].Average()).ToArray();
        var pool = order.Take(Ranking.PoolOf(order.Length)).Select(index => values[index]).ToList();
        var rule = TieRule.Of(FoldNoise.Of(pool, sampling), order.Length, values[0].Length > 1 ? values[0].Length : 0);
        var best = values[order[0]].Average();
        return [.. order.Skip(1).Where(index => rule.IsTie(best, values[index].Average()))];
    }
}
