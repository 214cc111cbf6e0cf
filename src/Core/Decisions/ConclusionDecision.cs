using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;

namespace Sweeps.Core.Decisions;

/// <summary>Decides what follows from results that are in: scores, the choice of the best, the end.</summary>
internal static class ConclusionDecision
{
    public static IReadOnlyList<SweepEvent> Decide(SweepState state, DateTimeOffset now)
    {
        if (state.IsOver || state.Status == SweepStatus.None)
            return [];
        if (state.ToScore.Count > 0)
        {
            return [.. state.ToScore.Select(configuration =>
            {
                var values = FoldScores.Values(state, configuration);
                return new ConfigurationScored(configuration, FoldScores.Of(state, configuration), values) { At = now };
            })];
        }

        // Not while paused: the user may want to try again what failed.
        if (state.Status != SweepStatus.Running || state.Scored < state.Configurations)
            return [];
        if (state.Selection is null)
        {
            var selection = BestSelection.Of(state);
            var refit = state.Plan.Refit && selection.Best is not null;
            var epochs = refit ? FoldScores.EpochsNeeded(state, selection.Best!.Value) : null;
            return [new BestSelected(selection, refit, epochs) { At = now }];
        }

        if (state.RefitTrial is { } trial && state.StatusOf(trial) is TrialStatus.Pending or TrialStatus.Running)
            return [];
        return [new SweepCompleted(state.Audit(), ResultsDigest.Of(state)) { At = now }];
    }
}
