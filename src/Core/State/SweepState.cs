using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.State;

/// <summary>
/// A sweep as its log tells it. <see cref="Evolve"/> is the only way to change it, in place; decisions only read. It
/// holds about 150 bytes a trial and nothing for a trial not yet proposed. Not for several threads at once.
/// </summary>
public sealed partial class SweepState
{
    private readonly ChunkedTable<TrialCell> _trials = new();
    private readonly ChunkedTable<ConfigurationCell> _cells = new();
    private readonly List<Hyperparameters> _configurations = [];
    private readonly List<ParameterAssignment?> _values = [];
    private readonly RunningTable _running = new();
    private SweepFacts _facts = new();

    /// <summary>Number of events so far: the log's last sequence.</summary>
    public long Sequence => _facts.Sequence;

    /// <summary>Where the sweep stands.</summary>
    public SweepStatus Status => _facts.Status;

    /// <summary>Whether it has ended.</summary>
    public bool IsOver => Status is SweepStatus.Completed or SweepStatus.Cancelled;

    /// <summary>What the sweep does.</summary>
    /// <exception cref="InvalidOperationException">The log is empty.</exception>
    public SweepPlan Plan => _facts.Plan ?? throw new InvalidOperationException("No sweep was submitted to this log.");

    /// <summary>Why it is paused or was cancelled; null: it is neither.</summary>
    public string? Reason => _facts.Reason;

    /// <summary>The trace that its submission began, as W3C's <c>traceparent</c>; null: none.</summary>
    public string? Trace => _facts.Trace;

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset SubmittedAt => _facts.SubmittedAt;

    /// <summary>When it ended, or the time of its last event so far.</summary>
    public DateTimeOffset LastAt => _facts.LastAt;

    /// <summary>Numerics that all silos must share; null: no silo has trained for it yet.</summary>
    public string? Fingerprint => _facts.Fingerprint;

    /// <summary>Configurations planned.</summary>
    public int Configurations => _facts.Configurations;

    /// <summary>Configurations proposed so far; their indices run from 0.</summary>
    public int Proposed => _configurations.Count;

    /// <summary>Configurations whose folds are all in.</summary>
    public int Scored => _facts.Scored;

    /// <summary>
    /// How many configurations are scored from 0 on without a gap: what a searcher that learns may look at.
    /// </summary>
    public int ScoredPrefix => _facts.ScoredPrefix;

    /// <summary>The answer; null until all configurations are scored.</summary>
    public Selection? Selection => _facts.Selection;

    /// <summary>The refit's trial; null until it is decided, or if there is none.</summary>
    public TrialId? RefitTrial => _facts.RefitConfiguration is { } best ? TrialId.Refit(best) : null;

    /// <summary>
    /// How many epochs the refit trains, where the folds taught it; null: as many as the configuration says.
    /// </summary>
    public int? RefitEpochs => _facts.RefitEpochs;

    /// <summary>Everything that decides the numbers of a trial whose configuration is proposed.</summary>
    public TrainingRequest RequestOf(TrialId trial) =>
        Plan.RequestOf(trial, HyperparametersOf(trial.Configuration), RefitEpochs);

    /// <summary>How the sweep ended; null unless it completed.</summary>
    public SweepCompletion? Completion => _facts.Completion;

    /// <summary>The trials in numbers.</summary>
    public SweepTotals Totals
    {
        get
        {
            var totals = _facts.Totals;
            totals.Planned = _facts.Plan is { } plan
                ? (long)Configurations * plan.TrialsPerConfiguration
                    + (RefitTrial is not null || (plan.Refit && Selection is null) ? 1 : 0)
                : 0;
            totals.Running = _running.Count;
            totals.Cancelled = Status == SweepStatus.Cancelled ? totals.Planned - totals.Ended : 0;
            return totals;
        }
    }

    /// <summary>The attempts that hold their trials, in no particular order.</summary>
    public IReadOnlyCollection<RunningAttempt> Running => _running.All;

    /// <summary>
    /// The silos that hold attempts. Those that the silo directory calls lost need an <see
    /// cref="ExpireSilo"/>.
    /// </summary>
    public IEnumerable<SiloId> SilosAtWork => _running.Silos;

    /// <summary>
    /// Whether this trial exists: its configuration is proposed, its fold planned, or it is the decided refit.
    /// </summary>
    public bool Contains(TrialId trial) => trial.IsRefit
        ? trial == RefitTrial
        : (uint)trial.Configuration < (uint)Proposed && trial.Fold < Plan.TrialsPerConfiguration;

    /// <summary>The configuration with this index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not proposed yet.</exception>
    public Hyperparameters HyperparametersOf(int configuration) => _configurations[configuration];

    /// <summary>
    /// The values that the searcher chose for this configuration; null: an earlier version proposed it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not proposed yet.</exception>
    public ParameterAssignment? ValuesOf(int configuration) => _values[configuration];

    /// <summary>What <paramref name="configuration"/>'s folds gave together; null while one is open.</summary>
    public ConfigurationScore? ScoreOf(int configuration) =>
        (uint)configuration < (uint)Proposed && _cells[configuration].Scored ? _cells[configuration].Score : null;

    /// <summary>The attempt that holds this trial; null: none.</summary>
    public RunningAttempt? RunningOf(TrialId trial) => _running.Find(trial);

    /// <summary>The attempts of one incarnation of a silo, by trial.</summary>
    public IReadOnlyList<RunningAttempt> RunningOn(SiloId silo) => _running.Of(silo.Incarnation);

