using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>
/// Configurations of which some folds have a result and others are still to come: what an unfinished sweep can say of
/// them. No decision looks at it.
/// </summary>
public static class PartialScores
{
    /// <summary>The configurations, best mean first.</summary>
    public static IReadOnlyList<PartialScore> Of(SweepState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var scores = new List<PartialScore>();
        for (var index = 0; index < state.Proposed; index++)
        {
            if (state.ScoreOf(index) is not null)
                continue;
            var values = Array.FindAll(FoldScores.Values(state, index), value => !double.IsNaN(value));
            if (values.Length == 0)
                continue;
            var (mean, deviation) = FoldScores.MeanAndDeviation(values);
            scores.Add(new(
                index, state.HyperparametersOf(index), mean, deviation, values.Length,
                state.Plan.TrialsPerConfiguration));
        }

        var metric = state.Plan.Metric;
        scores.Sort((left, right) => metric.Compare(left.Mean, right.Mean) is not 0 and var order
            ? order
            : left.Index.CompareTo(right.Index));
        return scores;
    }
}

/// <summary>A configuration with some of its folds.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Hyperparameters">What is trained.</param>
/// <param name="Mean">Mean of the metric over the folds that have a result.</param>
/// <param name="Deviation">Sample standard deviation; NaN for a single fold.</param>
/// <param name="Folds">Folds that have a result.</param>
/// <param name="Planned">Folds in all.</param>
public sealed record PartialScore(
    int Index, Hyperparameters Hyperparameters, double Mean, double Deviation, int Folds, int Planned);
