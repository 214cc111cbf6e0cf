using Sweeps.Core.Log;
using Sweeps.Core.Results;

namespace Sweeps.Client.Sweep.Results;

/// <summary>Why a sweep has no best configuration, for its pages.</summary>
internal static class NoBest
{
    /// <summary>The reason, with the next step where there is one; ends in a full stop.</summary>
    /// <param name="plan">The sweep's plan.</param>
    /// <param name="rows">Its configurations, none of which can be the best.</param>
    public static string Reason(SweepPlan plan, IReadOnlyList<LeaderboardRow> rows)
    {
        var left = rows.Where(row => row.StoppedAt is null).ToList();
        if (left.Count > 0 && left.All(row => row.AllDiverged))
            return (left.Count == rows.Count
                ? "every training diverged."
                : "every training that the schedule did not stop diverged.") + " Try smaller learning rates.";
        return plan.Folds > 0 ? "none has a result on every fold." : "none has a result.";
    }
}
