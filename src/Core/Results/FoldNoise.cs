using MathNet.Numerics.Distributions;

namespace Sweeps.Core.Results;

/// <summary>
/// How much the metric of one fold varies by chance. The model is that of randomised blocks, score(c, f) = mean(c) +
/// fold(f) + noise, whose noise has one variance for all configurations of a pool. It is the median of the
/// configurations' own variances, made consistent for normal noise, so that a configuration with a collapsed fold does
/// not widen it. Where the error of a validation by its finite sample is known, it enters as a prior worth
/// <see cref="PriorFreedom"/> degrees of freedom (Smyth, Statistical Applications in Genetics and Molecular Biology 3,
/// 2004): with two configurations and two folds it decides, with forty configurations the folds do.
/// </summary>
/// <param name="Variance">Variance of one fold's metric within a configuration.</param>
/// <param name="Sampling">The part of it that comes from the finite validation sample; 0: not known.</param>
/// <param name="Freedom">Degrees of freedom of <paramref name="Variance"/>.</param>
internal readonly record struct FoldNoise(double Variance, double Sampling, double Freedom)
{
    // Ten folds of equal noise are never that far apart: once in a thousand configurations.
    private const double CollapseDeviations = 6;

    /// <summary>Worth of the prior in degrees of freedom.</summary>
    public const double PriorFreedom = 12;

    /// <summary>
    /// What the prior takes training itself (samples learned from, initial weights, order) to add, as a multiple of the
    /// sampling variance. Measured on five tasks it is of that order and mostly less (Bouthillier et al., Accounting
    /// for variance in machine learning benchmarks, MLSys 2021).
    /// </summary>
    public const double PriorTraining = 0.7;

    /// <summary>
    /// Variance of a configuration's mean over <paramref name="folds"/> folds. Folds are validated on different
    /// samples, so their sampling errors are independent. All else comes from training sets that overlap and is
    /// correlated by 1/k (Nadeau and Bengio, Machine Learning 52, 2003): its variance of the mean is (1/k + 1/(k - 1))
    /// times what shows within a configuration, instead of 1/k. Repeats validate the same samples again: they average
    /// out what comes from training, up to what its overlapping sets have in common, and nothing of the sampling
    /// errors, whose mean over a repeat is the same for all of them.
    /// </summary>
    /// <param name="folds">Folds of one repeat that the mean is over.</param>
    /// <param name="repeats">How often the folds are drawn; with more than one, all folds of each are in.</param>
    /// <param name="planned">k, folds of a whole repeat; null: as many; below 2: one split.</param>
    public double OfMean(int folds, int repeats = 1, int? planned = null)
    {
        if ((planned ?? folds) < 2)
            return Variance;
        if (repeats < 2)
            return Variance / folds + Math.Max(0, Variance - Sampling) / ((planned ?? folds) - 1);
        var shown = ShownSampling(folds, repeats);
        var training = Math.Max(0, Variance - Sampling * shown);
        var sampling = (Variance - training) / shown;
        return sampling / folds + training / (folds * repeats) + training / (folds - 1);
    }

    /// <summary>
    /// The share of the sampling variance that shows within a configuration: folds of two repeats have a k-th of their
    /// validation samples in common, so that the pairs among k r folds are correlated by (r - 1)/(k r - 1) on average.
    /// </summary>
    private static double ShownSampling(int folds, int repeats) => 1 - (repeats - 1.0) / (folds * repeats - 1.0);

    /// <summary>The noise of a pool of configurations.</summary>
    /// <param name="pool">The metric of each fold of each configuration, finite; equally many folds.</param>
    /// <param name="sampling">Squared standard error of one fold's validation; NaN where it is not known.</param>
    /// <param name="repeats">How often the folds were drawn; the values of one repeat stand together.</param>
    /// <returns>Null: neither folds nor samples tell anything.</returns>
    /// <param name="planned">Folds of a whole repeat; null: all are in.</param>
    public static FoldNoise? Of(
        IReadOnlyList<double[]> pool, double sampling, int repeats = 1, int? planned = null)
    {
        if (pool.Count == 0)
            return null;
        var folds = pool[0].Length;
        FoldNoise? prior = sampling >= 0
            ? new(
                sampling * (Shown(folds, repeats) + PriorTraining * Own((planned * repeats) ?? folds, repeats)),
                sampling, PriorFreedom)
            : null;
        // One configuration is compared with nothing, and its spread may be the collapse that is looked for.
        if (folds < 2 || pool.Count == 1)
            return prior;
        var blocks = Blocks(pool);
        var first = Combined(prior, Typical(pool, blocks));
        // Once more without what collapsed (one-step reweighting: Rousseeuw and Leroy, Robust regression, 1987).
        var limit = Collapse(first.Variance, double.NaN);
        var stable = pool.Where(values => Range(values, blocks) <= limit).ToList();
        return stable.Count switch
        {
            < 2 => prior ?? first,
            2 => Combined(prior, OfDifferences(stable[0], stable[1])),
            _ => Combined(prior, Typical(stable, Blocks(stable))),
        };
    }

    // What the prior's two parts show within a configuration.
    private static double Shown(int values, int repeats) =>
        repeats < 2 ? 1 : ShownSampling(values / repeats, repeats);

    private static double Own(int values, int repeats) => values < 2 ? 1 : 1 - (double)repeats / values;

    /// <summary>
    /// Variance from fold to fold of a usual configuration: the difficulty of folds and their noise together. Nothing
    /// is taken off that several configurations have in common: of two that agree fold by fold nothing would be left,
    /// and each fold would seem to be far behind another. 0: there are no two to compare.
    /// </summary>
    public static double Spread(IReadOnlyList<double[]> pool) => pool.Count < 2 || pool[0].Length < 2
        ? 0 : Typical(pool, new double[pool[0].Length]).Variance;

    /// <summary>How far behind another fold of its configuration a fold has collapsed.</summary>
    /// <param name="spread">The usual variance of a fold.</param>
    /// <param name="own">Sampling variance of the configuration itself; NaN: not known.</param>
    public static double Collapse(double spread, double own) =>
        CollapseDeviations * Math.Sqrt(own * (1 + PriorTraining) > spread ? own * (1 + PriorTraining) : spread);

    private static FoldNoise Combined(FoldNoise? prior, (double Variance, double Freedom) folds)
    {
        if (prior is not { } known)
            return new(folds.Variance, 0, folds.Freedom);
        var sum = folds.Freedom + known.Freedom;
        var variance = (folds.Freedom * folds.Variance + known.Freedom * known.Variance) / sum;
        return new(variance, known.Sampling, sum);
    }

    // With two configurations the difficulty of folds goes only by their difference.
    private static (double Variance, double Freedom) OfDifferences(double[] left, double[] right) =>
        (VarianceOf(left, right, new double[left.Length]) / 2, left.Length - 1);

    private static double Range(double[] values, double[] blocks)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var fold = 0; fold < values.Length; fold++)
        {
            var rest = values[fold] - blocks[fold];
            (least, most) = (Math.Min(least, rest), Math.Max(most, rest));
        }

        return most - least;
    }

    /// <summary>What makes some folds harder than others, for all configurations alike; the median is 0.</summary>
    public static double[] Blocks(IReadOnlyList<double[]> pool)
    {
        var folds = pool.Count == 0 ? 0 : pool[0].Length;
        var blocks = new double[folds];
        // Two configurations cannot show whether a fold is hard or one of them collapsed on it.
        if (pool.Count < 3)
            return blocks;
        var (centres, own, rest) = (new double[pool.Count], new double[folds], new double[pool.Count]);
        for (var index = 0; index < centres.Length; index++)
        {
            pool[index].CopyTo(own, 0);
            centres[index] = Median(own);
        }

        for (var fold = 0; fold < folds; fold++)
        {
            for (var index = 0; index < rest.Length; index++)
                rest[index] = pool[index][fold] - centres[index];
            blocks[fold] = Median(rest);
        }

        return blocks;
    }

    /// <summary>The median, the mean of the middle two for an even number; changes the order of its argument.</summary>
    public static double Median(double[] values)
    {
        var middle = values.Length / 2;
        var upper = Selected(values, middle);
        return values.Length % 2 == 1 ? upper : (Largest(values.AsSpan(0, middle)) + upper) / 2;
    }

    /// <summary>
    /// The value that would stand at a place if they were in order: none before it is larger then, none after it
    /// smaller. Halves what is left (Hoare, Algorithm 65, Communications of the ACM 4, 1961), which takes far less than
    /// putting all in order.
    /// </summary>
    private static double Selected(double[] values, int place)
    {
        const int Few = 12;
        // A NaN has no side.
        var few = Array.Exists(values, double.IsNaN) ? values.Length : Few;
        var (low, high) = (0, values.Length - 1);
        while (high - low > few)
        {
            var pivot = values[low + ((high - low) / 2)];
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (values[left] < pivot)
                    left++;
                while (values[right] > pivot)
                    right--;
                if (left <= right)
                {
                    (values[left], values[right]) = (values[right], values[left]);
                    (left, right) = (left + 1, right - 1);
                }
            }

            if (place > right && place < left)
                return values[place];
            (low, high) = place <= right ? (low, right) : (left, high);
        }

        Array.Sort(values, low, high - low + 1);
        return values[place];
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = values[^1];
        foreach (var value in values)
            largest = value > largest ? value : largest;
        return largest;
    }

    /// <summary>
    /// The median variance of a pool divided by what that median would be were the variance 1, and the degrees of
    /// freedom that an ordinary estimate as precise as it would have.
    /// </summary>
    private static (double Variance, double Freedom) Typical(IReadOnlyList<double[]> pool, double[] blocks)
    {
        var (variances, rest) = (new double[pool.Count], new double[pool[0].Length]);
        for (var index = 0; index < variances.Length; index++)
            variances[index] = VarianceOf(pool[index], blocks, rest);
        var count = variances.Length;
        // The lower of the middle two: of two configurations the one that is more stable.
        var rank = (count + 1) / 2;
        var share = (rank - 1 / 3.0) / (count + 1 / 3.0);
        var freedom = pool[0].Length - 1.0;
        var square = ChiSquared.InvCDF(freedom, share);
        var slope = ChiSquared.PDF(freedom, square);
        var relative = share * (1 - share) / (count * slope * slope * square * square);
        // The blocks were taken from the same folds.
        var taken = count < 3 ? 1 : (count - 1.0) / count;
        return (Selected(variances, rank - 1) * freedom / square / taken, 2 / relative * taken);
    }

    /// <param name="rest">As long as the values; what it holds does not matter.</param>
    private static double VarianceOf(double[] values, double[] blocks, double[] rest)
    {
        for (var fold = 0; fold < rest.Length; fold++)
            rest[fold] = values[fold] - blocks[fold];
        var deviation = FoldScores.MeanAndDeviation(rest).Deviation;
        return deviation * deviation;
    }
}
