using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
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

    /// <summary>
    /// 0 and 1 end before their bracket's rung and are scored; 2 and 3 come later, and 0 does not go on. A searcher
    /// that looks before the decision and one that looks after it see the same.
    /// </summary>
    [Fact]
    public void ReachedBy_ScoredBeforeItsRungIsDecided_StaysTheEnd()
    {
        var sweep = new TestSweep(TestPlans.Plan(4, 0) with
        {
            Schedule = new() { Shapes = [new(4, [new(1, 1, 2)])] },
        });
        var attempts = sweep.Claim(One, 4).Select(assignment => assignment.Attempt).ToList();
        foreach (var attempt in attempts[..2])
            sweep.Apply(new CompleteTrial(attempt, TestPlans.Result(0.1 + (0.1 * attempt.Trial.Configuration))));
        Assert.NotNull(sweep.State.ScoreOf(0));
        var before = sweep.State.ReachedBy(0);

        sweep.Complete(attempts[2], _ => TestPlans.Result(0.8));
        sweep.Complete(attempts[3], _ => TestPlans.Result(0.9));

        Assert.Equal(
            [2, 3], Assert.Single(sweep.Events.OfType<RungDecided>()).Promoted.Select(p => p.Configuration).Order());
        Assert.True(sweep.State.IsDropped(0));
        Assert.Equal(Reached.End, before);
        Assert.Equal(before, sweep.State.ReachedBy(0));
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

    /// <summary>Of one and of two the best goes on, of three one, of four two: 0.4 is behind, the later 0.6 is not.
    /// </summary>
    [Fact]
    public void Decide_IndexOrder_ComparesWithThoseBeforeWhoeverComesFirst()
    {
        double[] values = [0.5, 0.6, 0.4, 0.6, 0.55, 0.7];
        var sweep = new TestSweep(TestPlans.InOrder(6, 0, new Rung(1, 1, 1)));
        var attempts = sweep.Claim(One, 6).Select(assignment => assignment.Attempt).Reverse().ToList();
        foreach (var attempt in attempts[..5])
            sweep.Complete(attempt, trial => TestPlans.Result(values[trial.Configuration]));
        Assert.Empty(sweep.Events.OfType<RungDecided>());

        sweep.Complete(attempts[5], trial => TestPlans.Result(values[trial.Configuration]));

        var decided = sweep.Events.OfType<RungDecided>().ToList();
        Assert.Equal(
            [0, 1, 2, 3, 4, 5], decided.Select(item => item.Promoted.Concat(item.Dropped).Single().Configuration));
        Assert.Equal([0, 1, 3, 5], decided.SelectMany(item => item.Promoted).Select(place => place.Configuration));
        Assert.Equal(
            "rung 1, 1 trial of 1 epoch: 0.4 is not among the best 1 of 3 up to it, whose last has 0.6",
            sweep.State.NoteOf(new(2, 0))!.Message);
    }

    /// <summary>By a sorted list of those before, on random values with ties, against what the sweep decided.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Decide_Median_DropsWhomMoreThanHalfOfThoseBeforeAreAheadOf(int seed)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, 60).Select(_ => random.Next(20) / 20.0).ToArray();
        var schedule = new SchedulePlan { Method = ScheduleMethod.Median, Over = ScheduleBudget.Epochs }
            .ScheduleOf(60, folds: 1, epochs: 2);
        var sweep = new TestSweep(TestPlans.Plan(60, 0) with { Schedule = schedule });
        sweep.RunToEnd(trial => TestPlans.Result(values[trial.Configuration]));

        var dropped = sweep.Events.OfType<RungDecided>().SelectMany(item => item.Dropped)
            .Select(place => place.Configuration).ToHashSet();

        for (var i = 0; i < 60; i++)
        {
            var ahead = values[..i].Count(value => value > values[i]);
            Assert.Equal(i >= 5 && 2 * ahead > i, dropped.Contains(i));
        }
    }

    /// <summary>Of six before it three are ahead of the seventh, four of the eighth's seven.</summary>
    [Fact]
    public void Decide_MedianWithExactlyHalfAhead_GoesOn()
    {
        double[] values = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9, 0.5, 0.45];
        var schedule = new SchedulePlan { Method = ScheduleMethod.Median, Over = ScheduleBudget.Epochs, Warmup = 6 }
            .ScheduleOf(8, folds: 1, epochs: 2);
        var sweep = new TestSweep(TestPlans.Plan(8, 0) with { Schedule = schedule });

        sweep.RunToEnd(trial => TestPlans.Result(values[trial.Configuration]));

        Assert.Equal(
            [7],
            sweep.Events.OfType<RungDecided>().SelectMany(item => item.Dropped).Select(item => item.Configuration));
    }

    /// <summary>Whoever is as good in all objectives as one that goes on does too, though it came later.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decide_EqualVectorsInIndexOrder_DropsNoneForComingLater(bool hasWorse)
    {
        (double Accuracy, long Weights)[] rows = hasWorse
            ? [(0.9, 10), (0.5, 20), (0.9, 10), (0.9, 10), (0.4, 30), (0.9, 10)]
            : [.. Enumerable.Repeat((0.9, 10L), 6)];
        var plan = TestPlans.InOrder(6, 0, new Rung(1, 1, 1)) with
        {
            Objectives = new() { Further = [SweepMetric.Of(SweepMetric.Weights)] },
        };
        var sweep = new TestSweep(plan);

        sweep.RunToEnd(trial => TestPlans.Result(
            rows[trial.Configuration].Accuracy, weights: rows[trial.Configuration].Weights));

        int[] dropped = hasWorse ? [1, 4] : [];
        Assert.Equal(
            dropped,
            sweep.Events.OfType<RungDecided>().SelectMany(item => item.Dropped).Select(item => item.Configuration));
    }

    /// <summary>Folds that differ by little tell 0.5 from 0.9, and not 0.9 from 0.901.</summary>
    [Fact]
    public void Decide_RaceInIndexOrder_DropsWhoIsBehindByMoreThanChance()
    {
        double[] values = [0.9, 0.5, 0.901, 0.899, 0.6];
        var race = new Rung(2, null, 2, Alpha: 0.05);
        var sweep = new TestSweep(TestPlans.InOrder(5, 3, race));

        sweep.RunToEnd(trial => TestPlans.Result(
            values[trial.Configuration] + (0.002 * ((trial.Configuration + trial.Fold) % 2))));

        Assert.Equal(
            [1, 4],
            sweep.Events.OfType<RungDecided>().SelectMany(item => item.Dropped).Select(item => item.Configuration));
        Assert.StartsWith(
            "rung 1, 2 trials: 0.501 is behind the best, 0.901, by more than chance explains",
            sweep.State.NoteOf(new(1, 2))!.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The first went on and has diverged since, or not yet: by what it was at the rung it dominates the second.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decide_SeveralObjectivesInIndexOrder_ComparesWithWhatTheOthersWereAtTheRung(bool hasDivergedSince)
    {
        var plan = TestPlans.InOrder(2, 0, new Rung(1, 1, 1)) with
        {
            Objectives = new() { Further = [SweepMetric.Of(SweepMetric.Weights)] },
        };
        var sweep = new TestSweep(plan);
        var attempts = sweep.Claim(One, 2).Select(assignment => assignment.Attempt).ToList();
        sweep.Complete(attempts[0], _ => TestPlans.Result(0.9));
        if (hasDivergedSince)
        {
            sweep.Complete(
                Assert.Single(sweep.Claim(One, 1)).Attempt, _ => TestPlans.Result(0.1, TrainingOutcome.Diverged));
        }

        sweep.Complete(attempts[1], _ => TestPlans.Result(0.8));

        Assert.Equal(
            [1],
            sweep.Events.OfType<RungDecided>().SelectMany(item => item.Dropped).Select(item => item.Configuration));
    }

    [Fact]
    public void Decide_IndexOrderWithoutAResult_DropsAndLeavesItOutOfTheComparison()
    {
        var sweep = new TestSweep(TestPlans.InOrder(3, 0, new Rung(1, 1, 1)));
        var attempts = sweep.Claim(One, 3).Select(assignment => assignment.Attempt).ToList();
        sweep.Apply(new FailTrial(attempts[0], TrainingFailure.Data, "no such file"));
        sweep.Complete(attempts[1], _ => TestPlans.Result(0.5));
        sweep.Complete(attempts[2], _ => TestPlans.Result(0.5));

        var decided = sweep.Events.OfType<RungDecided>().ToList();
        Assert.Equal([0], decided.SelectMany(item => item.Dropped).Select(place => place.Configuration));
        Assert.Equal([1, 2], decided.SelectMany(item => item.Promoted).Select(place => place.Configuration));
        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(new(0, 0)));
    }

    /// <summary>
    /// The first two were dropped before the third such error paused the sweep; the third stands at its rung still, and
    /// comes back.
    /// </summary>
    [Fact]
    public void Resume_WithRetryInIndexOrder_TriesAgainWhatIsNotDropped()
    {
        var sweep = new TestSweep(TestPlans.InOrder(5, 0, new Rung(1, 1, 1)));
        var attempts = sweep.Claim(One, 4).Select(assignment => assignment.Attempt).ToList();
        foreach (var attempt in attempts[..3])
            sweep.Apply(new FailTrial(attempt, TrainingFailure.Data, "no such file"));
        Assert.Equal(SweepStatus.Paused, sweep.State.Status);
        Assert.EndsWith(
            "to try them again, except those whose configurations a rung has dropped already.", sweep.State.Reason,
            StringComparison.Ordinal);

        sweep.Complete(attempts[3]);
        sweep.Apply(new ResumeSweep(RetryFailed: true));
        sweep.RunToEnd();

        Assert.Equal([new TrialId(2, 0)], Assert.Single(sweep.Events.OfType<TrialsRequeued>()).Trials);
        Assert.Equal(2, sweep.State.Completion!.Audit.Failed);
    }

    /// <summary>A log that decides out of order, or two at once, is found out.</summary>
    [Fact]
    public void Evolve_DecisionOutOfIndexOrder_IsRefused()
    {
        var sweep = new TestSweep(TestPlans.InOrder(3, 0, new Rung(1, 1, 1)));
        var attempts = sweep.Claim(One, 3).Select(assignment => assignment.Attempt).ToList();
        sweep.Complete(attempts[1]);
        sweep.Complete(attempts[0]);

        Refused(new(0, 0, [new(2, 0.5)], []));
        Refused(new(0, 0, [new(0, 0.5)], []));
        Refused(new(0, 1, [new(2, 0.5)], []));
        sweep.Complete(attempts[2]);
        Assert.Equal(3, sweep.Events.OfType<RungDecided>().Count());

        void Refused(RungDecided decided) => Assert.Contains(
            "damaged", Assert.Throws<SweepsException>(() => sweep.Rebuild().Evolve(decided)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>More of the same order: those that are there stay as they are, unlike with a closed bracket.</summary>
    [Fact]
    public void AddConfigurations_IndexOrder_GivesTheAnswerOfTheLargerSweep()
    {
        var whole = new TestSweep(TestPlans.InOrder(9, 2));
        whole.RunToEnd();
        var sweep = new TestSweep(TestPlans.InOrder(4, 2));
        foreach (var assignment in sweep.Claim(One, 3))
            sweep.Complete(assignment.Attempt);

        sweep.Apply(new AddConfigurations(9));
        sweep.RunToEnd();

        Assert.Equal(whole.State.Completion!.Digest, sweep.State.Completion!.Digest);
    }
}
