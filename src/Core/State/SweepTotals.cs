using System.Collections.Immutable;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.State;

/// <summary>
/// Everything of a state that is not a row. Its collections are immutable, so a copy of this struct is a copy of
/// all of it: that is how a decision that the store refused is taken back.
/// </summary>
internal struct SweepTotals
{
    public SweepTotals()
    {
    }

    public long Sequence;
    public SweepStatus Status;
    public SweepPlan? Plan;
    public DateTimeOffset SubmittedAt, LastAt;
    public string? Reason;
    public string? Fingerprint;

    /// <summary>Configurations planned, and trials of them by where they stand.</summary>
    public int Configurations;
    public long Completed, Stopped, Failed, Diverged;
    public long TrialsStarted, AttemptsStarted;
    public double TrainSeconds, EvaluationSeconds;
    public long Samples;

    /// <summary>
    /// The next trial in natural order that was neither started nor queued: configuration x folds + fold.
    /// </summary>
    public int Frontier;
    public ReadySet Ready = ReadySet.Empty;
    public ReadySet ReadyExclusive = ReadySet.Empty;

    public int Scored;

    /// <summary>How many configurations from 0 on are scored without a gap.</summary>
    public int ScoredPrefix;
    public ImmutableSortedSet<int> ToScore = [];

    /// <summary>Silos lost while they held trials. Those lost at one moment count as one.</summary>
    public int SiloLosses;
    public DateTimeOffset LastLossAt;

    public FailureTally Tally = FailureTally.Empty;
    public ImmutableDictionary<TrialId, TrialNote> Notes = ImmutableDictionary<TrialId, TrialNote>.Empty;
    public ImmutableHashSet<string> Refused = [];

    public Selection? Selection;
    public int? RefitConfiguration;
    public TrialCell Refit;
    public TestReport? RefitTest;
    public SweepCompletion? Completion;
}

/// <summary>How a sweep ended.</summary>
/// <param name="Audit">The trials by their ends.</param>
/// <param name="Digest">SHA-256 of the results.</param>
public sealed record SweepCompletion(SweepAudit Audit, string Digest);
