using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Decisions;

/// <summary>What it means that the user stops a trial.</summary>
public sealed class StopTests
{
    private static readonly SiloId One = TestPlans.Silo(1);

    [Fact]
    public void Stop_WaitingTrial_IsNeverHandedOutAndCounts()
    {
        var sweep = new TestSweep(TestPlans.Plan(3, 2));
        sweep.Claim(One, 1);

        Assert.Null(sweep.Apply(new StopTrials([new(1, 1)], "no use")).Rejection);
        sweep.Apply(new ExpireSilo(One));
        sweep.RunToEnd();

        Assert.DoesNotContain(sweep.Events.OfType<TrialStarted>(), started => started.Trial == new TrialId(1, 1));
        var audit = LogAudit.Of(sweep.Events);
        Assert.True(audit.Holds);
        Assert.Equal((1L, 0L), (audit.Stopped, audit.Failed));
        Assert.Equal(audit, sweep.State.Completion!.Audit);
        Assert.Equal(1, sweep.State.Totals.StoppedByUser);
        Assert.Equal(new(0, "stopped by the user", "no use"), sweep.State.NoteOf(new(1, 1)));
    }

    [Fact]
    public void Stop_RunningTrial_EndsItsAttemptAndWhatComesLateIsStale()
    {
        var sweep = new TestSweep(TestPlans.Plan(2, 2));
        var attempt = sweep.Claim(One, 1)[0].Attempt;

        sweep.Apply(new StopTrials([attempt.Trial], "no use"));
        var late = sweep.Complete(attempt);

        Assert.Empty(sweep.State.RunningOn(One));
        Assert.Equal(RejectionKind.Stale, late.Rejection!.Kind);
        Assert.Empty(late.Events);
        Assert.Equal(
            RejectionKind.Stale,
            sweep.Apply(new FailTrial(attempt, TrainingFailure.Error, "late")).Rejection!.Kind);
        Assert.Null(sweep.State.ResultOf(attempt.Trial));
    }

    /// <summary>A mean over fewer folds is no score: the configuration is told, without a rank.</summary>
    [Fact]
    public void Stop_OneFoldOfTheBest_LeavesItWithoutARankAndTheDigestTells()
    {
        var straight = new TestSweep(TestPlans.Plan(4, 3));
        straight.RunToEnd();
        var best = straight.State.Selection!.Best!.Value;
        var sweep = new TestSweep(TestPlans.Plan(4, 3));
        sweep.Claim(One, 12);

        sweep.Apply(new StopTrials([new(best, 2)], "no use"));
        sweep.Apply(new ExpireSilo(One));
        sweep.RunToEnd();

        var row = Assert.Single(Leaderboard.Of(sweep.State), row => row.Index == best);
        Assert.Null(row.Rank);
        Assert.Null(row.StoppedAt);
        Assert.Equal((1, 0), (row.Score.Missing, row.Score.Stopped));
        Assert.NotEqual(best, sweep.State.Selection!.Best);
        Assert.NotEqual(straight.State.Completion!.Digest, sweep.State.Completion!.Digest);
        // The others are what they were.
        var differs = ResultsDigest.Lines(straight.State).Except(ResultsDigest.Lines(sweep.State)).ToList();
        Assert.All(
            differs,
            line => Assert.True(
                line.StartsWith($"trial {best}/2", StringComparison.Ordinal)
                || line.StartsWith("best", StringComparison.Ordinal) || line.Contains("refit"), line));
    }

    [Fact]
    public void Stop_EveryTrialOfAConfiguration_ScoresItWithoutAValue()
    {
        var sweep = new TestSweep(TestPlans.Plan(3, 2));
        sweep.Claim(One, 1);

        sweep.Apply(new StopTrials([new(1, 0), new(1, 1)], "no use"));

        Assert.Equal(2, sweep.State.ScoreOf(1)!.Value.Missing);
        Assert.True(double.IsNaN(sweep.State.ScoreOf(1)!.Value.Mean));
        Assert.Equal(RejectionKind.Duplicate, sweep.Apply(new StopTrials([new(1, 1)], "again")).Rejection!.Kind);
    }

    /// <summary>What a network has of weights follows from its layers and the data: mlp-1 on 28x28 pictures of ten
    /// classes has 784 + 1 + 10 + 10.</summary>
    [Theory]
    [InlineData("digits", 805L)]
    [InlineData("rows.csv", null)]
    public void Stop_BeforeAnyResult_LeavesTheWeightsThatItsLayersHave(string data, long? weights)
    {
        var plan = TestPlans.Plan(2, 2) with
        {
            Data = data,
            Objectives = new() { Further = [SweepMetric.Of(SweepMetric.Weights)] },
        };
        var sweep = new TestSweep(plan, new NamedSearcher("mlp-2", "mlp-1"));
        sweep.Claim(One, 1);
        sweep.Apply(new StopTrials([new(1, 0), new(1, 1)], "no use"));
        sweep.Apply(new ExpireSilo(One));
        sweep.RunToEnd();

        var row = Assert.Single(Leaderboard.Of(sweep.State), row => row.Index == 1);
        var document = ResultsDocument.Of(sweep.State).Configurations!.Single(one => one.Configuration == 1);
        using var csv = new StringWriter();
        CvResults.Write(sweep.State, csv);
        var lines = csv.ToString().Split('\n').Select(line => line.Split(',')).ToList();

        Assert.Equal(weights, row.Weights);
        Assert.Equal(weights ?? double.NaN, row.Score.Further![0].Mean);
        Assert.Equal(weights, document.Weights);
        Assert.Equal(
            $"{weights}", lines[2][^(lines[0].Length - Array.IndexOf(lines[0], "weights"))]);
        Assert.Equal(0, sweep.State.ScoreOf(1)!.Value.Weights);
    }

