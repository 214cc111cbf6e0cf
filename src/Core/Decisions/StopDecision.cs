using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;

namespace Sweeps.Core.Decisions;

/// <summary>
/// Decides on trials that the user stops. Each ends without a result, as if it had failed: its configuration can be
/// neither the best nor promoted, and searchers that learn see it as one with a fold missing. Its other folds go on.
/// </summary>
internal static class StopDecision
{
    private const int MaxReason = 2_000;

    public static Decision Decide(SweepState state, StopTrials command, DateTimeOffset now)
    {
        if (state.IsOver)
            return SweepDecisions.Over(state);
        if (command.Trials.Where(trial => !state.Contains(trial)).Take(1).ToList() is [var unknown])
        {
            return Decision.Rejected(
                RejectionKind.Conflict,
                $"There is no trial {unknown} yet: {state.Proposed} configurations with "
                + $"{state.Plan.TrialsPerConfiguration} trials each are proposed so far.");
        }

        var reason = command.Reason[..Math.Min(command.Reason.Length, MaxReason)];
        var open = command.Trials.Distinct()
            .Where(trial => TransitionTable.Next(state.StatusOf(trial), TrialStep.StopByUser) is not null)
            .ToList();
        return open.Count > 0
            ? new() { Events = [.. open.Select(trial => new TrialStopped(trial, reason) { At = now })] }
            : NothingOpen(state, command.Trials);
    }

    private static Decision NothingOpen(SweepState state, IReadOnlyList<TrialId> trials) =>
        trials.All(state.IsStoppedByUser)
            ? Decision.Rejected(RejectionKind.Duplicate, $"Stopped before: {string.Join(", ", trials)}.")
            : Decision.Rejected(
                RejectionKind.Stale,
                "Nothing is left to stop: "
                + string.Join(
                    ", ", trials.Select(trial => $"{trial} is {ConfigurationText.Word(state.StatusOf(trial))}"))
                + ".");
}
