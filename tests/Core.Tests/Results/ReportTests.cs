using System.Text.Json;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Decisions;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Results;

public sealed class ReportTests
{
    [Fact]
    public void Leaderboard_FinishedSweep_HasRanksTiesAndFronts()
    {
        var state = ScoredSweep.Of(
            ([0.8, 0.8], 10, 9), ([0.9, 0.92], 100, 5), ([double.NaN, double.NaN], 10, 1), ([0.7, 0.7], 50, 1));
        var rows = Leaderboard.Of(state);
        Assert.Equal([1, 0, 3, 2], rows.Select(row => row.Index));
        Assert.Equal([1, 2, 3, null], rows.Select(row => row.Rank));
        Assert.Equal([true, false, true, false], rows.Select(row => row.OnTimeFront));
        Assert.Equal([true, true, false, false], rows.Select(row => row.OnWeightsFront));
        Assert.Equal(2, Leaderboard.Of(state, 2).Count);
    }

    [Fact]
    public void ParameterCurve_SeveralAtOneValue_TakesTheBestAndSorts()
    {
        var sweep = new TestSweep(TestPlans.Plan(7, 2, refit: false));
        sweep.RunToEnd();
        var curves = ParameterCurve.Of(Leaderboard.Of(sweep.State), "learning_rate", sweep.State.Plan.Metric);
        Assert.Equal(["mlp-0", "mlp-1", "mlp-2"], curves.Select(curve => curve.Architecture).Order());
        var first = curves.Single(curve => curve.Architecture == "mlp-0");
        Assert.Equal([0, 3, 6], first.Points.Select(point => point.Configuration));
        Assert.Equal(first.Points.Select(point => point.Value).Order(), first.Points.Select(point => point.Value));
        var batch = ParameterCurve.Of(Leaderboard.Of(sweep.State), "batch_size", sweep.State.Plan.Metric);
        Assert.All(batch, curve => Assert.Equal(32, Assert.Single(curve.Points).Value));
        var best = batch.Single(curve => curve.Architecture == "mlp-0").Points[0].Mean;
        Assert.Equal(first.Points.Max(point => point.Mean), best);
    }

    /// <summary>Finite weights may give an infinite loss: no divergence, but to be told.</summary>
    [Fact]
    public void Leaderboard_InfiniteValidationLoss_IsCounted()
    {
        var sweep = new TestSweep(TestPlans.Plan(2, 2, refit: false));
        sweep.RunToEnd(trial => TestPlans.Result(0.8) with
        {
            ValidationLoss = trial is { Configuration: 1, Fold: 1 } ? double.PositiveInfinity : 0.5,
        });

        Assert.Equal([0, 1], Leaderboard.Of(sweep.State).OrderBy(row => row.Index).Select(row => row.InfiniteLosses));
        Assert.Equal(
            [null, 1], ResultsDocument.Of(sweep.State).Configurations!.OrderBy(row => row.Configuration)
                .Select(row => row.InfiniteLosses));
    }

    /// <summary>Beside losses beyond all numbers the others are still compared, and the document is JSON.</summary>
    [Fact]
    public void Results_LossesThatOverflow_HaveAFiniteMarginAndAreWritten()
    {
        var plan = TestPlans.Plan(3, 0, refit: false) with
        {
            Metric = SweepMetric.Of(SweepMetric.ValidationLoss),
            HoldoutFraction = 0.2,
        };
        var sweep = new TestSweep(plan);
        double[] losses = [0.5, 1e60, 1e70];
        sweep.RunToEnd(trial => TestPlans.Result(0.8) with
        {
            ValidationLoss = losses[trial.Configuration],
            ValidationLossError = losses[trial.Configuration] / 10,
        });

        var document = ResultsDocument.Of(sweep.State);

        Assert.InRange(document.TieMargin!.Value, 0.05, 1);
        Assert.Empty(document.Tied);
        Assert.Contains("validation_loss", document.ToJson(), StringComparison.Ordinal);
    }

    /// <summary>Of a running sweep what has not begun is not saved.</summary>
    [Fact]
    public void Schedule_BeforeTheEnd_SavesWhatItStoppedAlone()
    {
        var sweep = new TestSweep(TestPlans.Scheduled(7, 2) with { Refit = false });
        var silo = TestPlans.Silo(1);
        Assert.Equal(0, SchedulePart.Of(sweep.State)!.Saved);
        while (!sweep.State.IsOver)
        {
            var part = SchedulePart.Of(sweep.State)!;
            var done = Enumerable.Range(0, sweep.State.Proposed)
                .Where(index => sweep.State.ScoreOf(index) is not null).ToList();
            var full = done.Sum(index => 2.0 * sweep.State.HyperparametersOf(index).Epochs);
            var trained = done.Sum(index => ((int[])[0, 1]).Sum(
                fold => sweep.State.ResultOf(new(index, fold))?.Epochs ?? 0));
            Assert.Equal(full == 0 ? 0 : 1 - (trained / full), part.Saved, 12);
            foreach (var assignment in sweep.Claim(silo, 2))
                sweep.Complete(assignment.Attempt);
        }

        var end = SchedulePart.Of(sweep.State)!;
        Assert.InRange(end.Saved, 0.01, 0.99);
        Assert.Equal(1 - ((double)end.Epochs / end.EpochsInFull), end.Saved, 12);
    }

