using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Decisions;

/// <summary>Results that are taken over, and configurations that are one training.</summary>
public sealed class ReuseTests
{
    private static readonly SiloId One = TestPlans.Silo(1);
    private static readonly SiloId Two = TestPlans.Silo(2);

    private static TestSweep New(IKnownResults? known, int configurations = 3) =>
        new(TestPlans.Reusing(TestPlans.Plan(configurations, 2, refit: false)) with { EpochsDiffer = false })
        {
            Known = known,
        };

    private static TestSweep Family(IKnownResults? known) =>
        new(TestPlans.Reusing(TestPlans.Plan(3, 1, refit: false) with { Folds = 0, HoldoutFraction = 0.2 }),
            new FamilySearcher())
        {
            Known = known,
        };

    [Fact]
    public void Claim_AllKnown_EndsTheSweepWithoutAStart()
    {
        var trained = New(null);
        trained.RunToEnd();
        var sweep = New(new SomeKnown { Has = _ => true });
        var decision = sweep.Apply(sweep.NextClaim(One, 1));
        Assert.Empty(decision.Assignments);
        Assert.DoesNotContain(sweep.Events, item => item is TrialStarted);
        Assert.Equal("numerics", sweep.State.Fingerprint);
        Assert.Equal(trained.State.Completion, sweep.State.Completion);
        Assert.Equal(LogAudit.Of(sweep.Events), sweep.State.Audit());
        Assert.Equal((6, 12.0, 0.0), (
            sweep.State.Totals.Reused, sweep.State.Totals.ReusedSeconds, sweep.State.Totals.TrainSeconds));
        Assert.Equal(new ReuseSource("earlier", new(7, 1), 9), sweep.State.SourceOf(new(0, 0)));
    }

    [Fact]
    public void Claim_SomeKnown_HandsOutTheOthersAlone()
    {
        var sweep = New(new SomeKnown());
        var given = sweep.Claim(One, 10).Select(item => item.Attempt.Trial).ToList();
        Assert.Equal([new(0, 1), new(1, 0), new(2, 1)], given);
        Assert.Equal(TrialStatus.Completed, sweep.State.StatusOf(new(0, 0)));
        Assert.Null(sweep.State.SourceOf(new(0, 1)));
    }

