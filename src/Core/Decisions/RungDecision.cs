using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;

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
        var place = new RungPlace(queue.Next, FoldScores.MeanOfFirst(state, queue.Next, rung.Folds));
        return Passes(state, queue, rung, place)
            ? new(0, index, [place], []) { At = now }
            : new(0, index, [], [place]) { At = now };
    }

    // Equal ones are not better: where nothing tells configurations apart, none is stopped for coming later.
    private static bool Passes(SweepState state, RungQueue queue, Rung rung, RungPlace place)
    {
        if (double.IsNaN(place.Value))
            return false;
        var better = queue.Better(place.Value);
        if (better >= state.ShapeOf(0).KeepInOrder(rung, queue.Places.Count + 1))
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
            .Select(configuration => new RungPlace(
                configuration, FoldScores.MeanOfFirst(state, configuration, rung.Folds)))
            .OrderBy(place => place, Comparer<RungPlace>.Create((left, right) => Compare(left, right, metric)))
            .ToList();
        // Without a fold's result a configuration can never be the best.
        var whole = places.TakeWhile(place => !double.IsNaN(place.Value)).ToList();
        var keep = shape.KeepOf(rung, cell.Count);
        if (rung.Alpha is { } alpha)
            keep = Math.Min(keep, RaceRule.KeepOf(state, whole, rung.Folds, alpha));
        var promoted = whole.Take(keep).ToList();
        return new(bracket, cell.Rung, promoted, places[promoted.Count..]) { At = now };
    }

    private static int Compare(RungPlace left, RungPlace right, SweepMetric metric)
    {
        var order = (double.IsNaN(left.Value), double.IsNaN(right.Value)) switch
        {
            (false, false) => metric.Compare(left.Value, right.Value),
            var (isLeft, isRight) => isLeft.CompareTo(isRight),
        };
        return order != 0 ? order : left.Configuration.CompareTo(right.Configuration);
    }
}
