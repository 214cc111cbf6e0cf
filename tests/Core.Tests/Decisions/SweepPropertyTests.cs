using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Tests.State;
using Sweeps.Core.Trainings;
using Sweeps.Tests;

namespace Sweeps.Core.Tests.Decisions;

/// <summary>
/// Random commands in random order, late ones and doubles included, with crashes and refused appends between them,
/// never break what a sweep promises. A script of numbers is the random input, so that FsCheck can shrink it.
/// </summary>
public sealed class SweepPropertyTests
{
    private static readonly Config Config =
        Config.QuickThrowOnFailure.WithMaxTest(LongRun.IsOn ? 300 : 150).WithEndSize(250);

    /// <summary>Several kinds of sweep; one that reuses results has configurations that are one training.</summary>
    public static TheoryData<string> Kinds =>
        ["plain", "brackets", "index order", "race", "reusing", "reusing brackets", "reusing in order"];

    private static TestSweep New(string kind) => kind switch
    {
        "brackets" => new(TestPlans.Scheduled(9, 2)),
        "index order" => new(TestPlans.InOrder(9, 2)),
        "race" => new(TestPlans.InOrder(9, 3, new Rung(2, null, 2, Alpha: 0.4))),
        "reusing" => new(TestPlans.Reusing(TestPlans.Plan(5, 2)), new FamilySearcher()) { Known = new SomeKnown() },
        "reusing brackets" => new(TestPlans.Reusing(TestPlans.Scheduled(9, 2))) { Known = new SomeKnown() },
        "reusing in order" => new(TestPlans.Reusing(TestPlans.InOrder(9, 2))) { Known = new SomeKnown() },
        _ => new(TestPlans.Plan(5, 2)),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AnyScript_KeepsTheInvariantsAndEnds(string kind) => Check.One(
        Config,
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), script =>
        {
            var sweep = New(kind);
            new Script(sweep).Run(script);
            Finish(sweep);
            AssertCounts(sweep);
            var audit = LogAudit.Of(sweep.Events);
            Assert.Equal(audit, sweep.State.Audit());
            Assert.True(audit.Holds, audit.ToString());
            Assert.True(sweep.State.IsOver);
            Assert.Equal(0, sweep.State.Totals.Running);
        }));

    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(Kinds))]
    public void AnyScript_WithoutFinalFailures_GivesTheUndisturbedDigest(string kind)
    {
        var undisturbed = New(kind);
        undisturbed.Known = null;
        undisturbed.RunToEnd();
        Check.One(Config, Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), script =>
        {
            var sweep = New(kind);
            new Script(sweep) { Harmless = true }.Run(script);
            Finish(sweep);
            Assert.Equal(undisturbed.State.Completion!.Digest, sweep.State.Completion!.Digest);
        }));
    }

    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(Kinds))]
    public void AnyScript_RebuiltAtAnyPoint_IsTheLiveState(string kind) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(LongRun.IsOn ? 100 : 50).WithEndSize(60),
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), script =>
        {
            var sweep = New(kind);
            var run = new Script(sweep);
            foreach (var number in script)
            {
                run.Step(number);
                Assert.Equal(StateText.Of(sweep.Rebuild()), StateText.Of(sweep.State));
            }
        }));

    /// <summary>A snapshot of any beginning of a log, read on, is what the whole log gives, to the last field.
    /// </summary>
    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(Kinds))]
    public void AnyScript_SnapshotOfAnyPrefix_ReadOnIsTheStateOfTheLog(string kind) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(LongRun.IsOn ? 60 : 30).WithEndSize(120),
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), script =>
        {
            var sweep = New(kind);
            new Script(sweep).Run(script);
            if (script.Length % 2 == 0)
                Finish(sweep);
            var whole = sweep.Rebuild();
            AssertSame(whole, Copied(whole));
            var place = script.Aggregate(1L, (sum, number) => Math.Abs((sum * 31) + number)) % sweep.Events.Count();
            var part = new SweepState();
            foreach (var @event in sweep.Events.Take((int)place + 1))
                part.Evolve(@event);
            var copy = Copied(part);
            AssertSame(part, copy);
            foreach (var @event in sweep.Events.Skip((int)place + 1))
                copy.Evolve(@event);
            AssertSame(whole, copy);
        }));

    private static SweepState Copied(SweepState state)
    {
        using var stream = new MemoryStream();
        state.Save(stream);
        stream.Position = 0;
        var copy = SweepState.Load(stream);
        Assert.Equal(stream.Length, stream.Position);
        return copy;
    }

    private static void AssertSame(SweepState expected, SweepState actual)
    {
        Assert.Equal(StateText.Of(expected), StateText.Of(actual));
        Assert.Equal(FieldsText.Of(expected), FieldsText.Of(actual));
    }

    /// <summary>What was trained, and what was saved by results that others had trained, by the log alone.</summary>
    private static void AssertCounts(TestSweep sweep)
    {
        var own = new Dictionary<TrialId, double>();
        var taken = new Dictionary<TrialId, double>();
        foreach (var item in sweep.Events)
        {
            switch (item)
            {
                case TrialReused reused:
                    taken[reused.Trial] = reused.Result.TrainSeconds;
                    break;
                case RungReached reached:
                    own[reached.Trial] = reached.Result.TrainSeconds;
                    taken.Remove(reached.Trial);
                    break;
                case TrialStopped stopped:
                    taken.Remove(stopped.Trial);
                    break;
                case TrialCompleted completed:
                    own[completed.Trial] = completed.Result.TrainSeconds;
                    taken.Remove(completed.Trial);
                    break;
            }
        }

        Assert.Equal(own.Values.Sum(), sweep.State.Totals.TrainSeconds, 6);
        Assert.Equal(taken.Count, sweep.State.Totals.Reused);
        Assert.Equal(
            taken.Sum(pair => pair.Value - own.GetValueOrDefault(pair.Key)), sweep.State.Totals.ReusedSeconds, 6);
    }

    private static void Finish(TestSweep sweep)
    {
        if (sweep.State.IsOver)
            return;
        sweep.Apply(new ResumeSweep());
        foreach (var silo in sweep.State.SilosAtWork.ToList())
            sweep.Apply(new ExpireSilo(silo, Epochs(sweep, silo, 99)));
        var last = new SiloId("alone", "alone.1");
        for (var round = 0; round < 100 && !sweep.State.IsOver; round++)
        {
            foreach (var assignment in sweep.Claim(last, 3, exclusive: true))
                sweep.Complete(assignment.Attempt);
        }
    }

    private static Dictionary<TrialId, int> Epochs(TestSweep sweep, SiloId silo, int epoch) =>
        sweep.State.RunningOn(silo).ToDictionary(item => item.Attempt.Trial, _ => epoch);

    /// <summary>Turns numbers into commands.</summary>
    private sealed class Script(TestSweep sweep)
    {
        private readonly List<AttemptId> _attempts = [];
        private readonly int[] _incarnations = new int[4];
        private ClaimTrials? _lastClaim;
        private int _epoch;

        /// <summary>Only what a sweep recovers from: no final failure or cancel.</summary>
        public bool Harmless { get; init; }

        public void Run(int[] script)
        {
            foreach (var number in script)
                Step(number);
        }

        public void Step(int number)
        {
            var value = (int)((uint)(number * 2654435761u) >> 8);
            var pick = value / 16;
            switch (value % 16)
            {
                case 0 or 1 or 2: Claim(sweep.NextClaim(Silo(pick), 1 + pick % 3, pick % 5 == 0)); break;
                case 3 or 4 or 5 or 7 when Attempt(pick) is { } attempt: sweep.Complete(attempt); break;
                case 6 when Attempt(pick) is { } attempt && !Harmless: sweep.Apply(Fail(attempt, pick)); break;
                case 8 when Attempt(pick) is { } attempt:
                    sweep.Apply(new LoseCheckpoint(attempt, "gone"));
                    sweep.Apply(new ReleaseTrial(attempt, "drains", Stalled: !Harmless && pick % 2 == 0));
                    break;
                case 9: Lose(pick); break;
                case 10 when Attempt(pick) is { } attempt: Expire(attempt); break;
                case 11: sweep.Apply(pick % 2 == 0 ? new PauseSweep("why not") : new ResumeSweep(pick % 4 == 1)); break;
                case 12: sweep.Restart(); break;
                case 13 when !Harmless && pick % 4 == 0:
                    sweep.Apply(new StopTrials([new(pick % 5, pick % 3), new(pick % 7, 0)], "enough"));
                    break;
                case 13: sweep.Apply(new SetPriority(pick % 5, pick % 7 - 3, pick % 3 == 2 ? null : pick % 3)); break;
                case 14 when _lastClaim is { } claim: sweep.Apply(claim); break;
                case 15: Refuse(pick); break;
            }
        }

        private SiloId Silo(int pick) => new($"silo-{pick % 4}", $"silo-{pick % 4}.{_incarnations[pick % 4]}");

        private AttemptId? Attempt(int pick) => _attempts.Count == 0 ? null : _attempts[pick % _attempts.Count];

        private void Claim(ClaimTrials claim)
        {
            _lastClaim = claim;
            _attempts.AddRange(sweep.Apply(claim).Assignments.Select(assignment => assignment.Attempt));
        }

        private static FailTrial Fail(AttemptId attempt, int pick) =>
            new(attempt, (TrainingFailure)(pick % 4), $"error {(char)('a' + pick % 9)}");

        private void Lose(int pick)
        {
            var silo = Silo(pick);
            _incarnations[pick % 4]++;
            // Epochs that grow keep trials from being set aside, which is a final failure.
            _epoch += Harmless ? 1 : 0;
            sweep.Apply(new ExpireSilo(silo, Epochs(sweep, silo, _epoch)));
        }

        private void Expire(AttemptId attempt)
        {
            _epoch += Harmless ? 1 : 0;
            sweep.Apply(new ExpireAttempt(attempt, ExpiryReason.Timeout, _epoch));
        }

        /// <summary>Another coordinator was first: decisions are taken back, and nobody was told of them.</summary>
        private void Refuse(int pick)
        {
            var before = StateText.Of(sweep.State);
            sweep.Session.Apply(sweep.NextClaim(Silo(pick), 2), sweep.Now);
            if (Attempt(pick) is { } attempt)
                sweep.Session.Apply(sweep.Report(attempt), sweep.Now);
            if (!Harmless && pick % 8 == 1)
                sweep.Session.Apply(new StopTrials([new(pick % 5, 0), new(pick % 3, 1)], "never durable"), sweep.Now);
            if (!Harmless && pick % 8 == 0)
                sweep.Session.Apply(new CancelSweep("never durable"), sweep.Now);
            sweep.Session.Rollback();
            Assert.Equal(before, StateText.Of(sweep.State));
        }
    }
}
