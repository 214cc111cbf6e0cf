using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Tests.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Decisions;

public sealed class SweepDeciderTests
{
    private static readonly SiloId One = TestPlans.Silo(1);
    private static readonly SiloId Two = TestPlans.Silo(2);

    [Fact]
    public void Apply_UndisturbedSweep_EndsWithBestRefitAndAudit()
    {
        var sweep = new TestSweep();
        sweep.RunToEnd();
        Assert.Equal(SweepStatus.Completed, sweep.State.Status);
        Assert.Equal(new SweepAudit(13, 13, 13, 0, 0, 0, 0), sweep.State.Completion!.Audit);
        var best = Enumerable.Range(0, 4).MaxBy(index => Enumerable.Range(0, 3).Average(
            fold => TestPlans.Result(new TrialId(index, fold)).ValidationMetric));
        Assert.Equal(best, sweep.State.Selection!.Best);
        Assert.Equal(TrialId.Refit(best), sweep.State.RefitTrial);
        Assert.IsType<SweepCompleted>(sweep.Events.Last());
    }

    [Fact]
    public void Claim_Repeated_AnswersTheSameTrialsWithoutEvents()
    {
        var sweep = new TestSweep();
        var claim = sweep.NextClaim(One, 2);
        var first = sweep.Apply(claim).Assignments;
        var again = sweep.Apply(claim);
        Assert.Empty(again.Events);
        Assert.Equal(RejectionKind.Duplicate, again.Rejection!.Kind);
        Assert.Equal(first, again.Assignments);
    }

    [Fact]
    public void Claim_OlderThanTheLast_IsStale()
    {
        var sweep = new TestSweep();
        var old = sweep.NextClaim(One, 1);
        sweep.Apply(sweep.NextClaim(One, 1));
        Assert.Equal(RejectionKind.Stale, sweep.Apply(old).Rejection!.Kind);
    }

    [Fact]
    public void Claim_HoldingLessThanTheLogGave_ReleasesTheRest()
    {
        var sweep = new TestSweep();
        var lost = sweep.Claim(One, 2).Select(item => item.Attempt).ToList();
        var next = sweep.Apply(sweep.NextClaim(One, 1) with { Holding = [lost[1]] });
        Assert.Equal(lost[0].Trial, next.Events.OfType<AttemptReleased>().Single().Trial);
        Assert.Equal(
            [lost[1].Trial, next.Assignments[0].Attempt.Trial],
            sweep.State.RunningOn(One).Select(item => item.Attempt.Trial));
        Assert.Equal(lost[0].Trial, sweep.Claim(Two, 1)[0].Attempt.Trial);
    }

    [Fact]
    public void Claim_TwoSilos_NeverShareATrial()
    {
        var sweep = new TestSweep();
        var trials = sweep.Claim(One, 7).Concat(sweep.Claim(Two, 7)).Select(item => item.Attempt.Trial).ToList();
        Assert.Equal(12, trials.Count);
        Assert.Equal(12, trials.Distinct().Count());
        Assert.Empty(sweep.Claim(Two, 1));
    }

    [Fact]
    public void Claim_OtherFingerprint_IsRefusedOnceInTheLog()
    {
        var sweep = new TestSweep();
        sweep.Claim(One, 1);
        var refused = sweep.Apply(new ClaimTrials(Two, 1, 1, "other"));
        Assert.Equal(RejectionKind.Refused, refused.Rejection!.Kind);
        Assert.IsType<SiloRefused>(Assert.Single(refused.Events));
        Assert.Empty(sweep.Apply(new ClaimTrials(Two, 2, 1, "other")).Events);
        Assert.Empty(refused.Assignments);
    }

    [Fact]
    public void Claim_OtherData_IsRefusedOnceInTheLogWithItsReason_UntilTheyAreRight()
    {
        var sweep = new TestSweep();
        var refused = sweep.Apply(new ClaimTrials(Two, 1, 1, "x", DataProblem: "other table"));
        Assert.Equal((RejectionKind.Refused, "other table"), (refused.Rejection!.Kind, refused.Rejection.Message));
        Assert.Equal("other table", Assert.IsType<SiloRefused>(Assert.Single(refused.Events)).Reason);
        Assert.Empty(refused.Assignments);
        Assert.Empty(sweep.Apply(new ClaimTrials(Two, 2, 1, "x", DataProblem: "other table")).Events);
        Assert.Equal("other table", sweep.State.DataProblems[Two.Incarnation]);

        Assert.Single(sweep.Apply(new ClaimTrials(Two, 3, 1, "x")).Assignments);
        Assert.Empty(sweep.State.DataProblems);
    }

