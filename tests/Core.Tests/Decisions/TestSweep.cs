using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Decisions;

/// <summary>A sweep whose log is a list: every decision goes through the codec, as it would through a store.</summary>
internal sealed class TestSweep
{
    private readonly SweepDecider _decider;
    private readonly Dictionary<SiloId, long> _claims = [];

    public TestSweep(SweepPlan? plan = null, ISearcher? searcher = null, RetryPolicy? policy = null)
    {
        _decider = new(searcher ?? new TestSearcher(), policy);
        Session = new(new SweepState(), _decider);
        Apply(new SubmitSweep(plan ?? TestPlans.Plan()));
    }

    public SweepSession Session { get; private set; }

    public SweepState State => Session.State;

    public List<EncodedEvent> Log { get; } = [];

    /// <summary>What the store has for its claims; null: nobody looks.</summary>
    public IKnownResults? Known { get; set; }

    public DateTimeOffset Now { get; set; } = TestPlans.Start;

    public IEnumerable<SweepEvent> Events => Log.Select(item => SweepEventCodec.Decode(item.Type, item.Payload.Span));

    public Decision Apply(SweepCommand command)
    {
        Now += TimeSpan.FromSeconds(1);
        var decision = Session.Apply(command, Now);
        Save();
        return decision;
    }

    public IReadOnlyList<Assignment> Claim(SiloId silo, int count, bool exclusive = false) =>
        Apply(NextClaim(silo, count, exclusive)).Assignments;

    public ClaimTrials NextClaim(SiloId silo, int count, bool exclusive = false) =>
        new(silo, _claims[silo] = _claims.GetValueOrDefault(silo) + 1, count, "numerics", exclusive)
        {
            Known = Known,
        };

    /// <summary>The attempt trains as far as it is wanted.</summary>
    public Decision Complete(AttemptId attempt, Func<TrialId, TrialResult>? result = null) =>
        Apply(Report(attempt, result));

    /// <summary>What the attempt reports when it has trained as far as it is wanted.</summary>
    public AttemptCommand Report(AttemptId attempt, Func<TrialId, TrialResult>? result = null)
    {
        var full = (result ?? TestPlans.Of)(attempt.Trial);
        return State.UntilOf(attempt.Trial) is { } until && until < full.Epochs
            ? new ReachRung(attempt, full with { Outcome = TrainingOutcome.Stopped, Epochs = until })
            : new CompleteTrial(attempt, full);
    }

    /// <summary>Trains everything that is left on one silo.</summary>
    public void RunToEnd(Func<TrialId, TrialResult>? result = null)
    {
        var silo = new SiloId("last", "last.1");
        while (!State.IsOver && Apply(NextClaim(silo, 4)) is var decision
            && (decision.Assignments.Count > 0 || decision.Events.Count > 0))
        {
            foreach (var assignment in decision.Assignments)
                Complete(assignment.Attempt, result);
        }
    }

    /// <summary>The state that the log tells, without a memory of this session.</summary>
    public SweepState Rebuild(int? events = null)
    {
        var state = new SweepState();
        foreach (var @event in Events.Take(events ?? int.MaxValue))
            state.Evolve(@event);
        return state;
    }

    /// <summary>Forgets the session, as a crash does, and reads the log.</summary>
    public void Restart()
    {
        Session = new(Rebuild(), _decider);
        Session.Advance(Now);
        Save();
    }

    private void Save()
    {
        Log.AddRange(Session.Uncommitted.Select(SweepEventCodec.Encode));
        Session.Commit(State.Sequence);
    }
}

/// <summary>Proposes learning rates that tell their index.</summary>
internal sealed class TestSearcher(int count = int.MaxValue) : ISearcher
{
    public int Count => count;

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => new(
        new() { Architecture = $"mlp-{n % 3}", LearningRate = 0.001 * (n + 1), BatchSize = 32, Epochs = 3 },
        new([new("learning_rate", ParameterValue.Of(0.001 * (n + 1)))]));
}

/// <summary>Waits for the scores of all but the last four.</summary>
internal sealed class LaggingSearcher : ISearcher
{
    private readonly TestSearcher _searcher = new();

    public int Count => _searcher.Count;

    public int BarrierOf(int n) => Math.Max(0, n - 3);

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => _searcher.Propose(n, history);
}

/// <summary>Proposes these architectures in turn.</summary>
internal sealed class NamedSearcher(params string[] architectures) : ISearcher
{
    public int Count => int.MaxValue;

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => new(
        new()
        {
            Architecture = architectures[n % architectures.Length],
            LearningRate = 0.001 * (n + 1),
            BatchSize = 32,
            Epochs = 3,
        },
        new([new("learning_rate", ParameterValue.Of(0.001 * (n + 1)))]));
}

/// <summary>Proposes configurations that differ in their epochs alone, three and three: 3, 1 and 2 epochs.</summary>
internal sealed class FamilySearcher : ISearcher
{
    public int Count => int.MaxValue;

    public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => new(
        new() { Architecture = "mlp-5", LearningRate = 0.001 * (n / 3), BatchSize = 32, Epochs = 1 + ((n + 2) % 3) },
        new([new("learning_rate", ParameterValue.Of(0.001 * (n / 3)))]));
}

/// <summary>A store that has every other result, as the trials would give them.</summary>
internal sealed class SomeKnown : IKnownResults
{
    public Func<TrialId, bool> Has { get; init; } = trial => (trial.Configuration + trial.Fold) % 2 == 0;

    /// <summary>Whether what it does not have was looked up in an earlier call.</summary>
    public Func<TrialId, bool> IsOld { get; init; } = _ => false;

    /// <summary>What those that it does not have may go on from.</summary>
    public Func<TrialQuestion, TrialBeginning?> BeginningOf { get; init; } = _ => null;

    public KnownAnswer? Find(TrialQuestion question, string? fingerprint)
    {
        var (trial, until) = (question.Trial, question.Until);
        var full = TestPlans.Of(trial);
        return new(
            !Has(trial) ? null : new("earlier", new(7, 1), 9, until < full.Epochs
                ? full with { Outcome = TrainingOutcome.Stopped, Epochs = until.Value }
                : full),
            IsOld(trial), Has(trial) ? null : BeginningOf(question));
    }
}
