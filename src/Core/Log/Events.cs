using System.Text.Json.Serialization;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>
/// Something that happened to a sweep. The log is the list of them and the only truth; <c>SweepState</c> is what
/// they add up to. Events never change once written: a new need is a new member with a default, or a new event.
/// </summary>
public abstract record SweepEvent
{
    /// <summary>When it was decided. For people and reports: no decision on results depends on it.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>Something that happened to one trial.</summary>
public abstract record TrialEvent(TrialId Trial) : SweepEvent;

/// <summary>Something that happened to one attempt of a trial.</summary>
/// <param name="Attempt">The attempt's number, from 1.</param>
public abstract record AttemptEvent(TrialId Trial, int Attempt) : TrialEvent(Trial);

/// <summary>The first event of every log.</summary>
public sealed record SweepSubmitted(SweepPlan Plan) : SweepEvent
{
    /// <summary>The trace that the submission began, as W3C's <c>traceparent</c>; null: none.</summary>
    public string? Trace { get; init; }
}

/// <summary>
/// The searcher proposed the next configurations, in index order. They are kept in full, so that a later version's
/// searcher never changes an old sweep.
/// </summary>
/// <param name="First">Index of the first; equals the number proposed before.</param>
/// <param name="Configurations">
/// What is trained, one for each index from <paramref name="First"/>: names resolved, defaults filled.
/// </param>
/// <param name="Values">
/// The values that the searcher chose, one for each of them; null: an earlier version wrote the event.
/// </param>
public sealed record ConfigurationsProposed(
    int First,
    IReadOnlyList<Hyperparameters> Configurations,
    IReadOnlyList<ParameterAssignment>? Values = null) : SweepEvent;

/// <summary>The sweep will try more configurations than planned at first.</summary>
/// <param name="Total">The new number of configurations, larger than before.</param>
public sealed record ConfigurationsAdded(int Total) : SweepEvent;

/// <summary>A silo got the trial.</summary>
/// <param name="Attempt">The new attempt: one more than the last.</param>
/// <param name="Silo">Who trains it.</param>
/// <param name="Claim">
/// The number of the silo's claim, so that a repeated claim is answered with the same trials.
/// </param>
/// <param name="Exclusive">It must run without neighbours, since it ran out of memory beside others.</param>
public sealed record TrialStarted(TrialId Trial, int Attempt, SiloId Silo, long Claim = 0, bool Exclusive = false)
    : AttemptEvent(Trial, Attempt)
{
    /// <summary>
    /// The beginning that another training left, from which the trial goes on; null: from the start, or as it went on
    /// before.
    /// </summary>
    public TrialBeginning? Beginning { get; init; }
}

/// <summary>
/// The first epochs of a trial, where a shorter training of the same course kept its checkpoint: the trial's epochs are
/// those of that training, to the last bit, and only what comes after them is trained.
/// </summary>
/// <param name="Sweep">The sweep that keeps the checkpoint; it may be the trial's own.</param>
/// <param name="Source">Its trial.</param>
/// <param name="Epochs">Epochs that the checkpoint holds, at least 1.</param>
/// <param name="TrainSeconds">What their training took then.</param>
/// <param name="EvaluationSeconds">What their evaluation took then.</param>
/// <param name="Samples">Samples learned from in them.</param>
public sealed record TrialBeginning(
    string Sweep, TrialId Source, int Epochs, double TrainSeconds, double EvaluationSeconds, long Samples);

/// <summary>An attempt gave the trial's one result.</summary>
public sealed record TrialCompleted(TrialId Trial, int Attempt, TrialResult Result) : AttemptEvent(Trial, Attempt);

/// <summary>
/// The store had the trial's result, or a longer training of which it is a part: it was not trained. The result is
/// written in full, so that it outlives the sweep that it came from.
/// </summary>
/// <param name="Sweep">The sweep whose trial was trained; it may be this one.</param>
/// <param name="Source">That trial.</param>
/// <param name="Trained">Epochs that it trained; more than the result's where this was read off on the way.</param>
/// <param name="Result">
/// What the trial would have given, with the times measured then. Its outcome is <see cref="TrainingOutcome.Stopped"/>
/// where the trial stands at a rung of the sweep's schedule.
/// </param>
public sealed record TrialReused(TrialId Trial, string Sweep, TrialId Source, int Trained, TrialResult Result)
    : TrialEvent(Trial);

/// <summary>
/// An attempt trained as far as the sweep's schedule wants for now, and left a checkpoint. The trial waits for
/// <see cref="RungDecided"/>.
/// </summary>
/// <param name="Result">What it gave so far; its outcome is <see cref="TrainingOutcome.Stopped"/>.</param>
public sealed record RungReached(TrialId Trial, int Attempt, TrialResult Result) : AttemptEvent(Trial, Attempt);

/// <summary>
/// All members of a bracket stood at a rung: some go on to the next, the trials of the others are stopped, with the
/// results they have.
/// </summary>
/// <param name="Bracket">The bracket, from 0.</param>
/// <param name="Rung">The rung, from 0.</param>
/// <param name="Promoted">Who goes on, best first.</param>
/// <param name="Dropped">Who does not, best first.</param>
public sealed record RungDecided(
    int Bracket, int Rung, IReadOnlyList<RungPlace> Promoted, IReadOnlyList<RungPlace> Dropped) : SweepEvent;

/// <summary>A configuration at a rung.</summary>
/// <param name="Value">Mean of the metric over the rung's folds; NaN where a fold has no result.</param>
/// <param name="Further">The same of the further objectives, in their order; null: there are none.</param>
public readonly record struct RungPlace(int Configuration, double Value, IReadOnlyList<double>? Further = null);

/// <summary>An attempt failed.</summary>
/// <param name="Message">The error, for people; at most 2,000 characters.</param>
/// <param name="WillRetry">Whether the trial waits for another attempt; otherwise it has failed.</param>
/// <param name="Exclusive">Whether that attempt must run without neighbours.</param>
public sealed record TrialFailed(
    TrialId Trial, int Attempt, TrainingFailure Kind, string Message, bool WillRetry, bool Exclusive = false)
    : AttemptEvent(Trial, Attempt);

/// <summary>A silo handed the trial back (it drains or has fewer slots now). No retry is used up.</summary>
/// <param name="Stalled">
/// Nobody asked the silo to: the attempt could not begin there. Several in a row are a failure.
/// </param>
public sealed record AttemptReleased(
    TrialId Trial,
    int Attempt,
    string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Stalled = false)
    : AttemptEvent(Trial, Attempt);

/// <summary>
/// The attempt could not resume from its trial's checkpoint, which is damaged or gone, and began from the start.
/// Written with the attempt's end.
/// </summary>
public sealed record CheckpointLost(TrialId Trial, int Attempt, string Reason) : SweepEvent;

/// <summary>An attempt was taken from its silo, which is gone or hangs. The trial waits for another.</summary>
/// <param name="Epoch">
/// Epochs the trial has safe in a checkpoint; 0 without one. Progress shows that the trial did not kill its silo.
/// </param>
/// <param name="Exclusive">
/// The next attempt is the last before the trial is set aside, and runs without neighbours, so that it is not blamed
/// for what one of them did.
/// </param>
public sealed record AttemptExpired(
    TrialId Trial, int Attempt, ExpiryReason Reason, int Epoch = 0, string? Detail = null, bool Exclusive = false)
    : AttemptEvent(Trial, Attempt);

/// <summary>Why an attempt was taken from its silo.</summary>
public enum ExpiryReason
{
    /// <summary>The silo's lease ran out, or its death is certain.</summary>
    SiloLost,