    [Fact]
    public void Claim_OtherFingerprintWhereMixedNumericsAreAllowed_GetsWork()
    {
        var sweep = new TestSweep(TestPlans.Plan() with { MixedNumerics = true });
        sweep.Claim(One, 1);
        Assert.Single(sweep.Apply(new ClaimTrials(Two, 1, 1, "other")).Assignments);
    }

    /// <summary>Trials of one fold meet, whoever claims how many; priorities come first as ever.</summary>
    [Fact]
    public void Claim_SharedOrder_GoesFoldByFold()
    {
        var sweep = new TestSweep(TestPlans.Plan(18) with { SampleOrder = SampleOrder.Shared });
        var order = new[] { 5, 20, 3, 20 }.SelectMany(count => sweep.Claim(One, count))
            .Select(item => item.Attempt.Trial).ToList();

        Assert.Equal(
            Enumerable.Range(0, 48).Select(i => new TrialId(i % 16, i / 16)),
            order);
        sweep.Apply(new SetPriority(17, 1));
        Assert.Equal(
            [new(17, 0), new(17, 1), new(17, 2), new(16, 0), new(16, 1), new(16, 2)],
            sweep.Claim(Two, 9).Select(item => item.Attempt.Trial));
    }

    /// <summary>Beyond what is wanted come trials of the same fold alone, and fewer the fewer are left.</summary>
    [Theory]
    [InlineData(SampleOrder.Shared, 0, 1, 1, 8)]
    [InlineData(SampleOrder.Shared, 12, 1, 1, 4)] // The first fold of a block of 16 ends.
    [InlineData(SampleOrder.Shared, 0, 1, 16, 2)] // 54 trials for 16 slots.
    [InlineData(SampleOrder.Shared, 0, 2, 1, 9)]
    [InlineData(SampleOrder.Shared, 50, 1, 1, 2)] // 4 are left, of two folds.
    [InlineData(SampleOrder.Own, 0, 1, 1, 1)]
    public void Claim_Spare_IsOfOneFoldAndLeavesEnough(SampleOrder order, int before, int count, int slots, int given)
    {
        var sweep = new TestSweep(TestPlans.Plan(18) with { SampleOrder = order });
        if (before > 0)
            sweep.Claim(One, before);

        var trials = sweep.Apply(new ClaimTrials(One, 9, count, "numerics") { Spare = 7, Slots = slots }).Assignments;

        Assert.Equal(given, trials.Count);
    }

    [Theory]
    [InlineData(SampleOrder.Own, 1)]
    [InlineData(SampleOrder.Shared, 5)]
    public void Complete_TrainedWithOthers_IsKnownOfTheSweep(SampleOrder order, int most)
    {
        var sweep = new TestSweep(TestPlans.Plan() with { SampleOrder = order });
        var attempts = sweep.Claim(One, 2).Select(item => item.Attempt).ToList();
        Assert.Equal(1, sweep.State.MostTogether());

        sweep.Complete(attempts[0], trial => TestPlans.Of(trial) with { Together = most });
        sweep.Complete(attempts[1]);

        Assert.Equal(most, sweep.State.ResultOf(attempts[0].Trial)!.Together);
        Assert.Equal(most, sweep.State.MostTogether());
    }

    [Fact]
    public void Complete_Twice_CountsOnce()
    {
        var sweep = new TestSweep();
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        Assert.Single(sweep.Complete(attempt).Events);
        var again = sweep.Complete(attempt);
        Assert.Empty(again.Events);
        Assert.Equal(RejectionKind.Duplicate, again.Rejection!.Kind);
        Assert.Equal(1, sweep.State.Totals.Completed);
    }

    [Fact]
    public void Complete_ByAnExpiredAttempt_IsStaleAndTheNewOneCounts()
    {
        var sweep = new TestSweep();
        var old = sweep.Claim(One, 1)[0].Attempt;
        sweep.Apply(new ExpireSilo(One));
        Assert.Equal(RejectionKind.Stale, sweep.Complete(old).Rejection!.Kind);
        var next = sweep.Claim(Two, 12).Single(assignment => assignment.Attempt.Trial == old.Trial).Attempt;
        Assert.Equal(old with { Number = 2 }, next);
        Assert.Equal(RejectionKind.Stale, sweep.Complete(old).Rejection!.Kind);
        Assert.Null(sweep.Complete(next).Rejection);
    }

    [Fact]
    public void Complete_UnknownTrialOrFutureAttempt_IsAConflict()
    {
        var sweep = new TestSweep();
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        Assert.Equal(RejectionKind.Conflict, sweep.Complete(attempt with { Number = 2 }).Rejection!.Kind);
        Assert.Equal(RejectionKind.Conflict, sweep.Complete(new(new(900, 0), 1)).Rejection!.Kind);
        Assert.Equal(RejectionKind.Conflict, sweep.Complete(new(TrialId.Refit(0), 1)).Rejection!.Kind);
    }

