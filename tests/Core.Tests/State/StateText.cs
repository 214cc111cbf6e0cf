using System.Text;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Decisions;

namespace Sweeps.Core.Tests.State;

/// <summary>All that a state answers, as text, to compare two states.</summary>
internal static class StateText
{
    public static string Of(SweepState state)
    {
        var text = new StringBuilder();
        text.AppendLine($"{state.Sequence} {state.Status} {state.Reason} {state.Fingerprint} {state.LastAt:O}");
        text.AppendLine($"{state.Configurations} {state.Proposed} {state.Scored} {state.ScoredPrefix} {state.Audit()}");
        var totals = state.Totals;
        text.AppendLine($"{totals.TrainSeconds:R} {totals.EvaluationSeconds:R} {totals.Samples} {totals.Diverged} "
            + $"{totals.StoppedByUser}");
        text.AppendLine($"{totals.Reused} {totals.ReusedSeconds:R} {string.Join(' ', state.ReusedFrom())}");
        text.AppendLine($"{state.Selection?.Best} {state.Selection?.TiedCount} {state.RefitTrial} {state.Completion}");
        foreach (var silo in state.SilosAtWork.OrderBy(silo => silo.Incarnation, StringComparer.Ordinal))
            text.AppendLine($"{silo}: {string.Join(' ', state.RunningOn(silo).Select(running => running.ToString()))}");
        for (var configuration = 0; configuration < state.Proposed; configuration++)
        {
            text.AppendLine($"{state.HyperparametersOf(configuration)} {state.ScoreOf(configuration)}");
            for (var fold = 0; fold < state.Plan.TrialsPerConfiguration; fold++)
                text.AppendLine(Trial(state, new(configuration, fold)));
        }

        if (state.RefitTrial is { } refit)
            text.AppendLine(Trial(state, refit));
        foreach (var note in state.Notes)
            text.AppendLine(note.ToString());
        AppendOrderOfWork(text, state);
        return text.ToString();
    }

    private static string Trial(SweepState state, TrialId trial) =>
        $"{trial} {state.StatusOf(trial)} {state.AttemptsOf(trial)} {state.Cell(trial).Priority} " +
        $"{state.ResultOf(trial)} {state.RunningOf(trial)} {state.NoteOf(trial)} " +
        $"{state.SourceOf(trial)} {string.Join(' ', state.SiblingsOf(trial))} " +
        $"{(state.FamilyOf(trial) is { } family ? state.LongestOf(family, trial.Fold) : null)}";

    private static void AppendOrderOfWork(StringBuilder text, SweepState state)
    {
        if (state.Status != SweepStatus.Running)
            return;
        var decider = new SweepDecider(new TestSearcher());
        foreach (var exclusive in new[] { false, true })
        {
            var claim = new ClaimTrials(new("probe", "probe"), 1, 10_000, state.Fingerprint ?? "x", exclusive);
            var order = decider.Decide(state, claim, default).Assignments.Select(item => item.Attempt);
            text.AppendLine(string.Join(' ', order));
        }
    }
}