    [Fact]
    public void Stop_BeforeAnyResult_OnUnknownData_HasTheWeightsOfTheSameNetworkElsewhere()
    {
        var sweep = new TestSweep(TestPlans.Plan(3, 2) with { Data = "rows.csv" }, new NamedSearcher("mlp-2"));
        sweep.Claim(One, 1);
        sweep.Apply(new StopTrials([new(1, 0), new(1, 1)], "no use"));
        sweep.Apply(new ExpireSilo(One));
        sweep.RunToEnd();

        Assert.All(Leaderboard.Of(sweep.State), row => Assert.Equal(100, row.Weights));
    }

    [Fact]
    public void Stop_WhatHasEnded_IsRefusedWithItsState()
    {
        var sweep = new TestSweep(TestPlans.Plan(3, 2));
        var attempt = sweep.Claim(One, 1)[0].Attempt;
        sweep.Complete(attempt);

        var ended = sweep.Apply(new StopTrials([attempt.Trial], "no use"));
        var some = sweep.Apply(new StopTrials([attempt.Trial, new(0, 1)], "no use"));
        var unknown = sweep.Apply(new StopTrials([new(99, 0)], "no use"));

        Assert.Equal(RejectionKind.Stale, ended.Rejection!.Kind);
        Assert.Contains("0/0 is completed", ended.Rejection.Message, StringComparison.Ordinal);
        Assert.Equal([new TrialId(0, 1)], some.Events.OfType<TrialStopped>().Select(stopped => stopped.Trial));
        Assert.Equal(RejectionKind.Conflict, unknown.Rejection!.Kind);
        sweep.Apply(new CancelSweep("enough"));
        Assert.Equal(RejectionKind.Over, sweep.Apply(new StopTrials([new(1, 0)], "late")).Rejection!.Kind);
    }

    [Fact]
    public void Resume_WithRetryOfTheFailed_LeavesWhatTheUserStopped()
    {
        var sweep = new TestSweep(TestPlans.Plan(3, 2));
        var attempts = sweep.Claim(One, 2);
        sweep.Apply(new FailTrial(attempts[0].Attempt, TrainingFailure.Data, "a hole"));
        sweep.Apply(new StopTrials([attempts[1].Attempt.Trial], "no use"));

        sweep.Apply(new ResumeSweep(RetryFailed: true));

        Assert.Equal(TrialStatus.Pending, sweep.State.StatusOf(attempts[0].Attempt.Trial));
        Assert.Equal(TrialStatus.Stopped, sweep.State.StatusOf(attempts[1].Attempt.Trial));
    }

    /// <summary>What stands at a rung has a result up to there, which counts for nothing once it is stopped.</summary>
    [Fact]
    public void Stop_AtARung_LetsTheOthersGoOnInItsPlace()
    {
        var straight = new TestSweep(TestPlans.Scheduled(4, 2));
        straight.RunToEnd();
        var first = straight.Events.OfType<RungDecided>().First();
        var leader = first.Promoted[0].Configuration;
        var sweep = new TestSweep(TestPlans.Scheduled(4, 2));
        var attempts = sweep.Claim(One, 4).Select(assignment => assignment.Attempt).ToList();
        foreach (var attempt in attempts[..3])
            sweep.Complete(attempt);
        Assert.Empty(sweep.Events.OfType<RungDecided>());

        var folds = Enumerable.Range(0, sweep.State.Plan.TrialsPerConfiguration);
        sweep.Apply(new StopTrials([.. folds.Select(fold => new TrialId(leader, fold))], "no use"));
        if (leader != attempts[3].Trial.Configuration)
            sweep.Complete(attempts[3]);

        var decided = sweep.Events.OfType<RungDecided>().First();
        Assert.DoesNotContain(decided.Promoted, place => place.Configuration == leader);
        Assert.Equal(first.Promoted.Count, decided.Promoted.Count);
        sweep.RunToEnd();
        Assert.True(sweep.State.IsOver);
        Assert.Equal(LogAudit.Of(sweep.Events), sweep.State.Audit());
        Assert.Equal("stopped by the user", sweep.State.NoteOf(new(leader, 0))!.Kind);
    }

    [Fact]
    public void Stop_TheRefit_EndsTheSweepWithoutATest()
    {
        var sweep = new TestSweep(TestPlans.Plan(2, 2));
        for (var left = 4; left > 0; left--)
            sweep.Complete(sweep.Claim(One, 1)[0].Attempt);
        var refit = sweep.State.RefitTrial!.Value;

        sweep.Apply(new StopTrials([refit], "no use"));

        Assert.Equal(SweepStatus.Completed, sweep.State.Status);
        Assert.True(LogAudit.Of(sweep.Events).Holds);
        Assert.Null(sweep.State.ResultOf(refit));
    }
}