    [Fact]
    public void Claim_NotLookedUp_AsksAndHandsOutNothing()
    {
        var sweep = New(new Unknown());
        var decision = sweep.Apply(sweep.NextClaim(One, 2));
        Assert.Empty(decision.Assignments);
        Assert.Equal(6, decision.ToLookUp.Count);
        Assert.Equal(Split.KFold(2, 1), decision.ToLookUp[1].Request.Split);
        Assert.Null(sweep.State.Fingerprint);
        // The claim got nothing, so that it may be made again under its number.
        sweep.Known = new SomeKnown { Has = _ => false };
        Assert.Equal(2, sweep.Apply(new ClaimTrials(One, 1, 2, "numerics") { Known = sweep.Known }).Assignments.Count);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Claim_ReuseOffOrNumericsMixed_TrainsEverything(bool reuse, bool same)
    {
        var plan = TestPlans.Reusing(TestPlans.Plan(3, 2)) with { Reuse = reuse, MixedNumerics = !same };
        var sweep = new TestSweep(plan) { Known = new SomeKnown { Has = _ => true } };
        Assert.Equal(6, sweep.Claim(One, 6).Count);
    }

    [Fact]
    public void Claim_WhileAnAttemptRuns_DoesNotTakeItsTrialOver()
    {
        var sweep = New(null);
        var running = sweep.Claim(Two, 1)[0].Attempt;
        sweep.Known = new SomeKnown { Has = _ => true };
        sweep.Claim(One, 1);
        Assert.Equal(TrialStatus.Running, sweep.State.StatusOf(running.Trial));
        sweep.Complete(running);
        Assert.True(sweep.State.IsOver);
        Assert.Equal(5, sweep.State.Totals.Reused);
    }

    [Fact]
    public void Claim_TrialThatWasLost_IsTakenOverAndItsLateReportIsStale()
    {
        var sweep = New(null);
        var lost = sweep.Claim(Two, 1)[0].Attempt;
        sweep.Apply(new ExpireSilo(Two));
        sweep.Known = new SomeKnown { Has = trial => trial == lost.Trial };
        sweep.Claim(One, 10);
        Assert.Equal(TrialStatus.Completed, sweep.State.StatusOf(lost.Trial));
        var late = sweep.Complete(lost);
        Assert.Empty(late.Events);
        Assert.NotNull(late.Rejection);
        Assert.Equal(LogAudit.Of(sweep.Events).Completed, sweep.State.Audit().Completed);
    }

    [Fact]
    public void Evolve_ReusedTrialThatRuns_SaysThatTheLogIsDamaged()
    {
        var sweep = New(null);
        var running = sweep.Claim(One, 1)[0].Attempt;
        Assert.Throws<SweepsException>(() => sweep.State.Evolve(
            new TrialReused(running.Trial, "x", new(0, 0), 1, TestPlans.Of(running.Trial))));
        Assert.Throws<SweepsException>(() => LogAudit.Of(
            [.. sweep.Events, new TrialReused(running.Trial, "x", new(0, 0), 1, TestPlans.Of(running.Trial))]));
    }

    [Fact]
    public void Claim_Family_GetsTheLongestAndKeepsTheOthersWaiting()
    {
        var sweep = Family(new SomeKnown { Has = _ => false });
        // The first claim proposes: what it proposes is looked at by the next.
        sweep.Claim(One, 3);
        var given = Assert.Single(sweep.Claim(One, 3));
        Assert.Equal((new TrialId(0, 0), 3), (given.Attempt.Trial, given.Request.Hyperparameters.Epochs));
        Assert.Empty(sweep.Claim(Two, 3));
        sweep.Complete(given.Attempt);
        // Nothing could be read off: the next longest goes, and the shortest waits for it.
        Assert.Equal(new TrialId(2, 0), Assert.Single(sweep.Claim(Two, 3)).Attempt.Trial);
    }

    [Fact]
    public void Claim_FamilyWhoseLongestFailed_TrainsTheNext()
    {
        var sweep = Family(new SomeKnown { Has = _ => false });
        sweep.Claim(One, 1);
        for (var tries = 0; tries < 3; tries++)
        {
            var given = Assert.Single(sweep.Claim(One, 3)).Attempt;
            Assert.Equal(new TrialId(0, 0), given.Trial);
            sweep.Apply(new FailTrial(given, TrainingFailure.Error, "broken"));
        }

        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(new(0, 0)));
        Assert.Equal(new TrialId(2, 0), Assert.Single(sweep.Claim(One, 3)).Attempt.Trial);
    }

    /// <summary>Every member by itself, in one question: not one member a round, the longest first.</summary>
    [Fact]
    public void Claim_FamilyThatNobodyTrains_AsksForAllItsTrialsAtOnce()
    {
        var sweep = Family(new Unknown());
        sweep.Claim(One, 1);
        var decision = sweep.Apply(sweep.NextClaim(One, 1));
        Assert.Equal([new(0, 0), new(1, 0), new(2, 0)], decision.ToLookUp.Select(question => question.Trial).Order());
        sweep.Known = new SomeKnown { Has = _ => true };
        Assert.Equal(3, sweep.Apply(sweep.NextClaim(One, 1)).Events.OfType<TrialReused>().Count());
        Assert.True(sweep.State.IsOver);
    }

    /// <summary>What is known of a shorter one is taken over though the longer one must be trained.</summary>
    [Fact]
    public void Claim_FamilyOfWhichAShorterOneIsKnown_TakesThatOverAndTrainsTheLongest()
    {
        var sweep = Family(new SomeKnown { Has = trial => trial.Configuration == 1 });
        sweep.Claim(One, 1);
        Assert.Equal(new TrialId(0, 0), Assert.Single(sweep.Claim(One, 3)).Attempt.Trial);
        Assert.NotNull(sweep.State.SourceOf(new(1, 0)));
        Assert.Equal(TrialStatus.Pending, sweep.State.StatusOf(new(2, 0)));
    }