    [Fact]
    public void ExpireSilo_OtherIncarnationOfTheSameName_KeepsItsTrials()
    {
        var sweep = new TestSweep();
        var reborn = One with { Incarnation = "silo-1.2" };
        sweep.Claim(One, 1);
        sweep.Claim(reborn, 2);
        Assert.Single(sweep.Apply(new ExpireSilo(One)).Events);
        Assert.Equal(2, sweep.State.RunningOn(reborn).Count);
        Assert.Equal(RejectionKind.Duplicate, sweep.Apply(new ExpireSilo(One)).Rejection!.Kind);
    }

    [Fact]
    public void Release_ManyTimes_UsesUpNoRetry()
    {
        var sweep = new TestSweep();
        for (var round = 0; round < 20; round++)
            sweep.Apply(new ReleaseTrial(sweep.Claim(One, 1)[0].Attempt, "drains"));
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        Assert.Equal(new AttemptId(new(0, 0), 21), attempt);
        var failed = sweep.Apply(new FailTrial(attempt, TrainingFailure.Error, "boom")).Events[0];
        Assert.True(((TrialFailed)failed).WillRetry);
    }

    [Fact]
    public void Release_AskedFor_IsNoRetryInTheAudit()
    {
        var sweep = new TestSweep();
        for (var round = 0; round < 3; round++)
            sweep.Apply(new ReleaseTrial(sweep.Claim(One, 1)[0].Attempt, "drains"));
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        Assert.Equal((4, 0), (attempt.Number, sweep.State.Totals.Retries));
        sweep.Apply(new FailTrial(attempt, TrainingFailure.Error, "boom"));
        sweep.Claim(One, 1);
        Assert.Equal(1, sweep.State.Totals.Retries);
    }

    [Fact]
    public void Release_StalledAgainAndAgain_FailsWithItsReasonInTheEnd()
    {
        var sweep = new TestSweep();
        var failures = new List<TrialFailed>();
        for (var round = 1; round <= 15; round++)
        {
            var attempt = sweep.Claim(One, 1)[0].Attempt;
            Assert.Equal(new(0, 0), attempt.Trial);
            var decision = sweep.Apply(new ReleaseTrial(attempt, "too slow", Stalled: true));
            failures.AddRange(decision.Events.OfType<TrialFailed>());
            Assert.Equal(round / 5, failures.Count);
            Assert.Equal(
                RejectionKind.Duplicate,
                sweep.Apply(new ReleaseTrial(attempt, "too slow", Stalled: true)).Rejection!.Kind);
        }

        Assert.Equal([true, true, false], failures.Select(failed => failed.WillRetry));
        Assert.All(failures, failed => Assert.Contains("5 times in a row", failed.Message, StringComparison.Ordinal));
        Assert.All(failures, failed => Assert.Contains("too slow", failed.Message, StringComparison.Ordinal));
        Assert.NotEqual(new(0, 0), sweep.Claim(One, 1)[0].Attempt.Trial);
    }

    [Fact]
    public void Release_StalledButBegunInBetween_IsNoFailure()
    {
        var sweep = new TestSweep();
        for (var round = 1; round <= 40; round++)
        {
            var attempt = sweep.Claim(One, 1)[0].Attempt;
            var release = new ReleaseTrial(attempt, "why", Stalled: round % 5 != 0);
            Assert.IsType<AttemptReleased>(Assert.Single(sweep.Apply(release).Events));
        }
    }

    [Fact]
    public void LoseCheckpoint_CurrentAttempt_IsNotedOnce()
    {
        var sweep = new TestSweep();
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        Assert.IsType<CheckpointLost>(Assert.Single(sweep.Apply(new LoseCheckpoint(attempt, "gone")).Events));
        Assert.Contains(sweep.State.Notes, note => note.Key == attempt.Trial && note.Value.Message == "gone");
        sweep.Complete(attempt);
        Assert.NotNull(sweep.Apply(new LoseCheckpoint(attempt, "gone")).Rejection);
    }

    [Fact]
    public void Cancel_WithRunningTrials_EndsEverythingAndHearsNothingMore()
    {
        var sweep = new TestSweep();
        var attempts = sweep.Claim(One, 2);
        sweep.Complete(attempts[0].Attempt);
        sweep.Apply(new CancelSweep("enough"));
        Assert.Equal(RejectionKind.Over, sweep.Complete(attempts[1].Attempt).Rejection!.Kind);
        Assert.Equal(RejectionKind.Over, sweep.Apply(sweep.NextClaim(Two, 1)).Rejection!.Kind);
        var audit = sweep.State.Audit();
        Assert.Equal(new SweepAudit(13, 1, 1, 0, 0, 12, 0), audit);
        Assert.Equal(0, audit.Lost);
        Assert.Equal(TrialStatus.Cancelled, sweep.State.StatusOf(attempts[1].Attempt.Trial));
        Assert.Equal(0, sweep.State.Totals.Running);
    }

