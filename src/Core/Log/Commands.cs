using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>
/// Something that is wanted of a sweep. Every command may come late, twice or out of order: one that no longer applies
/// gives no events and says why (<c>Rejection</c>).
/// </summary>
public abstract record SweepCommand;

/// <summary>
/// Begins a sweep. Again with the same plan: no events; with another plan: <c>RejectionKind.Conflict</c>.
/// </summary>
public sealed record SubmitSweep(SweepPlan Plan) : SweepCommand
{
    /// <summary>The trace that the submission began, as W3C's <c>traceparent</c>; null: none.</summary>
    public string? Trace { get; init; }
}

/// <summary>A silo with free slots asks for work; answered by <c>Decision.Assignments</c>.</summary>
/// <param name="Number">
/// Counts the silo's claims, from 1. A claim whose answer was lost is repeated with its number and answered with the
/// same trials; a number below the last that got trials is <c>RejectionKind.Stale</c>.
/// </param>
/// <param name="Count">Most trials wanted, at least 1.</param>
/// <param name="Fingerprint">
/// Digest of a fixed small training on that silo; null: unknown, accepted where mixed numerics are.
/// </param>
/// <param name="AcceptsExclusive">
/// The silo trains nothing now, so it can take one trial that needs all its memory. If such trials are all that is
/// left, the answer has <c>Decision.ExclusiveWaits</c>: finish what runs, then claim with this set.
/// </param>
/// <param name="Holding">
/// All attempts that the silo trains, or whose reports are not yet answered. What the log gave it by an earlier claim
/// and is not among them never arrived (a late double of a claim got it), and is released for others. Null: unknown,
/// nothing is released.
/// </param>
/// <param name="DataProblem">Why the silo cannot train on the sweep's data; null: it can.</param>
public sealed record ClaimTrials(
    SiloId Silo,
    long Number,
    int Count,
    string? Fingerprint = null,
    bool AcceptsExclusive = false,
    IReadOnlyList<AttemptId>? Holding = null,
    string? DataProblem = null) : SweepCommand
{
    /// <summary>Most trials wanted beyond <see cref="Count"/>, each to be trained in the same pass as one of them.
    /// </summary>
    public int Spare { get; init; }

    /// <summary>Slots of the silo.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>
    /// What the store has of the sweep's trials; null: nobody looked, and all is trained. What it does not know yet is
    /// asked for by <c>Decision.ToLookUp</c>; the claim is then made again.
    /// </summary>
    public IKnownResults? Known { get; init; }
}

/// <summary>What was looked up in the store of trials that wait.</summary>
public interface IKnownResults
{
    /// <summary>What was answered; null: it was not looked up.</summary>
    /// <param name="question">The trial, as far as it would be trained.</param>
    /// <param name="fingerprint">The numerics that would train it: results of others are no answer.</param>
    KnownAnswer? Find(TrialQuestion question, string? fingerprint);
}

/// <summary>Does the store know the result of this trial?</summary>
/// <param name="Until">The epoch at which it would pause; null: it goes to its end.</param>
public sealed record TrialQuestion(TrialId Trial, TrainingRequest Request, int? Until)
{
    /// <summary>Epochs after which it has all that is wanted of it.</summary>
    public int EpochsMax => Math.Min(Request.Hyperparameters.Epochs, Until ?? int.MaxValue);
}

/// <summary>What the store has of a trial.</summary>
/// <param name="Result">What to take over; null: the trial must be trained.</param>
/// <param name="IsOld">
/// Looked up ahead, in an earlier call: another sweep may have trained it since, so that a null is asked for again
/// before the trial is handed out.
/// </param>
/// <param name="Beginning">What to go on from, where it must be trained; null: from the start.</param>
public readonly record struct KnownAnswer(
    KnownResult? Result, bool IsOld = false, TrialBeginning? Beginning = null);

