using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Decisions;

public sealed class FailureTests
{
    private static readonly SiloId One = TestPlans.Silo(1);

    [Fact]
    public void Fail_WithErrorsThreeTimes_FailsTheTrialAndTheSweepGoesOn()
    {
        var sweep = new TestSweep();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var claimed = sweep.Claim(One, 1)[0].Attempt;
            Assert.Equal(new AttemptId(new(0, 0), attempt), claimed);
            sweep.Apply(new FailTrial(claimed, TrainingFailure.Error, $"boom {attempt}"));
        }

        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(new(0, 0)));
        sweep.RunToEnd();
        Assert.Equal(new SweepAudit(13, 12, 12, 0, 1, 0, 2), sweep.State.Completion!.Audit);
        Assert.Equal(1, sweep.State.ScoreOf(0)!.Value.Missing);
    }

    [Theory]
    [InlineData(TrainingFailure.Data)]
    [InlineData(TrainingFailure.Network)]
    public void Fail_WithWhatNoRetryMends_IsNotRetried(TrainingFailure kind)
    {
        var sweep = new TestSweep();
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        sweep.Apply(new FailTrial(attempt, kind, "no such file"));
        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(attempt.Trial));
    }

    [Fact]
    public void Fail_WithTheSameErrorInThreeTrials_PausesOnce()
    {
        var sweep = new TestSweep(TestPlans.Plan(20));
        var attempts = sweep.Claim(One, 6);
        for (var index = 0; index < 6; index++)
        {
            var message = $"cannot read file {index}\nstack {index}";
            sweep.Apply(new FailTrial(attempts[index].Attempt, TrainingFailure.Data, message));
            Assert.Equal(index < 2 ? SweepStatus.Running : SweepStatus.Paused, sweep.State.Status);
        }

        Assert.Single(sweep.Events.OfType<SweepPaused>());
        Assert.Contains("cannot read file", sweep.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Fail_WithThreeDifferentErrors_DoesNotPause()
    {
        var sweep = new TestSweep();
        foreach (var (assignment, word) in sweep.Claim(One, 3).Zip(["red", "green", "blue"]))
            sweep.Apply(new FailTrial(assignment.Attempt, TrainingFailure.Error, word));
        Assert.Equal(SweepStatus.Running, sweep.State.Status);
    }

    [Fact]
    public void Fail_TheSameTrialThreeTimesAlike_DoesNotPause()
    {
        var sweep = new TestSweep();
        for (var attempt = 0; attempt < 3; attempt++)
            sweep.Apply(new FailTrial(sweep.Claim(One, 1)[0].Attempt, TrainingFailure.Error, "boom"));
        Assert.Equal(SweepStatus.Running, sweep.State.Status);
    }

    [Fact]
    public void Resume_WithRetryOfTheFailed_GivesTheUndisturbedAnswer()
    {
        var undisturbed = new TestSweep();
        undisturbed.RunToEnd();
        var sweep = new TestSweep();
        foreach (var assignment in sweep.Claim(One, 3))
            sweep.Apply(new FailTrial(assignment.Attempt, TrainingFailure.Data, "no such file"));
        Assert.Equal(SweepStatus.Paused, sweep.State.Status);
        sweep.Apply(new ResumeSweep(RetryFailed: true));
        sweep.RunToEnd();
        Assert.Equal(undisturbed.State.Completion!.Digest, sweep.State.Completion!.Digest);
        Assert.Equal(3, sweep.State.Completion.Audit.Retried);
    }

    [Fact]
    public void Resume_WithoutRetryAfterEverythingFailed_EndsWithoutABest()
    {
        var sweep = new TestSweep(TestPlans.Plan(1));
        foreach (var assignment in sweep.Claim(One, 3))
            sweep.Apply(new FailTrial(assignment.Attempt, TrainingFailure.Data, "no such file"));
        Assert.Null(sweep.State.Selection);
        sweep.Apply(new ResumeSweep());
        Assert.Equal(SweepStatus.Completed, sweep.State.Status);
        Assert.Null(sweep.State.Selection!.Best);
        Assert.Equal(new SweepAudit(3, 0, 0, 0, 3, 0, 0), sweep.State.Completion!.Audit);
    }

    [Fact]
    public void Fail_OutOfMemory_IsRetriedAlone()
    {
        var sweep = new TestSweep(TestPlans.Plan(1, 2));
        var attempts = sweep.Claim(One, 2);
        sweep.Apply(new FailTrial(attempts[0].Attempt, TrainingFailure.OutOfMemory, "no memory"));
        var none = sweep.Apply(sweep.NextClaim(One, 1));
        Assert.Empty(none.Assignments);
        Assert.True(none.ExclusiveWaits);
        sweep.Complete(attempts[1].Attempt);
        var alone = Assert.Single(sweep.Claim(One, 4, exclusive: true));
        Assert.True(alone.Exclusive);
        Assert.Equal(attempts[0].Attempt.Trial, alone.Attempt.Trial);
    }

    [Fact]
    public void Fail_OutOfMemoryAloneTwice_FailsAtLast()
    {
        var sweep = new TestSweep(TestPlans.Plan(1, 2));
        sweep.Apply(new FailTrial(sweep.Claim(One, 1)[0].Attempt, TrainingFailure.OutOfMemory, "no memory"));
        for (var round = 0; round < 2; round++)
        {
            var alone = sweep.Claim(One, 1, exclusive: true)[0].Attempt;
            sweep.Apply(new FailTrial(alone, TrainingFailure.OutOfMemory, "no memory"));
        }

        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(new(0, 0)));
    }

    [Fact]
    public void ExpireSilo_ThreeTimesWithoutProgress_SetsTheTrialAside()
    {
        var sweep = new TestSweep(TestPlans.Plan(1, 2));
        var first = sweep.Claim(TestPlans.Silo(1), 1)[0].Attempt;
        sweep.Complete(sweep.Claim(One, 1)[0].Attempt);
        sweep.Apply(new ExpireSilo(TestPlans.Silo(1)));
        for (var number = 2; number <= 3; number++)
        {
            var silo = TestPlans.Silo(number);
            var last = Assert.Single(sweep.Claim(silo, 1, exclusive: true));
            Assert.Equal(first.Trial, last.Attempt.Trial);
            Assert.Equal(number == 3, last.Exclusive);
            sweep.Apply(new ExpireSilo(silo));
        }

        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(new(0, 0)));
        Assert.Equal("set aside", sweep.State.NoteOf(new(0, 0))!.Kind);
        sweep.RunToEnd();
        Assert.Equal(new SweepAudit(2, 1, 1, 0, 1, 0, 2), sweep.State.Completion!.Audit);
    }

    [Fact]
    public void ExpireSilo_WhateverRuns_SetsNothingAside()
    {
        // Someone switches machines off: each time two other trials are at work, so none of them is to blame.
        var sweep = new TestSweep(TestPlans.Plan(10, 3));
        for (var number = 1; number <= 60; number++)
        {
            var silo = TestPlans.Silo(number);
            sweep.Claim(silo, 2, exclusive: number % 2 == 0);
            sweep.Apply(new ExpireSilo(silo));
        }

        Assert.Equal(0, sweep.State.Totals.Failed);
        sweep.RunToEnd();
        Assert.Equal(0, sweep.State.Completion!.Audit.Failed);
    }

    [Fact]
    public void ExpireSilo_TwoKillersInTurn_AreBothSetAside()
    {
        // Each speaks for the other, but less and less.
        var sweep = new TestSweep(TestPlans.Plan(1, 2));
        for (var number = 1; number <= 20 && sweep.State.Totals.Failed < 2; number++)
        {
            sweep.Claim(TestPlans.Silo(number), 1, exclusive: true);
            sweep.Apply(new ExpireSilo(TestPlans.Silo(number)));
        }

        Assert.Equal(2, sweep.State.Totals.Failed);
    }

    [Fact]
    public void ExpireSilo_NeighboursOfAKiller_ClearThemselvesAlone()
    {
        var sweep = new TestSweep(TestPlans.Plan(1, 2));
        for (var number = 1; number <= 2; number++)
        {
            sweep.Claim(TestPlans.Silo(number), 2);
            sweep.Apply(new ExpireSilo(TestPlans.Silo(number)));
        }

        sweep.Claim(TestPlans.Silo(3), 2, exclusive: true);
        sweep.Apply(new ExpireSilo(TestPlans.Silo(3)));
        sweep.Complete(sweep.Claim(TestPlans.Silo(4), 2, exclusive: true)[0].Attempt);
        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(new(0, 0)));
        Assert.Equal(TrialStatus.Completed, sweep.State.StatusOf(new(0, 1)));
    }

    [Fact]
    public void ExpireSilo_ManyTimesWithProgress_KeepsTheTrial()
    {
        var sweep = new TestSweep(TestPlans.Plan(1, 2));
        sweep.Complete(sweep.Claim(One, 2)[1].Attempt);
        sweep.Apply(new ExpireSilo(One));
        for (var number = 2; number <= 50; number++)
        {
            var silo = TestPlans.Silo(number);
            var trial = sweep.Claim(silo, 1, exclusive: true)[0].Attempt.Trial;
            sweep.Apply(new ExpireSilo(silo, new Dictionary<TrialId, int> { [trial] = number / 2 }));
        }

        Assert.Equal(TrialStatus.Pending, sweep.State.StatusOf(new(0, 0)));
        Assert.Equal(50, sweep.State.AttemptsOf(new(0, 0)));
    }

    [Fact]
    public void Expire_ByTimeout_RetriesAndInTheEndSetsAside()
    {
        var sweep = new TestSweep(TestPlans.Plan(1, 2));
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        sweep.Complete(sweep.Claim(One, 1)[0].Attempt);
        for (var round = 0; round < 3; round++)
        {
            sweep.Apply(new ExpireAttempt(attempt, ExpiryReason.Timeout));
            attempt = attempt with { Number = attempt.Number + 1 };
            sweep.Claim(One, 1, exclusive: true);
        }

        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(new(0, 0)));
    }

    [Fact]
    public void Complete_Diverged_IsAResultAndNotRetried()
    {
        var sweep = new TestSweep();
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        sweep.Apply(new CompleteTrial(attempt, TestPlans.Result(double.NaN, TrainingOutcome.Diverged)));
        Assert.Equal(TrialStatus.Completed, sweep.State.StatusOf(attempt.Trial));
        Assert.Equal("a reason", sweep.State.ResultOf(attempt.Trial)!.Reason);
        sweep.RunToEnd();
        Assert.Equal(1, sweep.State.ScoreOf(0)!.Value.Diverged);
        Assert.Equal(0, FoldValue(sweep.State));

        static double FoldValue(SweepState state) => FoldScores.Values(state, 0)[0];
    }

    /// <summary>Reports that no worker of this version makes: refused, they would come back for ever.</summary>
    [Theory]
    [InlineData("short", TrainingOutcome.Completed, "'short'")]
    [InlineData(null, TrainingOutcome.Completed, "64 hexadecimal digits")]
    [InlineData("", TrainingOutcome.Stopped, "a stopped training is not complete")]
    public void Complete_Malformed_IsAnErrorThatIsRetriedAndThenFails(
        string? digest, TrainingOutcome outcome, string why)
    {
        var sweep = new TestSweep();
        var trial = sweep.Claim(One, 1)[0].Attempt.Trial;
        var result = TestPlans.Result(0.5) with { Outcome = outcome, WeightsDigest = digest! };
        var failures = new List<TrialFailed>();
        while (sweep.State.StatusOf(trial) == TrialStatus.Running)
        {
            var attempt = new AttemptId(trial, sweep.State.AttemptsOf(trial));
            failures.AddRange(sweep.Apply(new CompleteTrial(attempt, result)).Events.OfType<TrialFailed>());
            if (sweep.State.StatusOf(trial) == TrialStatus.Pending)
                sweep.Claim(One, 1);
        }

        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(trial));
        Assert.True(failures.Count > 1);
        Assert.All(failures, failure => Assert.Contains(why, failure.Message, StringComparison.Ordinal));
        Assert.Equal(TrainingFailure.Error, failures[0].Kind);
    }
}
