using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Decisions;

/// <summary>
/// Decides who passes a rung, once all members of the bracket stand at it, or in index order once all of lower index
/// were decided: from their values and indices alone, never from the order in which they came.
/// </summary>
internal static class RungDecision
{
    /// <param name="which">One of <see cref="SweepState.ToDecide"/>: a bracket; in index order a rung.</param>
    public static RungDecided Decide(SweepState state, int which, DateTimeOffset now) => state.IsInIndexOrder
        ? DecideNext(state, which, now)
        : DecideBracket(state, which, now);

    private static RungDecided DecideNext(SweepState state, int index, DateTimeOffset now)
    {
        var queue = state.QueueAt(index);
        var rung = state.ShapeOf(0).Rungs[index];
        var place = PlaceOf(state, queue.Next, rung.Folds);
        return Passes(state, queue, rung, place)
            ? new(0, index, [place], []) { At = now }
            : new(0, index, [], [place]) { At = now };
    }

    // Equal ones are not better: where nothing tells configurations apart, none is stopped for coming later.
    private static bool Passes(SweepState state, RungQueue queue, Rung rung, RungPlace place)
    {
        if (double.IsNaN(place.Value))
            return false;
        var keep = state.ShapeOf(0).KeepInOrder(rung, queue.Places.Count + 1);
        if (state.Plan.HasSeveralObjectives)
        {
            // The newcomer first: ties go by the place in the list.
            var costs = CostsOf(state, [place, .. queue.Places]);
            return NonDominatedSort.TakesFirst(costs, keep);
        }

        var better = queue.Better(place.Value);
        if (better >= keep)
            return false;
        return rung.Alpha is not { } alpha
            || better < RaceRule.KeepOf(state, [.. queue.Places.Add(place)], rung.Folds, alpha);
    }

    private static RungDecided DecideBracket(SweepState state, int bracket, DateTimeOffset now)
    {
        ref readonly var cell = ref state.Bracket(bracket);
        var shape = state.ShapeOf(bracket);
        var rung = shape.Rungs[cell.Rung];
        var metric = state.Plan.Metric;
        var places = Enumerable.Range(cell.First, cell.Count)
            .Where(configuration => !state.IsDropped(configuration))
            .Select(configuration => PlaceOf(state, configuration, rung.Folds))
            // A stable sort: of equal values the lower index counts as better. Without a fold's result a configuration
            // can never be the best.
            .OrderBy(place => double.IsNaN(place.Value))
            .ThenBy(place => place.Value, Comparer<double>.Create(metric.Compare))
            .ToList();
        var keep = shape.KeepOf(rung, cell.Count);
        var promoted = state.Plan.HasSeveralObjectives
            ? BestByRank(state, places, keep)
            : BestByValue(state, places, rung, keep);
        var isPromoted = promoted.Select(place => place.Configuration).ToHashSet();
        return new(bracket, cell.Rung, promoted, [.. places.Where(place => !isPromoted.Contains(place.Configuration))])
        {
            At = now,
        };
    }

    // What diverged has no further values: the place says so for good, whatever becomes of the others until they meet.
    private static RungPlace PlaceOf(SweepState state, int configuration, int folds)
    {
        var further = ObjectiveValues.FurtherOfFirst(state, configuration, folds);
        if (further is not null && HasDiverged(state, configuration, folds))
            further = [.. further.Select(_ => double.NaN)];
        return new(configuration, FoldScores.MeanOfFirst(state, configuration, folds, state.Plan.Metric), further);
    }

    private static List<RungPlace> BestByValue(SweepState state, List<RungPlace> places, Rung rung, int keep)
    {
        var whole = places.TakeWhile(place => !double.IsNaN(place.Value)).ToList();
        if (rung.Alpha is { } alpha)
            keep = Math.Min(keep, RaceRule.KeepOf(state, whole, rung.Folds, alpha));
        return [.. whole.Take(keep)];
    }

    /// <summary>Of several objectives the non-dominated go on first; what has diverged is dominated by all.</summary>
    private static List<RungPlace> BestByRank(SweepState state, List<RungPlace> places, int keep) =>
        [.. NonDominatedSort.Take(CostsOf(state, places), keep).Select(index => places[index])];

    private static double[]?[] CostsOf(SweepState state, IEnumerable<RungPlace> places) =>
        [.. places.Select(place => ObjectiveValues.CostsOf(state.Plan, place.Value, place.Further!))];

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
