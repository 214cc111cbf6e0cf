using Sweeps.Core.Log;
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
        return Values(state, configuration, state.Plan.Metric);
    }

    /// <summary>The same of another metric.</summary>
    public static double[] Values(SweepState state, int configuration, SweepMetric metric) =>
        Values(state, configuration, metric, state.Plan.TrialsPerConfiguration);

    private static double[] Values(SweepState state, int configuration, SweepMetric metric, int folds)
    {
        var plan = state.Plan;
        var values = new double[folds];
        var isAsked = metric.IsAsked;
        for (var fold = 0; fold < values.Length; fold++)
        {
            ref readonly var cell = ref state.Cell(new(configuration, fold));
            values[fold] = !cell.HasResult ? double.NaN
                : isAsked ? cell.ValueOf(metric, plan)
                : metric.ValueOf(cell.Outcome, cell.ValidationLoss, cell.ValidationMetric, plan.Task);
        }

        return values;
    }

    /// <summary>The metric of each split: the mean over the trainings that differ in their initial weights alone.
    /// </summary>
    public static double[] OfSplits(SweepPlan plan, double[] values) => plan.Splits == values.Length
        ? values
        : [.. Enumerable.Range(0, plan.Splits).Select(split =>
            Enumerable.Range(0, values.Length / plan.Splits).Average(seed => values[split + (seed * plan.Splits)]))];

    /// <summary>Mean of the metric over the first folds; NaN where one of them has no result.</summary>
    /// <param name="folds">How many.</param>
    public static double MeanOfFirst(SweepState state, int configuration, int folds, SweepMetric metric) =>
        MeanAndDeviation(Values(state, configuration, metric, Math.Min(folds, state.Plan.TrialsPerConfiguration))).Mean;

    /// <summary>The score of a configuration whose folds have all ended.</summary>
    public static ConfigurationScore Of(SweepState state, int configuration)
    {
        ArgumentNullException.ThrowIfNull(state);
        var values = Values(state, configuration);
        var present = Array.FindAll(values, value => !double.IsNaN(value));
        var (mean, deviation) = MeanAndDeviation(present);
        var times = FoldTimes.Of(state, configuration);
        var (weights, diverged) = (0L, 0);
        var (stopped, completed) = (0, 0);
        for (var fold = 0; fold < values.Length; fold++)
        {
            ref readonly var cell = ref state.Cell(new(configuration, fold));
            if (cell.HasResult)
                weights = cell.Weights;
            diverged += cell.HasResult && cell.Outcome == TrainingOutcome.Diverged ? 1 : 0;
            // What the user stopped has no result, as if it had failed.
            stopped += cell is { Status: TrialStatus.Stopped, StoppedByUser: false } ? 1 : 0;
            completed += cell.Status == TrialStatus.Completed ? 1 : 0;
        }

        return new(
            mean,
            deviation,
            ErrorOf(state.Plan, deviation, present.Length),
            times.Seconds,
            times.ImagesPerSecond,
            weights,
            diverged,
            values.Length - completed - stopped,
            stopped,
            ObjectiveValues.FurtherOf(state, configuration));
    }

    /// <summary>
    /// Standard error of a mean by the deviation of so many values; what is trained on a split again tells nothing new.
    /// </summary>
    public static double ErrorOf(SweepPlan plan, double deviation, int present) =>
        deviation / Math.Sqrt((double)present * Math.Max(1, plan.Folds) / plan.TrialsPerConfiguration);

    /// <summary>
    /// Squared standard error of a fold's metric as an estimate from a finite validation sample; NaN: not known. An
    /// accuracy has it from its sample's size, with one sample right and one wrong added, so that it is not 0 where all
    /// are right; for any other metric the training measured it, where that is no overflow.
    /// </summary>
    public static double SamplingVariance(SweepState state, TrialId trial)
    {
        ref readonly var cell = ref state.Cell(trial);
        var plan = state.Plan;
        if (cell.Status != TrialStatus.Completed || cell.Outcome == TrainingOutcome.Diverged)
            return double.NaN;
        if (plan.Metric.IsAsked)
            return double.NaN;
        if (plan.Metric.Name == SweepMetric.ValidationLoss)
            return Measured(cell.ValidationLossError);
        if (plan.Task != TaskKind.Classification)
            return Measured(cell.ValidationMetricError);
        return AccuracyVariance(cell, plan);
    }

    /// <summary>The same of an accuracy.</summary>
    public static double AccuracyVariance(in TrialCell cell, SweepPlan plan)
    {
        if (cell.Epochs == 0 || cell.Samples == 0)
            return double.NaN;
        var learned = (double)cell.Samples / cell.Epochs;
        var share = plan.Folds > 0 ? 1.0 / plan.Folds : plan.HoldoutFraction;
        var samples = plan.HoldoutFirst > 0 ? plan.HoldoutFirst : learned * share / (1 - share);
        var right = (cell.ValidationMetric * samples + 1) / (samples + 2);
        return right * (1 - right) / samples;
    }

    /// <summary>
    /// The epochs that the folds of a configuration needed: the median of those that they trained, or of their best
    /// ones where those are scored; halves are rounded up. Null where a fold trains all epochs in any case.
    /// </summary>
    public static int? EpochsNeeded(SweepState state, int configuration)
    {
        if (state.Plan is { Patience: null, Score: ScoredEpoch.Last })
            return null;
        var epochs = new List<double>();
        for (var fold = 0; fold < state.Plan.TrialsPerConfiguration; fold++)
        {
            ref readonly var cell = ref state.Cell(new(configuration, fold));
            var scored = cell.BestEpoch > 0 ? cell.BestEpoch : cell.Epochs;
            if (cell.Status == TrialStatus.Completed && cell.Outcome != TrainingOutcome.Diverged && scored > 0)
                epochs.Add(scored);
        }

        return epochs.Count == 0 ? null : (int)Math.Ceiling(FoldNoise.Median([.. epochs]));
    }

    // Of a loss beyond all numbers the error is, too: it says nothing of how others vary.
    private static double Measured(double error) => double.IsFinite(error * error) ? error * error : double.NaN;

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
}
