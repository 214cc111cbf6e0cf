namespace Sweeps.Training.Losses;

/// <summary>Sums over samples: of one batch, or of a whole pass over a set.</summary>
/// <param name="Loss">Sum of the samples' losses.</param>
/// <param name="Metric">Classification: samples classified rightly; regression: sum of absolute errors.</param>
/// <param name="Samples">Number of samples.</param>
internal readonly record struct BatchScore(double Loss, double Metric, int Samples)
{
    /// <summary>Mean loss; NaN without samples.</summary>
    public double MeanLoss => Samples > 0 ? Loss / Samples : double.NaN;

    /// <summary>Accuracy or mean absolute error; NaN without samples.</summary>
    public double MeanMetric => Samples > 0 ? Metric / Samples : double.NaN;

    /// <summary>The sums of two sets of samples.</summary>
    public static BatchScore operator +(BatchScore a, BatchScore b) =>
        new(a.Loss + b.Loss, a.Metric + b.Metric, a.Samples + b.Samples);
}