/// <summary>A result that another trial gave.</summary>
/// <param name="Sweep">The sweep that trained it.</param>
/// <param name="Source">Its trial there.</param>
/// <param name="Trained">Epochs that it trained.</param>
/// <param name="Result">What is taken over of it.</param>
public sealed record KnownResult(string Sweep, TrialId Source, int Trained, TrialResult Result);

/// <summary>A report of an attempt. It counts only while the attempt is its trial's current one.</summary>
public abstract record AttemptCommand(AttemptId Attempt) : SweepCommand;

/// <summary>The training gave a result.</summary>
public sealed record CompleteTrial(AttemptId Attempt, TrialResult Result) : AttemptCommand(Attempt);

/// <summary>The training stands at the epoch that its assignment named, and its checkpoint is saved.</summary>
/// <param name="Result">What it gave so far; its outcome is <see cref="TrainingOutcome.Stopped"/>.</param>
public sealed record ReachRung(AttemptId Attempt, TrialResult Result) : AttemptCommand(Attempt);

/// <summary>The training failed.</summary>
/// <param name="Kind">What failed; decides the cure (<c>RetryPolicy</c>).</param>
public sealed record FailTrial(AttemptId Attempt, TrainingFailure Kind, string Message) : AttemptCommand(Attempt);

/// <summary>The silo hands the trial back, with its checkpoint saved if there is one.</summary>
/// <param name="Stalled">Not because the silo was told to stop: the attempt could not begin there.</param>
public sealed record ReleaseTrial(AttemptId Attempt, string Reason, bool Stalled = false) : AttemptCommand(Attempt);

/// <summary>The training began from the start, since its checkpoint is damaged or gone.</summary>
public sealed record LoseCheckpoint(AttemptId Attempt, string Reason) : AttemptCommand(Attempt);

/// <summary>Takes one attempt from its silo.</summary>
/// <param name="Epoch">Epochs the trial has safe in a checkpoint; 0 without one.</param>
public sealed record ExpireAttempt(AttemptId Attempt, ExpiryReason Reason, int Epoch = 0, string? Detail = null)
    : AttemptCommand(Attempt);

/// <summary>A silo's lease ran out, or its death is certain: all its attempts are taken from it.</summary>
/// <param name="Silo">The silo; only its incarnation is looked at.</param>
/// <param name="Epochs">
/// For each of its trials that has a checkpoint, the checkpoint's epoch. A trial that gained none since the last silo
/// it lost is suspected of killing them, and set aside after three.
/// </param>
public sealed record ExpireSilo(SiloId Silo, IReadOnlyDictionary<TrialId, int>? Epochs = null, string? Detail = null)
    : SweepCommand;

/// <summary>Hand out no more trials.</summary>
public sealed record PauseSweep(string Reason) : SweepCommand;

/// <summary>Hand out trials again.</summary>
/// <param name="RetryFailed">Also try again what has failed, now that its cause is removed.</param>
public sealed record ResumeSweep(bool RetryFailed = false) : SweepCommand;

/// <summary>End the sweep now; results that are in are kept.</summary>
public sealed record CancelSweep(string Reason) : SweepCommand;

/// <summary>
/// Ends trials for good, whether they wait, run or stand at a rung, without a result. Those that have ended are left.
/// </summary>
/// <param name="Trials">At least one; each of a configuration that was proposed, or the refit.</param>
public sealed record StopTrials(IReadOnlyList<TrialId> Trials, string Reason) : SweepCommand;

/// <summary>Moves waiting trials in the order of work. Results do not depend on it.</summary>
/// <param name="Configuration">A configuration that was proposed.</param>
/// <param name="Priority">Higher runs earlier; 0 is the default.</param>
/// <param name="Fold">One fold; null: all.</param>
public sealed record SetPriority(int Configuration, int Priority, int? Fold = null) : SweepCommand;

/// <summary>Try more configurations of the same search. Possible until the best is selected.</summary>
/// <param name="Total">The number of configurations wanted in all, so that a repeated command adds nothing.</param>
public sealed record AddConfigurations(int Total) : SweepCommand;
