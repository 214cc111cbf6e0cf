using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>
/// Finds configurations that learned nothing: their accuracy on the samples held out is what naming classes without a
/// look at the sample gives. A training can end so with finite numbers, as after steps that were far too long.
/// </summary>
internal static class GuessLevel
{
    /// <summary>
    /// Whether the mean accuracy is no more than one in so many classes, or above it by less than two standard errors
    /// of the samples held out. Of classes of different sizes the largest one alone gives more: this does not look for
    /// it. False where folds have no result or diverged, and for regressions.
    /// </summary>
    /// <param name="classes">How many classes there are; 0: none.</param>
    public static bool Holds(SweepState state, int configuration, int classes)
    {
        if (classes < 2)
            return false;
        var folds = state.Plan.TrialsPerConfiguration;
        var (sum, variance) = (0.0, 0.0);
        for (var fold = 0; fold < folds; fold++)
        {
            ref readonly var cell = ref state.Cell(new(configuration, fold));
            if (cell.Status != TrialStatus.Completed || cell.Outcome == TrainingOutcome.Diverged)
                return false;
            sum += cell.ValidationMetric;
            variance += FoldScores.AccuracyVariance(cell, state.Plan);
        }

        return sum / folds <= (1.0 / classes) + (2 * Math.Sqrt(variance) / folds);
    }
}
