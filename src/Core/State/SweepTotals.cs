using System.Collections.Immutable;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.State;

/// <summary>A sweep's trials in numbers. A trial that is neither running nor has an end waits for a slot.</summary>
public record struct SweepTotals
{
    /// <summary>
    /// Configurations x folds, and the refit from the start on: also while its configuration is not decided yet, and
    /// where the sweep was cancelled before. Of no best configuration there is none.
    /// </summary>
    public long Planned { get; internal set; }

    /// <summary>Trials that an attempt holds.</summary>
    public int Running { get; internal set; }

    /// <summary>Trials that have a result.</summary>
    public long Completed { get; internal set; }

    /// <summary>Results whose training diverged.</summary>
    public long Diverged { get; internal set; }

    /// <summary>Results of trainings that stopped early at a plateau.</summary>
    public long StoppedEarly { get; internal set; }

    /// <summary>Trials that the schedule or the user ended.</summary>
    public long Stopped { get; internal set; }

    /// <summary>Those of them that the user ended.</summary>
    public long StoppedByUser { get; internal set; }

    /// <summary>Trials that failed for good or were set aside.</summary>
    public long Failed { get; internal set; }

    /// <summary>Trials that the cancelled sweep never finished.</summary>
    public long Cancelled { get; internal set; }

    /// <summary>
    /// Attempts beyond the first of each trial; those that go on with what a silo handed back are none.
    /// </summary>
    public long Retries { get; internal set; }

    /// <summary>Training seconds of all results together that were trained for this sweep, as measured.</summary>
    public double TrainSeconds { get; internal set; }

    /// <summary>Trials whose result was taken over: from another sweep, or from a longer training of this one.
    /// </summary>
    public long Reused { get; internal set; }

    /// <summary>Training seconds that this saved, as measured when they were trained.</summary>
    public double ReusedSeconds { get; internal set; }

    /// <summary>Evaluation seconds of all results that were trained for this sweep, as measured.</summary>
    public double EvaluationSeconds { get; internal set; }

    /// <summary>Samples learned from in all results together that were trained for this sweep.</summary>
    public long Samples { get; internal set; }

    /// <summary>Trials that are done: trained, or stopped with what they had by then.</summary>
    public readonly long Done => Completed + Stopped;

    /// <summary>Trials that have ended, in whatever way.</summary>
    public readonly long Ended => Completed + Stopped + Failed + Cancelled;
}

/// <summary>
/// Everything of a state that is not a row. Its collections are immutable, so a copy of this struct is a copy of
/// all of it: that is how a decision that the store refused is taken back.
/// </summary>
internal struct SweepFacts
{
    public SweepFacts()
    {
    }

    public long Sequence;
    public SweepStatus Status;
    public SweepPlan? Plan;
    public DateTimeOffset SubmittedAt, LastAt;
    public string? Reason;
    public string? Trace;
    public string? Fingerprint;

    /// <summary>Configurations planned.</summary>
    public int Configurations;

    /// <summary>The totals that grow with each event; the others are worked out from the rest of the state.</summary>
    public SweepTotals Totals;

    /// <summary>
    /// The next trial in natural order that was neither started nor queued: configuration x folds + fold.
    /// </summary>
    public int Frontier;

    /// <summary>Trials that were neither started nor queued and may be.</summary>
    public int Fresh;
    public ReadySet Ready = ReadySet.Empty;
    public ReadySet ReadyExclusive = ReadySet.Empty;

    public int Scored;

    /// <summary>How many configurations from 0 on are scored without a gap.</summary>
    public int ScoredPrefix;
    public ImmutableSortedSet<int> ToScore = [];

    /// <summary>Brackets at a rung that waits for its decision; in index order the rungs.</summary>
    public ImmutableSortedSet<int> ToDecide = [];

    /// <summary>The rungs in index order.</summary>
    public ImmutableArray<RungQueue> Queues = [];

    /// <summary>Who passed each rung, by bracket and rung.</summary>
    public ImmutableDictionary<(int Bracket, int Rung), RungCut> Cuts =
        ImmutableDictionary<(int Bracket, int Rung), RungCut>.Empty;

    /// <summary>Silos lost while they held trials. Those lost at one moment count as one.</summary>
    public int SiloLosses;
    public DateTimeOffset LastLossAt;

    public FailureTally Tally = FailureTally.Empty;
    public ImmutableDictionary<TrialId, TrialNote> Notes = ImmutableDictionary<TrialId, TrialNote>.Empty;
    public ImmutableHashSet<string> Refused = [];
    public ImmutableDictionary<string, string> DataProblems = ImmutableDictionary<string, string>.Empty;

    public Selection? Selection;
    public int? RefitConfiguration, RefitEpochs;
    public TrialCell Refit;
    public TestReport? RefitTest;
    public SweepCompletion? Completion;
}

/// <summary>How a sweep ended.</summary>
/// <param name="Digest">SHA-256 of the results.</param>
public sealed record SweepCompletion(SweepAudit Audit, string Digest);