    [Fact]
    public void Progress_HalfWay_CountsAndEstimates()
    {
        var sweep = new TestSweep(TestPlans.Plan(4, 2, refit: false));
        var silo = TestPlans.Silo(1);
        foreach (var assignment in sweep.Claim(silo, 4).Take(3))
            sweep.Complete(assignment.Attempt);
        var progress = SweepProgress.Of(sweep.State, slots: 2);
        Assert.Equal((8, 3, 3), (progress.Planned, progress.Done, progress.Completed));
        Assert.Single(progress.Running);
        Assert.Equal(0, progress.Best!.Index);
        // Five are open, on two slots: three rounds of 2.5 s (2 s of training and 0.5 s of evaluation).
        Assert.Equal(TimeSpan.FromSeconds(7.5), progress.Remaining);
    }

    /// <summary>The refit is counted before it is known which configuration it is of; of none it never comes.</summary>
    [Theory]
    [InlineData(TrainingOutcome.Completed, 9)]
    [InlineData(TrainingOutcome.Diverged, 8)]
    public void Progress_WithARefit_CountsItFromTheStart(TrainingOutcome outcome, int last)
    {
        var sweep = new TestSweep(TestPlans.Plan(4, 2));
        var silo = TestPlans.Silo(1);
        while (!sweep.State.IsOver)
        {
            Assert.Equal(9, SweepProgress.Of(sweep.State, slots: 2).Planned);
            Assert.Equal(9, ResultsDocument.Of(sweep.State).Planned);
            foreach (var assignment in sweep.Claim(silo, 4))
                sweep.Complete(assignment.Attempt, trial => TestPlans.Result(trial, outcome));
        }

        var progress = SweepProgress.Of(sweep.State, slots: 2);
        Assert.Equal((last, last), (progress.Planned, progress.Done));
    }

    [Fact]
    public void Progress_CancelledBeforeTheRefit_CountsItStill()
    {
        var sweep = new TestSweep(TestPlans.Plan(4, 2));
        sweep.Complete(sweep.Claim(TestPlans.Silo(1), 1)[0].Attempt);

        sweep.Apply(new CancelSweep("enough"));

        var document = ResultsDocument.Of(sweep.State);
        var progress = SweepProgress.Of(sweep.State, slots: 2);
        Assert.Equal((9, 9), (progress.Planned, document.Planned));
        // What was cancelled has ended, but is not done.
        Assert.Equal((1, 9), (progress.Done, progress.Ended));
        Assert.Equal((1, 8, 0), (document.Completed, document.Cancelled, document.Lost));
    }

    /// <summary>Beside a schedule the time of a trial is that of those that ended, stopped ones too.</summary>
    [Fact]
    public void Progress_WithScheduleAndReuse_CountsTrainedTrialsAndTheirTimeAlike()
    {
        var sweep = new TestSweep(TestPlans.Reusing(TestPlans.Scheduled(7, 2)) with { EpochsDiffer = false })
        {
            Known = new SomeKnown(),
        };
        var silo = TestPlans.Silo(1);
        for (var claims = 0; claims < 6; claims++)
        {
            foreach (var assignment in sweep.Claim(silo, 3))
                sweep.Complete(assignment.Attempt);
            var state = sweep.State;
            var own = state.Trials().Where(trial => state.SourceOf(trial) is null && state.ResultOf(trial) is not null
                && state.StatusOf(trial) is TrialStatus.Completed or TrialStatus.Stopped).ToList();
            double? mean = own.Count == 0 ? null : own.Average(
                trial => state.ResultOf(trial)!.TrainSeconds + state.ResultOf(trial)!.EvaluationSeconds);
            Assert.Equal(mean is not null, SweepProgress.Of(state, 2).TrialSeconds is not null);
            if (mean is { } seconds)
                Assert.Equal(seconds, SweepProgress.Of(state, 2).TrialSeconds!.Value, 6);
        }

        Assert.True(sweep.State.Totals is { Reused: > 0, Stopped: > 0 });
    }

    [Fact]
    public void Document_FinishedSweep_HasTheFieldsThatScriptsRead()
    {
        var state = ScoredSweep.Of(TestPlans.Plan(2, 2), ([0.8, 0.9], 10, 2), ([double.NaN, double.NaN], 10, 1));
        using var json = JsonDocument.Parse(ResultsDocument.Of(state, all: true).ToJson());
        var root = json.RootElement;
        Assert.Equal("completed", root.GetProperty("state").GetString());
        Assert.Equal(state.Completion!.Digest, root.GetProperty("digest").GetString());
        foreach (var name in new[] { "planned", "completed", "unique" })
            Assert.Equal(5, root.GetProperty(name).GetInt32());
        Assert.Equal(0, root.GetProperty("lost").GetInt32());
        var best = root.GetProperty("best");
        Assert.Equal("mlp-0", best.GetProperty("architecture").GetString());
        Assert.Equal(0.85, best.GetProperty("mean").GetDouble(), 12);
        Assert.Equal(10, best.GetProperty("weights").GetInt32());
        Assert.Equal(2, best.GetProperty("train_seconds").GetDouble());
        Assert.True(best.TryGetProperty("standard_deviation", out _));
        Assert.Equal(0.001, best.GetProperty("parameters").GetProperty("learning_rate").GetDouble());
        Assert.Equal(0.8, root.GetProperty("test_accuracy").GetDouble());
        Assert.Equal(3, root.GetProperty("confusion")[1][1].GetInt32());
        Assert.Equal(2, root.GetProperty("configurations").GetArrayLength());
        Assert.False(root.TryGetProperty("test_error", out _));
        Assert.DoesNotContain('\n', ResultsDocument.Of(state, all: false).ToJson(indented: false));
    }

    [Fact]
    public void LogAudit_CancelledSweep_IsTheStatesAudit()
    {
        var sweep = new TestSweep();
        sweep.Complete(sweep.Claim(TestPlans.Silo(1), 3)[0].Attempt);
        sweep.Apply(new CancelSweep("enough"));
        Assert.Equal(sweep.State.Audit(), LogAudit.Of(sweep.Events));
    }
}