    /// <summary>Where a trial stands.</summary>
    public TrialStatus StatusOf(TrialId trial)
    {
        if (!Contains(trial))
            return Status == SweepStatus.Cancelled ? TrialStatus.Cancelled : TrialStatus.Pending;
        var status = Cell(trial).Status;
        // A cancel ends a million waiting trials with one event and without touching their rows.
        return Status == SweepStatus.Cancelled
            ? TransitionTable.Next(status, TrialStep.Cancel) ?? status
            : status;
    }

    /// <summary>The number of a trial's newest attempt; 0 before the first.</summary>
    public int AttemptsOf(TrialId trial) => Contains(trial) ? Cell(trial).Attempts : 0;

    /// <summary>
    /// A trial's result, or what it gave up to the rung where it stands or was stopped; null without one.
    /// </summary>
    public TrialResult? ResultOf(TrialId trial)
    {
        if (!Contains(trial) || !Cell(trial).HasResult)
            return null;
        // What stands at a rung has no reason yet; its last note is of something else.
        var hasReason = Cell(trial).Outcome switch
        {
            TrainingOutcome.Completed => false,
            TrainingOutcome.Stopped => Cell(trial).Status == TrialStatus.Stopped,
            _ => true,
        };
        var reason = hasReason ? NoteOf(trial)?.Message : null;
        return trial.IsRefit
            ? Cell(trial).ToResult(reason, _facts.RefitTest, asked: null)
            : Cell(trial).ToResult(reason, test: null, Plan.AskedMetrics());
    }

    /// <summary>
    /// The last thing worth telling about a trial; null: nothing. Kept for the first 10,000 such trials.
    /// </summary>
    public TrialNote? NoteOf(TrialId trial) =>
        Contains(trial) && Cell(trial) is { Status: TrialStatus.Stopped, StoppedByUser: false }
            ? StopOf(trial)
            : _facts.Notes.GetValueOrDefault(trial);

    /// <summary>Whether the user stopped it.</summary>
    public bool IsStoppedByUser(TrialId trial) => Contains(trial) && Cell(trial).StoppedByUser;

    /// <summary>All notes but on trials that the schedule stopped, by trial; at most 10,000.</summary>
    public IEnumerable<KeyValuePair<TrialId, TrialNote>> Notes => _facts.Notes.OrderBy(pair => pair.Key);

    internal int SiloLosses => _facts.SiloLosses;

    internal FailureTally Tally => _facts.Tally;

    internal ReadySet Ready => _facts.Ready;

    internal ReadySet ReadyExclusive => _facts.ReadyExclusive;

    internal IReadOnlyCollection<int> ToScore => _facts.ToScore;

    internal int Frontier => _facts.Frontier;

    /// <summary>All trials of the configurations proposed so far, by configuration and fold, then the refit.</summary>
    public IEnumerable<TrialId> Trials()
    {
        for (var index = 0; index < ProposedTrials; index++)
            yield return TrialAt(index);
        if (RefitTrial is { } refit)
            yield return refit;
    }

    internal int ProposedTrials => Proposed * Plan.TrialsPerConfiguration;

    /// <summary>Silos that get no trials since their data are not the sweep's: by incarnation, why.</summary>
    public IReadOnlyDictionary<string, string> DataProblems => _facts.DataProblems;

    internal string? DataProblemOf(SiloId silo) => _facts.DataProblems.GetValueOrDefault(silo.Incarnation);

    /// <summary>The engine that trained a configuration; null: no result yet, or an earlier version's.</summary>
    public EngineKind? EngineOf(int configuration) => Enumerable.Range(0, Plan.TrialsPerConfiguration)
        .Select(fold => ResultOf(new(configuration, fold))?.Engine)
        .FirstOrDefault(engine => engine is not (null or EngineKind.Auto));

    /// <summary>Incarnations of silos that get no trials, since they compute other numbers.</summary>
    public IReadOnlySet<string> OtherNumerics => _facts.Refused;

    internal bool IsRefused(SiloId silo) => _facts.Refused.Contains(silo.Incarnation);

    internal long LastClaimOf(SiloId silo) => _running.LastClaimOf(silo.Incarnation);

    internal ref readonly TrialCell CellAt(int index) => ref _trials[index];

    internal TrialId TrialAt(int index) =>
        new(index / Plan.TrialsPerConfiguration, index % Plan.TrialsPerConfiguration);

    internal ref readonly TrialCell Cell(TrialId trial) => ref MutableCell(trial);

    private ref TrialCell MutableCell(TrialId trial)
    {
        if (trial.IsRefit)
            return ref _facts.Refit;
        return ref _trials[trial.Configuration * Plan.TrialsPerConfiguration + trial.Fold];
    }

    /// <summary>
    /// The trials by their ends, so far. Reads every row, so that a result written twice shows as a difference.
    /// </summary>
    public SweepAudit Audit()
    {
        var totals = Totals;
        return new(
            totals.Planned,
            totals.Completed,
            CountUnique(),
            totals.Stopped,
            totals.Failed,
            totals.Cancelled,
            totals.Retries);
    }

    private long CountUnique()
    {
        long unique = RefitTrial is not null && _facts.Refit.Status == TrialStatus.Completed ? 1 : 0;
        for (var index = 0; index < _trials.Count; index++)
        {
            if (_trials[index].Status == TrialStatus.Completed)
                unique++;
        }

        return unique;
    }
}