    [Fact]
    public void Claim_TrialsLookedUpLongAgo_AsksAgainForThoseItWouldHandOut()
    {
        var sweep = New(new SomeKnown { Has = _ => false, IsOld = _ => true });
        var decision = sweep.Apply(sweep.NextClaim(One, 2));
        Assert.Empty(decision.Assignments);
        Assert.Equal([new(0, 0), new(0, 1)], decision.ToLookUp.Select(question => question.Trial));
        sweep.Known = new SomeKnown { Has = _ => false, IsOld = trial => trial.Configuration > 0 };
        decision = sweep.Apply(sweep.NextClaim(One, 2));
        Assert.Equal([new(0, 0), new(0, 1)], decision.Assignments.Select(item => item.Attempt.Trial));
        Assert.Empty(decision.ToLookUp);
    }

    [Fact]
    public void Claim_SomeNotLookedUp_HandsOutTheOthersMeanwhile()
    {
        var sweep = New(new SomeKnown { Has = _ => false, IsOld = trial => trial.Configuration > 0 });
        var decision = sweep.Apply(sweep.NextClaim(One, 4));
        Assert.Equal([new(0, 0), new(0, 1)], decision.Assignments.Select(item => item.Attempt.Trial));
        Assert.Equal([new(1, 0), new(1, 1)], decision.ToLookUp.Select(question => question.Trial));
    }

    [Fact]
    public void Claim_FamilyWithoutAnyoneWhoLooks_TrainsEach()
    {
        var sweep = Family(null);
        Assert.Equal(3, sweep.Claim(One, 3).Count);
    }

    [Fact]
    public void Propose_WhereEpochsDiffer_ProposesFarAhead()
    {
        var sweep = new TestSweep(TestPlans.Reusing(TestPlans.Plan(1000, 2)), new FamilySearcher())
        {
            Known = new SomeKnown { Has = _ => false },
        };
        sweep.Claim(One, 1);
        Assert.Equal(1000, sweep.State.Proposed);
    }

    private sealed class Unknown : IKnownResults
    {
        public KnownAnswer? Find(TrialQuestion question, string? fingerprint) => null;
    }

    /// <summary>A trial that was taken over at a rung, went on and failed has no result, until it is tried again.
    /// </summary>
    [Fact]
    public void Fail_AfterItWasTakenOverAtARung_CountsAsReusedNoMore()
    {
        var plan = TestPlans.Reusing(TestPlans.Scheduled(4, 2)) with { EpochsDiffer = false };
        var sweep = new TestSweep(plan, policy: new() { ErrorRetries = 0 })
        {
            Known = new AtRungs(1),
        };
        IReadOnlyList<Assignment> started = [];
        for (var claims = 0; claims < 5 && started.Count == 0; claims++)
            started = sweep.Claim(One, 10);
        Assert.Equal(4, sweep.State.Totals.Reused);
        var trial = started.First(item => item.Attempt.Trial.Fold == 0).Attempt;
        AssertCountsAgree();
        sweep.Apply(new FailTrial(trial, TrainingFailure.Error, "broken"));
        Assert.Equal(TrialStatus.Failed, sweep.State.StatusOf(trial.Trial));
        Assert.Equal(3, sweep.State.Totals.Reused);
        AssertCountsAgree();
        sweep.RunToEnd();
        AssertCountsAgree();

        void AssertCountsAgree()
        {
            var totals = sweep.State.Totals;
            Assert.Equal(totals.Reused, sweep.State.ReusedFrom().Sum(pair => pair.Trials));
            Assert.Equal(totals.Reused, sweep.Rebuild().Totals.Reused);
            Assert.Equal(totals.ReusedSeconds, sweep.Rebuild().Totals.ReusedSeconds, 9);
        }
    }

    /// <summary>A store that has every trial up to the rung at an epoch, and nothing beyond.</summary>
    private sealed class AtRungs(int epoch) : IKnownResults
    {
        public KnownAnswer? Find(TrialQuestion question, string? fingerprint) => new(
            question.Until != epoch ? null : new("earlier", new(7, 1), 9, TestPlans.Of(question.Trial) with
            {
                Outcome = TrainingOutcome.Stopped,
                Epochs = epoch,
            }),
            false, null);
    }
}