    [Fact]
    public void Pause_WithRunningTrials_HearsThemAndHandsOutNothingUntilResumed()
    {
        var sweep = new TestSweep();
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        sweep.Apply(new PauseSweep("lunch"));
        Assert.Null(sweep.Complete(attempt).Rejection);
        Assert.Equal(RejectionKind.Paused, sweep.Apply(sweep.NextClaim(One, 1)).Rejection!.Kind);
        sweep.Apply(new ResumeSweep());
        sweep.RunToEnd();
        Assert.True(sweep.State.Completion!.Audit.Holds);
    }

    [Fact]
    public void AddConfigurations_BeyondThePlan_AreTrainedToo()
    {
        var sweep = new TestSweep(TestPlans.Plan(2), new TestSearcher(5));
        sweep.Apply(new AddConfigurations(5));
        Assert.Equal(RejectionKind.Duplicate, sweep.Apply(new AddConfigurations(5)).Rejection!.Kind);
        Assert.Equal(RejectionKind.Conflict, sweep.Apply(new AddConfigurations(6)).Rejection!.Kind);
        sweep.RunToEnd();
        Assert.Equal(16, sweep.State.Completion!.Audit.Unique);
    }

    [Fact]
    public void AddConfigurations_BeyondWhatAFileMayAsk_AreRefusedWithTheBound()
    {
        var sweep = new TestSweep(TestPlans.Plan(2), new TestSearcher(int.MaxValue));
        var rejection = sweep.Apply(new AddConfigurations(1_000_001)).Rejection;
        Assert.Equal(RejectionKind.Conflict, rejection?.Kind);
        Assert.Contains("up to 1,000,000 in all", rejection!.Message, StringComparison.Ordinal);
        Assert.Null(sweep.Apply(new AddConfigurations(1_000_000)).Rejection);
    }

    /// <summary>The bound of the sweep file holds for what is added later too.</summary>
    [Theory]
    [InlineData(2, true, 5_001, false)]
    [InlineData(2, true, 5_000, true)]
    [InlineData(2, false, 5_001, true)]
    [InlineData(1, true, 5_001, true)]
    public void AddConfigurations_OfSeveralObjectives_AreBounded(int further, bool inOrder, int total, bool isAllowed)
    {
        var plan = TestPlans.Plan(8, refit: false);
        string[] names = [SweepMetric.Weights, SweepMetric.ValidationError];
        var sweep = new TestSweep(plan with
        {
            Objectives = new() { Further = [.. names.Take(further).Select(SweepMetric.Of)] },
            Schedule = !inOrder ? null : new()
            {
                Order = RungOrder.Index,
                Shapes = [new(2, [new(2, 1, 1), new(2, 3, 1)])],
            },
        });
        var rejection = sweep.Apply(new AddConfigurations(total)).Rejection;
        Assert.Equal(isAllowed, rejection is null);
        if (!isAllowed)
            Assert.Contains("5001 configurations of 3 objectives", rejection!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Submit_Again_IsADuplicateOrAConflict()
    {
        var sweep = new TestSweep();
        Assert.Equal(RejectionKind.Duplicate, sweep.Apply(new SubmitSweep(TestPlans.Plan())).Rejection!.Kind);
        var other = new SubmitSweep(TestPlans.Plan() with { Seed = 2 });
        Assert.Equal(RejectionKind.Conflict, sweep.Apply(other).Rejection!.Kind);
    }

    [Fact]
    public void Decide_AnyCommand_NeverChangesTheState()
    {
        var sweep = new TestSweep();
        sweep.Claim(One, 3);
        var before = StateText.Of(sweep.State);
        var decider = new SweepDecider(new TestSearcher());
        SweepCommand[] commands =
        [
            sweep.NextClaim(One, 5), sweep.NextClaim(Two, 5),
            new CompleteTrial(new(new(0, 0), 1), TestPlans.Result(0.5)),
            new FailTrial(new(new(0, 0), 1), TrainingFailure.Error, "x"), new ExpireSilo(One), new CancelSweep("x"),
            new PauseSweep("x"), new SetPriority(0, 3), new AddConfigurations(9), new ResumeSweep(true),
        ];
        foreach (var command in commands)
            decider.Decide(sweep.State, command, sweep.Now);
        Assert.Equal(before, StateText.Of(sweep.State));
    }
}
