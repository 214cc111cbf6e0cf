using System.Globalization;
using Sweeps.Core.Log;

namespace Sweeps.Core.Results;

/// <summary>Which configuration is refitted, by the rule that the plan names.</summary>
internal static class FrontChoice
{
    /// <summary>The configuration chosen; null: none can be.</summary>
    /// <param name="front">As <see cref="ObjectiveValues.Front"/>.</param>
    public static int? Of(SweepPlan plan, Ranking ranking, IReadOnlyList<int> front)
    {
        if (ranking.Entries.Count == 0)
            return null;
        var chosen = plan.Objectives?.Choose switch
        {
            FinalChoice.Knee when front.Count > 0 => front[Knee(CostsOf(plan, ranking, front))],
            FinalChoice.OneStandardError => BestSelection.OneStandardError(ranking, plan),
            _ => null,
        };
        // A front of nothing but diverged configurations, or an error that nothing tells: the best is left.
        return chosen ?? ranking.Entries[0].Index;
    }

    /// <summary>
    /// The place of the knee in a front: every cost as a share of the front's range, the member with the least sum,
    /// which of two costs is the one farthest before the line between the front's ends (Das, "On characterizing the
    /// 'knee' of the Pareto curve based on normal-boundary intersection", Structural Optimization 18, 1999), of more
    /// the one farthest before the plane through the points that are worst in one cost and best in all others. Of equal
    /// ones the first.
    /// </summary>
    /// <param name="front">Costs of its members, smaller ones are better; at least one.</param>
    public static int Knee(IReadOnlyList<double[]> front)
    {
        var (knee, least) = (0, double.PositiveInfinity);
        var low = Enumerable.Range(0, front[0].Length).Select(cost => front.Min(v => v[cost])).ToArray();
        var high = Enumerable.Range(0, front[0].Length).Select(cost => front.Max(v => v[cost])).ToArray();
        for (var place = 0; place < front.Count; place++)
        {
            var sum = 0.0;
            for (var cost = 0; cost < low.Length; cost++)
                sum += high[cost] > low[cost] ? (front[place][cost] - low[cost]) / (high[cost] - low[cost]) : 0;
            if (sum < least)
                (knee, least) = (place, sum);
        }

        return knee;
    }

    /// <summary>The rule, for people.</summary>
    /// <param name="hasError">Whether a standard error is known.</param>
    /// <param name="hasFront">Whether the front has a member.</param>
    public static string Rule(SweepPlan plan, bool hasError, bool hasFront)
    {
        var end = plan.Metric.Goal == MetricGoal.Maximize ? "highest" : "lowest";
        var over = plan.Folds > 0
            ? string.Create(CultureInfo.InvariantCulture, $"mean {plan.Metric.Name} over {plan.TrialsText()}")
            : plan.Seeds > 1 ? $"mean {plan.Metric.Name} on the held-out samples over {plan.Seeds} seeds"
            : $"{plan.Metric.Name} on the held-out samples";
        return plan.Objectives?.Choose switch
        {
            FinalChoice.Knee when !hasFront => $"{end} {over}: the front is empty, since every configuration diverged "
                + "on a fold",
            FinalChoice.Knee => "the knee of the front: every objective as a share of the front's range, farthest "
                + "before the line between its ends",
            FinalChoice.OneStandardError when hasError =>
                $"{plan.LeastText()} within 1 standard error of the {end} {over}",
            FinalChoice.OneStandardError => $"{end} {over}: no standard error is known",
            _ when plan.HasSeveralObjectives => $"{end} {over}; among equals the best in the objectives that follow, "
                + "then the lowest index",
            _ => $"{end} {over}; among equals the fewest weights, then the lowest index",
        };
    }

    private static List<double[]> CostsOf(SweepPlan plan, Ranking ranking, IReadOnlyList<int> front)
    {
        var scores = ranking.Entries.ToDictionary(entry => entry.Index, entry => entry.Score);
        return [.. front.Select(index => ObjectiveValues.CostsOf(plan, scores[index])!)];
    }
}
