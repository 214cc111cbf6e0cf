using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Decisions;

/// <summary>When a rung is decided, and when not.</summary>
public sealed class RungDecisionTests
{
    private static readonly SiloId One = TestPlans.Silo(1);

    /// <summary>
    /// The error paused the sweep and the rest came to the rung: what failed is not dropped, so that it can be tried
    /// again once the cause is gone.
    /// </summary>
    [Fact]
    public void Resume_WithRetryOfTheFailedAtARung_GivesTheUndisturbedAnswer()
    {
        var undisturbed = new TestSweep(TestPlans.Scheduled(7, 2));
        undisturbed.RunToEnd();
        var sweep = new TestSweep(TestPlans.Scheduled(7, 2));
        var attempts = sweep.Claim(One, 4).Select(assignment => assignment.Attempt).ToList();
        foreach (var attempt in attempts[..3])
            sweep.Apply(new FailTrial(attempt, TrainingFailure.Data, "no such file"));
        sweep.Complete(attempts[3]);

        Assert.Equal(SweepStatus.Paused, sweep.State.Status);
        Assert.Empty(sweep.Events.OfType<RungDecided>());

        sweep.Apply(new ResumeSweep(RetryFailed: true));
        sweep.RunToEnd();

        Assert.Equal(undisturbed.State.Completion!.Digest, sweep.State.Completion!.Digest);
        Assert.Equal(0, sweep.State.Completion.Audit.Failed);
    }

    /// <summary>Whoever resumes without a retry wants the sweep to go on without what failed.</summary>
    [Fact]
    public void Resume_WithoutRetryAtARung_DropsWhatFailed()
    {
        var sweep = new TestSweep(TestPlans.Scheduled(4, 2));
        var attempts = sweep.Claim(One, 4).Select(assignment => assignment.Attempt).ToList();
        foreach (var attempt in attempts[..3])
            sweep.Apply(new FailTrial(attempt, TrainingFailure.Data, "no such file"));
        sweep.Complete(attempts[3]);

        sweep.Apply(new ResumeSweep());

        var decided = Assert.Single(sweep.Events.OfType<RungDecided>());
        Assert.Equal([3], decided.Promoted.Select(place => place.Configuration));
        sweep.RunToEnd();
        Assert.Equal(3, sweep.State.Selection!.Best);
    }

    /// <summary>
    /// Nine at one rung, three go on: of the front (0, 1, 2, 3) the best in accuracy, the farthest from it and the
    /// farthest from both; whoever has diverged does not, though it has the fewest weights of all.
    /// </summary>
    [Fact]
    public void Decide_TwoObjectives_PromotesByRankAndSpread()
    {
        (double Accuracy, long Weights)[] rows =
            [
                (0.9, 900), (0.89, 500), (0.7, 300), (0.5, 100), (0.4, 1), (0.6, 400),
                (0.88, 900), (0.5, 101), (0.1, 950),
            ];
        var sweep = new TestSweep(TestPlans.Plan(9, 1) with
        {
            Folds = 0,
            HoldoutFraction = 0.2,
            Schedule = new() { Shapes = [new(9, [new(1, 1, 3)])] },
            Objectives = new() { Further = [SweepMetric.Of(SweepMetric.Weights)] },
        });
        sweep.RunToEnd(trial => trial.IsRefit
            ? TestPlans.Of(trial)
            : TestPlans.Result(
                rows[trial.Configuration].Accuracy,
                trial.Configuration == 4 ? TrainingOutcome.Diverged : TrainingOutcome.Completed,
                weights: rows[trial.Configuration].Weights) with
            {
                Epochs = trial.Configuration == 4 ? 0 : 3,
            });

        var decided = Assert.Single(sweep.Events.OfType<RungDecided>());
        Assert.Equal([0, 3, 1], decided.Promoted.Select(place => place.Configuration));
        Assert.Equal([900.0], decided.Promoted[0].Further!);
        Assert.Equal([6, 2, 5, 7, 8, 4], decided.Dropped.Select(place => place.Configuration));
        Assert.Contains("by non-dominated rank", sweep.State.NoteOf(new(2, 0))!.Message, StringComparison.Ordinal);
        Assert.Equal([0, 1, 3], sweep.State.Selection!.Front!);
        Assert.Equal(sweep.State.Completion!.Digest, sweep.Rebuild().Completion!.Digest);
    }

    /// <summary>The worst value that stands for a diverged training is no result to show, stopped or not.</summary>
    [Fact]
    public void Leaderboard_StoppedAfterNothingButDivergence_ShowsNoMean()
    {
        var sweep = new TestSweep(TestPlans.Scheduled(4, 2));
        sweep.RunToEnd(trial => trial.Configuration == 2
            ? TestPlans.Result(trial, TrainingOutcome.Diverged) with { Epochs = 0 }
            : TestPlans.Of(trial));

        var row = Leaderboard.Of(sweep.State).Single(row => row.Index == 2);

        Assert.True(row.AllDiverged);
        Assert.Equal((1, 1), (row.Score.Diverged, row.Score.Stopped));
        Assert.True(double.IsNaN(row.Score.Mean));
        Assert.All(row.Values, value => Assert.True(double.IsNaN(value)));
    }
}
