using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Decisions;

/// <summary>
/// Decides who passes a rung, once all members of the bracket stand at it: from their values and indices alone, never
/// from the order in which they came.
/// </summary>
internal static class RungDecision
{
    public static RungDecided Decide(SweepState state, int bracket, DateTimeOffset now)
    {
        ref readonly var cell = ref state.Bracket(bracket);
        var shape = state.ShapeOf(bracket);
        var rung = shape.Rungs[cell.Rung];
        var metric = state.Plan.Metric;
        var places = Enumerable.Range(cell.First, cell.Count)
            .Where(configuration => !state.IsDropped(configuration))
            .Select(configuration => new RungPlace(
                configuration,
                FoldScores.MeanOfFirst(state, configuration, rung.Folds, metric),
                ObjectiveValues.FurtherOfFirst(state, configuration, rung.Folds)))
            // A stable sort: of equal values the lower index counts as better. Without a fold's result a configuration
            // can never be the best.
            .OrderBy(place => double.IsNaN(place.Value))
            .ThenBy(place => place.Value, Comparer<double>.Create(metric.Compare))
            .ToList();
        var keep = shape.KeepOf(rung, cell.Count);
        var promoted = state.Plan.HasSeveralObjectives
            ? BestByRank(state, places, rung, keep)
            : BestByValue(state, places, rung, keep);
        var isPromoted = promoted.Select(place => place.Configuration).ToHashSet();
        return new(bracket, cell.Rung, promoted, [.. places.Where(place => !isPromoted.Contains(place.Configuration))])
        {
            At = now,
        };
    }

    private static List<RungPlace> BestByValue(SweepState state, List<RungPlace> places, Rung rung, int keep)
    {
        var whole = places.TakeWhile(place => !double.IsNaN(place.Value)).ToList();
        if (rung.Alpha is { } alpha)
            keep = Math.Min(keep, RaceRule.KeepOf(state, whole, rung.Folds, alpha));
        return [.. whole.Take(keep)];
    }

    /// <summary>Of several objectives the non-dominated go on first; what has diverged is dominated by all.</summary>
    private static List<RungPlace> BestByRank(SweepState state, List<RungPlace> places, Rung rung, int keep)
    {
        var costs = places.Select(place => HasDiverged(state, place.Configuration, rung.Folds)
            ? null
            : ObjectiveValues.CostsOf(state.Plan, place.Value, place.Further!));
        return [.. NonDominatedSort.Take([.. costs], keep).Select(index => places[index])];
    }

    private static bool HasDiverged(SweepState state, int configuration, int folds)
    {
        for (var fold = 0; fold < Math.Min(folds, state.Plan.TrialsPerConfiguration); fold++)
        {
            if (state.Cell(new(configuration, fold)).Outcome == TrainingOutcome.Diverged)
                return true;
        }

        return false;
    }
}
