using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;

namespace Sweeps.Core.Results;

/// <summary>
/// Chooses the best configuration by a rule that looks at results only, never at time or order of arrival: best mean
/// of the metric, then fewest weights, then lowest index; of several objectives the best in the first, then in those
/// that follow, unless the plan names another rule. Only configurations with all folds in, a finite mean and at
/// least one fold that did not diverge can be chosen.
/// </summary>
internal static class BestSelection
{
    /// <summary>The choice among the scored configurations of a sweep.</summary>
    public static Selection Of(SweepState state)
    {
        var ranking = Ranking.Of(state);
        var ranked = ranking.Entries;
        if (ranked.Count == 0)
            return new()
            {
                Rule = FrontChoice.Rule(state.Plan, hasError: true, front: int.MaxValue),
                TieRule = ranking.Ties.Text,
            };
        var tied = ranking.Tied();
        var front = ObjectiveValues.Front(state.Plan, ranked);
        var oneStandardError = OneStandardError(ranking, state.Plan);
        return new()
        {
            Best = FrontChoice.Of(state.Plan, ranking, front),
            Rule = FrontChoice.Rule(state.Plan, oneStandardError is not null, front.Count),
            Tied = [.. tied.Take(Selection.MaxListed)],
            TiedCount = tied.Count,
            TieRule = ranking.Ties.Text,
            OneStandardError = oneStandardError,
            TimeFront = [.. TimeFront(ranking, state.Plan.Metric).Take(Selection.MaxListed)],
            WeightsFront = [.. WeightsFront(ranked, state.Plan.Metric).Take(Selection.MaxListed)],
            Front = state.Plan.HasSeveralObjectives ? [.. front.Take(Selection.MaxListed)] : null,
        };
    }

    /// <summary>The configurations that can be chosen, best first.</summary>
    public static IReadOnlyList<(int Index, ConfigurationScore Score)> Ranked(SweepState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var folds = state.Plan.TrialsPerConfiguration;
        var ranked = new List<(int Index, ConfigurationScore Score)>();
        for (var index = 0; index < state.Proposed; index++)
        {
            if (state.ScoreOf(index) is { } score && CanBeBest(score, folds))
                ranked.Add((index, score));
        }

        return Sorted(ranked, state.Plan);
    }

    // By bare numbers first, which takes a tenth of the time that scores take; equal means then by the whole rule.
    private static (int Index, ConfigurationScore Score)[] Sorted(
        List<(int Index, ConfigurationScore Score)> ranked, SweepPlan plan)
    {
        var sign = plan.Metric.Goal == MetricGoal.Minimize ? 1 : -1;
        var (means, places) = (new double[ranked.Count], new int[ranked.Count]);
        for (var place = 0; place < places.Length; place++)
            (means[place], places[place]) = (sign * ranked[place].Score.Mean, place);
        Array.Sort(means, places);
        var sorted = new (int Index, ConfigurationScore Score)[places.Length];
        for (var place = 0; place < places.Length; place++)
            sorted[place] = ranked[places[place]];
        for (var (begin, end) = (0, 0); begin < sorted.Length; begin = end)
        {
            while (end < sorted.Length && means[end].CompareTo(means[begin]) == 0)
                end++;
            if (end - begin > 1)
                sorted.AsSpan(begin..end).Sort((left, right) => Compare(left, right, plan));
        }

        return sorted;
    }

    /// <summary>Whether a configuration with this score can be the best.</summary>
    internal static bool CanBeBest(ConfigurationScore score, int folds) =>
        score.IsComplete && double.IsFinite(score.Mean) && score.Diverged < folds;

    /// <summary>
    /// The front of the metric against training time, best first; of times that differ by less than their errors none
    /// is the shorter one. Empty where times cannot be compared (<see cref="FoldTimes.WhyNotComparable"/>).
    /// </summary>
    public static IReadOnlyList<int> TimeFront(Ranking ranking, SweepMetric metric) =>
        FoldTimes.WhyNotComparable(ranking.Times) is null
            ? Front(ranking.Entries, metric, FoldTimes.Comparable(ranking.Times)) : [];

    /// <summary>The front of the metric against the number of weights, best first.</summary>
    public static IReadOnlyList<int> WeightsFront(
        IReadOnlyList<(int Index, ConfigurationScore Score)> ranked, SweepMetric metric) =>
        Front(ranked, metric, [.. ranked.Select(entry => ((double)entry.Score.Weights, 0.0))]);

    internal static int Compare(
        (int Index, ConfigurationScore Score) left, (int Index, ConfigurationScore Score) right, SweepPlan plan)
    {
        var order = plan.Metric.Compare(left.Score.Mean, right.Score.Mean);
        for (var i = 0; order == 0 && i < plan.Objectives?.Further.Count; i++)
        {
            order = plan.Objectives.Further[i].Compare(
                left.Score.Further![i].Mean, right.Score.Further![i].Mean);
        }

        if (order == 0)
            order = left.Score.Weights.CompareTo(right.Score.Weights);
        return order != 0 ? order : left.Index.CompareTo(right.Index);
    }

    /// <summary>
    /// Within one standard error of the best the configuration with the fewest weights, of several objectives the best
    /// in the second; of equal ones the best in the first. Null without any, or without a standard
    /// error. The error is that of all folds together: a best that is unstable itself has no wider claim. Of several
    /// objectives what diverged on a fold is dominated by all others, and is left out where there are others.
    /// </summary>
    internal static int? OneStandardError(Ranking ranking, SweepPlan plan)
    {
        if (ranking.Entries.Count == 0 || ranking.Ties.StandardError is not { } error)
            return null;
        var metric = plan.Metric;
        var worse = metric.Goal == MetricGoal.Maximize ? -1 : 1;
        var entries = ranking.Entries;
        if (plan.HasSeveralObjectives && entries.Any(entry => entry.Score.Diverged == 0))
            entries = [.. entries.Where(entry => entry.Score.Diverged == 0)];
        var limit = entries[0].Score.Mean + worse * error;
        var (smallest, size) = (0, SizeOf(entries[0].Score, plan));
        for (var place = 1; place < entries.Count; place++)
        {
            if (metric.Compare(entries[place].Score.Mean, limit) > 0)
                break;
            var other = SizeOf(entries[place].Score, plan);
            if (other.CompareTo(size) < 0)
                (smallest, size) = (place, other);
        }

        return entries[smallest].Index;
    }

    private static double SizeOf(ConfigurationScore score, SweepPlan plan) => plan.Objectives?.Further switch
    {
        [{ Goal: MetricGoal.Maximize }, ..] => -score.Further![0].Mean,
        [_, ..] => score.Further![0].Mean,
        _ => score.Weights,
    };

    private static List<int> Front(
        IReadOnlyList<(int Index, ConfigurationScore Score)> ranked,
        SweepMetric metric,
        IReadOnlyList<(double Cost, double Error)> costs)
    {
        var onFront = ParetoFront.Of(Points(), metric).ToHashSet();
        var front = new List<int>();
        foreach (var (index, _) in ranked)
        {
            if (onFront.Contains(index))
                front.Add(index);
        }

        return front;

        IEnumerable<(int, double, double, double)> Points()
        {
            for (var place = 0; place < ranked.Count; place++)
                yield return (ranked[place].Index, ranked[place].Score.Mean, costs[place].Cost, costs[place].Error);
        }
    }
}
