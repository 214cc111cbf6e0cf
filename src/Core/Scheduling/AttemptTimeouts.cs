using Sweeps.Core.Sweeps;
using Sweeps.Core.Sweeps.Commands;

namespace Sweeps.Core.Scheduling;

/// <summary>Finds attempts that ran too long.</summary>
public static class AttemptTimeouts
{
    /// <summary>One command for each attempt older than <see cref="SweepPlan.AttemptTimeout"/>, by trial.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="epochs">For each trial that has a checkpoint, its epoch.</param>
    /// <param name="now">The clock that stamps the sweep's events: the store's.</param>
    public static IReadOnlyList<ExpireAttempt> Overdue(
        SweepState state, IReadOnlyDictionary<TrialId, int>? epochs, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IsOver || state.Plan.AttemptTimeout is not { } limit)
            return [];
        return [.. state.Running
            .Where(running => now - running.StartedAt > limit)
            .OrderBy(running => running.Attempt.Trial)
            .Select(running => new ExpireAttempt(
                running.Attempt,
                ExpiryReason.Timeout,
                epochs?.GetValueOrDefault(running.Attempt.Trial) ?? 0,
                $"It ran for {(now - running.StartedAt).TotalSeconds:0} s; the limit is {limit.TotalSeconds:0} s."))];
    }
}
