using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Log;

namespace Sweeps.Core.Tests.Decisions;

/// <summary>Trials that go on from the checkpoint of a shorter training.</summary>
public sealed class BeginningTests
{
    private static readonly SiloId One = TestPlans.Silo(1);
    private static readonly SiloId Two = TestPlans.Silo(2);
    private static readonly TrialBeginning Kept = new("earlier", new(7, 1), 2, 0.5, 0.25, 10);

    private static TestSweep New(Func<TrialQuestion, TrialBeginning?> beginning) =>
        new(TestPlans.Reusing(TestPlans.Plan(3, 2, refit: false)) with { EpochsDiffer = false })
        {
            Known = new SomeKnown { Has = _ => false, BeginningOf = beginning },
        };

    [Fact]
    public void Claim_StoreKeepsTheBeginning_HandsItOutAndTheLogTells()
    {
        var sweep = New(question => question.Trial.Configuration == 0 ? Kept : null);
        var given = sweep.Claim(One, 3);
        Assert.Equal([Kept, Kept, null], given.Select(item => item.Beginning));
        Assert.Equal([Kept, Kept, null], sweep.Events.OfType<TrialStarted>().Select(started => started.Beginning));
        Assert.Equal(Kept, sweep.Rebuild().BeginningOf(new(0, 1)));
        // A repeated claim is answered with the same.
        var again = sweep.Apply(new ClaimTrials(One, 1, 3, "numerics") { Known = sweep.Known });
        Assert.Equal([Kept, Kept, null], again.Assignments.Select(item => item.Beginning));
    }

    /// <summary>The same answer, and its own training alone counts.</summary>
    [Fact]
    public void Complete_BegunElsewhere_CountsWhatWasTrainedHereAlone()
    {
        var trained = New(_ => null);
        trained.RunToEnd();
        var sweep = New(question => question.Trial.Fold == 0 ? Kept : null);
        sweep.RunToEnd();
        Assert.Equal(trained.State.Completion, sweep.State.Completion);
        Assert.Equal(LogAudit.Of(sweep.Events), sweep.State.Audit());
        Assert.Equal(new ContinuedTrials(3, 2, 2, 1.5), sweep.State.ContinuedTotals());
        Assert.Null(trained.State.ContinuedTotals());
        Assert.Equal(trained.State.Totals.TrainSeconds - 1.5, sweep.State.Totals.TrainSeconds, 12);
        Assert.Equal(trained.State.Totals.Samples - 30, sweep.State.Totals.Samples);
        Assert.Equal(0, sweep.State.Totals.Reused);
        Assert.Equal(sweep.State.ContinuedTotals(), sweep.Rebuild().ContinuedTotals());
    }

    [Fact]
    public void Claim_AfterItsSiloWasLost_IsGivenTheSameBeginningThoughNothingIsKeptNow()
    {
        var sweep = New(_ => Kept);
        sweep.Claim(One, 1);
        sweep.Apply(new ExpireSilo(One));
        sweep.Known = new SomeKnown { Has = _ => false, BeginningOf = _ => Kept with { Epochs = 1 } };
        sweep.Restart();
        var given = Assert.Single(sweep.Claim(Two, 10), item => item.Attempt.Trial == new TrialId(0, 0));
        Assert.Equal((2, Kept), (given.Attempt.Number, given.Beginning));
        Assert.Null(sweep.Events.OfType<TrialStarted>().Single(started => started.Attempt == 2).Beginning);
    }

    /// <summary>It has a checkpoint of its own, or had to begin before.</summary>
    [Fact]
    public void Claim_TrialThatBeganFromTheStart_GoesOnAsItBegan()
    {
        var sweep = New(_ => null);
        sweep.Claim(One, 1);
        sweep.Apply(new ExpireSilo(One));
        sweep.Known = new SomeKnown { Has = _ => false, BeginningOf = _ => Kept };
        var given = Assert.Single(sweep.Claim(Two, 10), item => item.Attempt.Trial == new TrialId(0, 0));
        Assert.Equal(2, given.Attempt.Number);
        Assert.Null(given.Beginning);
    }

    [Fact]
    public void LoseCheckpoint_OfTheBeginning_CountsTheWholeTraining()
    {
        var sweep = New(_ => Kept);
        var attempt = Assert.Single(sweep.Claim(One, 1)).Attempt;
        sweep.Apply(new LoseCheckpoint(attempt, "the checkpoint that trial 7/1 of earlier kept is gone"));
        sweep.Complete(attempt);
        Assert.Null(sweep.State.BeginningOf(attempt.Trial));
        Assert.Null(sweep.State.ContinuedTotals());
        Assert.Equal(TestPlans.Of(attempt.Trial).TrainSeconds, sweep.State.Totals.TrainSeconds, 12);
        Assert.Equal("checkpoint lost", sweep.State.NoteOf(attempt.Trial)!.Kind);
    }

    /// <summary>What the store refused never happened: another coordinator was first.</summary>
    [Fact]
    public void Rollback_OfAStartWithABeginning_ForgetsIt()
    {
        var session = new SweepSession(New(_ => Kept).Rebuild(), new(new TestSearcher()));
        session.Apply(
            new ClaimTrials(One, 1, 1, "numerics")
            {
                Known = new SomeKnown { Has = _ => false, BeginningOf = _ => Kept },
            },
            TestPlans.Start);
        Assert.Equal(Kept, session.State.BeginningOf(new(0, 0)));
        session.Rollback();
        Assert.Null(session.State.BeginningOf(new(0, 0)));
    }

    /// <summary>A trial that is taken over after all was not continued.</summary>
    [Fact]
    public void Claim_BegunTrialThatAnotherSweepHasDone_CountsAsReusedAlone()
    {
        var sweep = New(_ => Kept);
        sweep.Claim(One, 1);
        sweep.Apply(new ExpireSilo(One));
        sweep.Known = new SomeKnown { Has = trial => trial == new TrialId(0, 0) };
        sweep.Claim(Two, 10);
        Assert.NotNull(sweep.State.SourceOf(new(0, 0)));
        Assert.Null(sweep.State.ContinuedTotals());
        Assert.Equal((1, 0.0), (sweep.State.Totals.Reused, sweep.State.Totals.TrainSeconds));
    }
}
