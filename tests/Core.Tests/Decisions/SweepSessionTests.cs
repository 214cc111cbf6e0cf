using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Log;

namespace Sweeps.Core.Tests.Decisions;

public sealed class SweepSessionTests
{
    private static readonly SiloId One = TestPlans.Silo(1);

    private static SweepSession New()
    {
        var session = new SweepSession(new SweepState(), new SweepDecider(new TestSearcher()));
        session.Apply(new SubmitSweep(TestPlans.Plan(1, 2)), TestPlans.Start);
        session.Commit(1);
        return session;
    }

    private static AttemptId[] Claim(SweepSession session, long number, int count)
    {
        var decision = session.Apply(new ClaimTrials(One, number, count, "x"), TestPlans.Start);
        return [.. decision.Assignments.Select(item => item.Attempt)];
    }

    [Fact]
    public void Apply_ManyCommandsBeforeOneAppend_ShareIt()
    {
        var session = New();
        var attempts = Claim(session, 1, 1).Concat(Claim(session, 2, 1)).ToArray();
        Assert.Equal([new(new(0, 0), 1), new(new(0, 1), 1)], attempts);
        Assert.Equal(1, session.Durable);
        Assert.Equal(4, session.Uncommitted.Count);
        session.Commit(5);
        Assert.Empty(session.Uncommitted);
        Assert.Equal(5, session.Durable);
    }

    [Fact]
    public void Rollback_AfterAPartlyCommittedPipeline_KeepsWhatIsDurable()
    {
        var session = New();
        Claim(session, 1, 1);
        var durable = session.State.Sequence;
        Claim(session, 2, 1);
        session.Commit(durable);
        var text = session.State.Totals.Running;
        session.Rollback();
        Assert.Equal((2, 1), (text, session.State.Totals.Running));
        Assert.Equal(durable, session.State.Sequence);
        Assert.Equal(new AttemptId(new(0, 1), 1), Claim(session, 2, 1)[0]);
    }

    [Fact]
    public void Observe_EventsOfAnotherCoordinator_ContinuesFromThem()
    {
        var mine = New();
        var other = New();
        var theirs = other.Apply(new ClaimTrials(TestPlans.Silo(2), 1, 1, "x"), TestPlans.Start);
        Claim(mine, 1, 1);
        mine.Rollback();
        mine.Observe(theirs.Events);
        Assert.Equal(other.State.Sequence, mine.Durable);
        Assert.Equal(new AttemptId(new(0, 1), 1), Claim(mine, 1, 1)[0]);
    }

    [Fact]
    public void Observe_WithUncommittedEvents_IsAnError()
    {
        var session = New();
        Claim(session, 1, 1);
        Assert.Throws<InvalidOperationException>(() => session.Observe([]));
    }

    [Fact]
    public void Advance_LogThatEndsBetweenResultAndScore_Concludes()
    {
        var sweep = new TestSweep(TestPlans.Plan(2, 2, refit: false));
        sweep.RunToEnd();
        var cut = sweep.Events.ToList().FindLastIndex(item => item is TrialCompleted) + 1;
        var session = new SweepSession(sweep.Rebuild(cut), new SweepDecider(new TestSearcher()));
        Assert.Equal(SweepStatus.Running, session.State.Status);
        session.Advance(TestPlans.Start);
        Assert.Equal(SweepStatus.Completed, session.State.Status);
        Assert.Equal(sweep.State.Completion, session.State.Completion);
        Assert.Empty(session.Advance(TestPlans.Start));
    }

    [Fact]
    public void Evolve_EventOutOfTurn_SaysThatTheLogIsDamaged()
    {
        var session = New();
        var attempt = Claim(session, 1, 1)[0];
        var error = Assert.Throws<SweepsException>(
            () => session.State.Evolve(new TrialCompleted(attempt.Trial, 2, TestPlans.Result(attempt.Trial))));
        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains("Event 5", error.Message, StringComparison.Ordinal);
    }
}
