using Sweeps.Core.Log;
using Sweeps.Core.State;

namespace Sweeps.Core.Results;

/// <summary>
/// Who stays in a race: all that the sweep's own rule for ties, asked after these folds, would not tell from the best.
/// So a race drops nobody whom the report would call tied. The differences are those within folds, which takes the
/// difficulty of a fold out as a paired test does; the noise is that of all folds together; and the variance of a mean
/// counts the overlap of training sets (Nadeau and Bengio, Machine Learning 52, 2003).
/// </summary>
internal static class RaceRule
{
    /// <summary>How many of the best stay.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="places">Configurations with a value on each of the folds, best first.</param>
    /// <param name="folds">Folds that they have been trained on.</param>
    /// <param name="alpha">The level of the comparison.</param>
    public static int KeepOf(SweepState state, IReadOnlyList<RungPlace> places, int folds, double alpha)
    {
        if (places.Count == 0 || !double.IsFinite(places[0].Value) || !IsWhole(state.Plan, folds))
            return places.Count;
        var finite = places.TakeWhile(place => double.IsFinite(place.Value)).ToList();
        List<int> best = [.. finite.Take(Ranking.PoolOf(finite.Count)).Select(place => place.Configuration)];
        var plan = state.Plan;
        var k = Math.Max(1, plan.Folds);
        var repeats = Math.Clamp(folds / k, 1, Math.Max(1, plan.Repeats));
        var pool = best.Select(configuration => Values(state, configuration, folds)).ToList();
        var noise = FoldNoise.Of(pool, Ranking.SamplingOf(state, best, folds), repeats, plan.Folds);
        var rule = TieRule.Of(noise, finite.Count, Math.Min(folds, plan.Folds), repeats, plan.Folds, alpha);
        return rule.Margin is null
            ? finite.Count
            : finite.TakeWhile(place => rule.IsTie(places[0].Value, place.Value)).Count();
    }

    // Within the first repeat each fold counts; later a part of a repeat, or of a round of seeds, says too little.
    private static bool IsWhole(SweepPlan plan, int folds) => folds <= Math.Max(1, plan.Folds)
        || (folds <= plan.Splits ? folds % Math.Max(1, plan.Folds) : folds % plan.Splits) == 0;

    private static double[] Values(SweepState state, int configuration, int folds)
    {
        var values = FoldScores.Values(state, configuration)[..folds];
        return folds > state.Plan.Splits ? FoldScores.OfSplits(state.Plan, values) : values;
    }
}
