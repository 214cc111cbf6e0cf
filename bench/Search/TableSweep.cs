using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;

namespace Sweeps.Bench.Search;

/// <summary>
/// A sweep whose trainings are looked up in a table. Everything else is what a coordinator does: the sweep file is
/// read, a session decides, trials are claimed one at a time, pause at the schedule's rungs and go on from there.
/// </summary>
internal static class TableSweep
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    /// <summary>
    /// Epochs of training, over all folds, until the first configuration that was trained to its end on all folds has a
    /// mean as good as wanted; null: the sweep ends without.
    /// </summary>
    /// <param name="table">The trainings.</param>
    /// <param name="overrides">What is changed in the table's sweep file: method, schedule, seed.</param>
    /// <param name="wanted">The means; each is answered.</param>
    public static long?[] EpochsUntil(
        MeasuredTable table, IReadOnlyList<string> overrides, IReadOnlyList<double> wanted)
    {
        var specification = SpecificationReader.Read(table.Grid, "table.yaml", overrides).Require();
        var plan = SpecificationPlan.Create(specification, "table", TaskKind.Classification) with { Refit = false };
        var session = new SweepSession(new SweepState(), new SweepDecider(specification.CreateSearcher()));
        session.Apply(new SubmitSweep(plan), s_now);
        var trained = new Dictionary<TrialId, int>();
        var (spent, found) = (0L, new long?[wanted.Count]);
        for (var claim = 1; !session.State.IsOver && Array.Exists(found, at => at is null); claim++)
        {
            session.Commit(session.State.Sequence);
            var taken = session.Apply(new ClaimTrials(new("silo", "silo.1"), claim, 1, "table"), s_now);
            if (taken.Assignments is not [var assignment])
                throw new InvalidOperationException($"No trial to claim: {taken.Rejection?.Message}");
            var trial = assignment.Attempt.Trial;
            var until = assignment.Until ?? table.Epochs;
            spent += until - trained.GetValueOrDefault(trial);
            trained[trial] = until;
            var decision = session.Apply(ReportOf(table, session.State, assignment, until), s_now);
            if (decision.Rejection is { } rejection)
                throw new InvalidOperationException(rejection.Message);
            foreach (var scored in decision.Events.OfType<ConfigurationScored>().Where(e => e.Score.IsComplete))
            {
                for (var i = 0; i < found.Length; i++)
                    found[i] ??= scored.Score.Mean >= wanted[i] - MeasuredTable.Rounding ? spent : null;
            }
        }

        return found;
    }

    private static AttemptCommand ReportOf(MeasuredTable table, SweepState state, Assignment assignment, int until)
    {
        var (trial, isOver) = (assignment.Attempt.Trial, until == table.Epochs);
        var accuracy = table.ValueOf(state.ValuesOf(trial.Configuration)!, trial.Fold, until);
        var result = new TrialResult
        {
            Outcome = isOver ? TrainingOutcome.Completed : TrainingOutcome.Stopped,
            TrainLoss = 0,
            TrainMetric = accuracy,
            ValidationLoss = 1 - accuracy,
            ValidationMetric = accuracy,
            Epochs = until,
            Weights = 1,
            WeightsDigest = new string('0', 64),
            TrainSeconds = until,
            CpuSeconds = until,
            Samples = (long)until * MeasuredTable.Validated * 2,
        };
        return isOver ? new CompleteTrial(assignment.Attempt, result) : new ReachRung(assignment.Attempt, result);
    }
}
