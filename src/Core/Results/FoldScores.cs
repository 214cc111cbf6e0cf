using Sweeps.Core.Searchers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>
/// Puts the folds of a configuration together. Sums run in fold order, so that the numbers are the same bits whatever
/// order the folds came in. A diverged fold counts as the metric's worst value; a fold without a result is left out
/// and marks the configuration incomplete.
/// </summary>
internal static class FoldScores
{
    /// <summary>The metric of each fold, in fold order; NaN for a fold without a result.</summary>
    public static double[] Values(SweepState state, int configuration)
    {
        ArgumentNullException.ThrowIfNull(state);
        var plan = state.Plan;
        var values = new double[plan.TrialsPerConfiguration];
        for (var fold = 0; fold < values.Length; fold++)
        {
            ref readonly var cell = ref state.Cell(new(configuration, fold));
            values[fold] = cell.Status == TrialStatus.Completed
                ? plan.Metric.ValueOf(cell.Outcome, cell.ValidationLoss, cell.ValidationMetric, plan.Task)
                : double.NaN;
        }

        return values;
    }

    /// <summary>The score of a configuration whose folds have all ended.</summary>
    public static ConfigurationScore Of(SweepState state, int configuration)
    {
        ArgumentNullException.ThrowIfNull(state);
        var values = Values(state, configuration);
        var present = Array.FindAll(values, value => !double.IsNaN(value));
        var (mean, deviation) = MeanAndDeviation(present);
        var times = default(Times);
        for (var fold = 0; fold < values.Length; fold++)
            times.Add(in state.Cell(new(configuration, fold)));
        return new(
            mean,
            deviation,
            deviation / Math.Sqrt(present.Length),
            times.Timed > 0 ? times.Seconds / times.Timed : double.NaN,
            times.Measured > 0 ? times.Samples / times.Measured : 0,
            times.Weights,
            times.Diverged,
            values.Length - present.Length);
    }

    /// <summary>
    /// Mean and sample standard deviation (divisor n - 1), in two passes. An infinite value makes the mean infinite
    /// and the deviation NaN; the deviation of fewer than two values is NaN.
    /// </summary>
    public static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return (double.NaN, double.NaN);
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        var squares = 0.0;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return (mean, values.Length < 2 ? double.NaN : Math.Sqrt(squares / (values.Length - 1)));
    }

    private struct Times
    {
        public double Seconds, Measured;
        public long Samples, Weights;
        public int Timed, Diverged;

        public void Add(in TrialCell cell)
        {
            if (cell.Status != TrialStatus.Completed)
                return;
            Weights = cell.Weights;
            Samples += cell.Samples;
            Measured += cell.TrainSeconds;
            if (cell.Outcome == TrainingOutcome.Diverged)
            {
                Diverged++;
                return;
            }

            Timed++;
            Seconds += cell.TrainSeconds * cell.SiloSpeed;
        }
    }
}