    /// <summary>The attempt ran longer than <see cref="SweepPlan.AttemptTimeout"/>.</summary>
    Timeout,
}

/// <summary>
/// The trial is not tried again: it was running each time a silo died or hung, without any progress in between.
/// </summary>
public sealed record TrialSetAside(TrialId Trial, string Reason) : TrialEvent(Trial);

/// <summary>
/// The user stopped the trial: it is not tried again, also where the failed ones are, and what it gave so far counts
/// for nothing. An attempt that holds it is over.
/// </summary>
public sealed record TrialStopped(TrialId Trial, string Reason) : TrialEvent(Trial);

/// <summary>The user removed the cause: failed trials wait again, with all their retries.</summary>
public sealed record TrialsRequeued(IReadOnlyList<TrialId> Trials) : SweepEvent;

/// <summary>A configuration's waiting trials, or one of them, moved in the order of work.</summary>
/// <param name="Fold">One fold of it; null: all.</param>
/// <param name="Priority">Higher runs earlier; 0 is the default.</param>
public sealed record PriorityChanged(int Configuration, int? Fold, int Priority) : SweepEvent;

/// <summary>All folds of a configuration are in.</summary>
/// <param name="Values">The metric of each fold, in fold order; NaN for a fold without a result.</param>
public sealed record ConfigurationScored(int Configuration, ConfigurationScore Score, IReadOnlyList<double> Values)
    : SweepEvent;

/// <summary>All configurations are scored: which is best, and by which rule.</summary>
/// <param name="Refit">Whether a refit of the best follows, as a trial of its own.</param>
/// <param name="RefitEpochs">
/// How long the refit trains where that was learned from the folds; null: as long as the configuration says.
/// </param>
public sealed record BestSelected(Selection Selection, bool Refit, int? RefitEpochs = null) : SweepEvent;

/// <summary>No more trials are handed out until <see cref="SweepResumed"/>.</summary>
public sealed record SweepPaused(string Reason) : SweepEvent;

/// <summary>Trials are handed out again; the count of equal errors starts anew.</summary>
public sealed record SweepResumed : SweepEvent;

/// <summary>The user ended the sweep: every trial without an end is cancelled, running ones too.</summary>
public sealed record SweepCancelled(string Reason) : SweepEvent;

/// <summary>The first silo that trains for the sweep set the numerics that all results must share.</summary>
/// <param name="Fingerprint">Digest of a fixed small training on that silo.</param>
public sealed record FingerprintSet(string Fingerprint, SiloId Silo) : SweepEvent;

/// <summary>
/// A silo computes other numbers than the sweep's first one, or its data are not the sweep's, so it gets no trials of
/// this sweep. Written once a silo and reason.
/// </summary>
/// <param name="Reason">What is wrong with its data; null: its numbers are others.</param>
public sealed record SiloRefused(SiloId Silo, string Fingerprint, string? Reason = null) : SweepEvent;

/// <summary>The last event of a sweep that was not cancelled.</summary>
/// <param name="Digest">
/// SHA-256 of the results, lower-case hexadecimal: equal wherever and however often interrupted the sweep ran.
/// </param>
public sealed record SweepCompleted(SweepAudit Audit, string Digest) : SweepEvent;
