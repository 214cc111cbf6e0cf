using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.State;

public sealed partial class SweepState
{
    private const int MaxNotes = 10_000;
    private const string StoppedByUser = "stopped by the user";

    /// <summary>Adds one event of the log, in order.</summary>
    /// <exception cref="SweepsException">
    /// The event cannot have happened here: the log is damaged. The state is then unusable.
    /// </exception>
    public void Evolve(SweepEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        switch (@event)
        {
            case TrialEvent trial: EvolveTrial(trial); break;
            case ConfigurationsProposed proposed: Propose(proposed); break;
            case ConfigurationScored scored: SetScore(scored); break;
            case RungDecided decided: DecideRung(decided); break;
            case SweepSubmitted submitted: Submit(submitted); break;
            case SweepPaused paused: SetStatus(SweepStep.Pause, @event, paused.Reason); break;
            case SweepResumed: SetStatus(SweepStep.Resume, @event, null); _facts.Tally = FailureTally.Empty; break;
            case SweepCancelled cancelled: Cancel(cancelled); break;
            case CheckpointLost lost: LoseCheckpoint(lost); break;
            case FingerprintSet fingerprint: SetFingerprint(fingerprint); break;
            case SiloRefused refused: Refuse(refused); break;
            case PriorityChanged priority: ChangePriority(priority); break;
            case ConfigurationsAdded added: AddConfigurations(added); break;
            case TrialsRequeued requeued: Requeue(requeued); break;
            case BestSelected best: SelectBest(best); break;
            case SweepCompleted completed: Complete(completed); break;
            default: throw Damaged(@event, "its type is unknown");
        }

        _facts.Sequence++;
        _facts.LastAt = @event.At;
    }

    private void EvolveTrial(TrialEvent @event)
    {
        var trial = @event.Trial;
        if (Status == SweepStatus.None || !Contains(trial))
            throw Damaged(@event, $"there is no trial {trial}");
        var step = StepOf(@event);
        var isHandedOut = step is TrialStep.Start or TrialStep.Reuse or TrialStep.ReuseToRung;
        SetStatus(isHandedOut ? SweepStep.Start : SweepStep.Report, @event);
        var cell = Cell(trial);
        if (TransitionTable.Next(cell.Status, step) is not { } next)
            throw Damaged(@event, $"trial {trial} is {cell.Status}");
        if (@event is AttemptEvent attempt && attempt.Attempt != cell.Attempts + (step == TrialStep.Start ? 1 : 0))
            throw Damaged(@event, $"it is of attempt {attempt.Attempt} and trial {trial} has had {cell.Attempts}");

        JournalTrial(trial);
        ref var row = ref MutableCell(trial);
        if (cell.Status == TrialStatus.Pending)
            Unqueue(trial, ref row);
        else if (cell.Status == TrialStatus.Running)
            _running.Remove(trial, _undo);
        row.Status = next;
        if (step != TrialStep.Start)
        {
            row.Released = step is TrialStep.Release or TrialStep.Reach or TrialStep.ReuseToRung;
            row.Stalls = @event is AttemptReleased { Stalled: true } ? (byte)Math.Min(row.Stalls + 1, 255) : (byte)0;
        }

        Apply(@event, ref row);
        if (next == TrialStatus.Pending)
            Enqueue(trial, ref row);
        else if (next != TrialStatus.Running)
            LeaveTrial(trial, hasEnded: next != TrialStatus.Paused, isAtRung: cell.Status == TrialStatus.Paused);
    }

    private TrialStep StepOf(TrialEvent @event) => @event switch
    {
        TrialStarted => TrialStep.Start,
        TrialReused { Result.Outcome: TrainingOutcome.Stopped } => TrialStep.ReuseToRung,
        TrialReused => TrialStep.Reuse,
        TrialCompleted => TrialStep.Complete,
        RungReached => TrialStep.Reach,
        TrialFailed failed => failed.WillRetry ? TrialStep.Retry : TrialStep.Fail,
        AttemptReleased => TrialStep.Release,
        AttemptExpired => TrialStep.Expire,
        TrialSetAside => TrialStep.SetAside,
        TrialStopped => TrialStep.StopByUser,
        _ => throw Damaged(@event, "its type is unknown"),
    };

    private void Apply(TrialEvent @event, ref TrialCell row)
    {
        switch (@event)
        {
            case TrialStarted started:
                Start(started, ref row);
                break;
            case TrialCompleted completed:
                ApplyResult(completed.Trial, completed.Attempt, completed.Result, ref row);
                break;
            case TrialReused reused:
                Reuse(reused, ref row);
                break;
            case RungReached reached:
                SetResult(reached.Trial, reached.Result, ref row, isReused: false);
                break;
            case TrialFailed failed:
                ApplyFailure(failed, ref row);
                break;
            case AttemptReleased { Stalled: true } stalled:
                Note(stalled.Trial, stalled.Attempt, "handed back", stalled.Reason);
                break;
            case AttemptReleased:
                // It waits as before, and nothing is wrong with it.
                break;
            case AttemptExpired expired:
                CountLoss(expired);
                row.Strikes = (byte)Strikes.After(row, expired.Epoch);
                row.StrikeEpoch = expired.Epoch;
                row.Exclusive = expired.Exclusive || row.OutOfMemory > 0;
                var kind = expired.Reason == ExpiryReason.SiloLost ? "silo lost" : "timeout";
                Note(expired.Trial, expired.Attempt, kind, expired.Detail ?? kind);
                break;
            case TrialSetAside aside:
                _facts.Totals.Failed++;
                CountTakenOver(aside.Trial, row, -1);
                Note(aside.Trial, row.Attempts, "set aside", aside.Reason);
                break;
            case TrialStopped stopped:
                Stop(stopped, ref row);
                break;
        }
    }

    private void LoseCheckpoint(CheckpointLost lost)
    {
        SetStatus(SweepStep.Report, lost);
        if (!Contains(lost.Trial) || RunningOf(lost.Trial)?.Attempt.Number != lost.Attempt)
            throw Damaged(lost, $"trial {lost.Trial} does not run with attempt {lost.Attempt}");
        LoseBeginning(lost.Trial);
        Note(lost.Trial, lost.Attempt, "checkpoint lost", lost.Reason);
    }

    private void CountLoss(AttemptExpired expired)
    {
        if (expired.Reason != ExpiryReason.SiloLost || expired.At == _facts.LastLossAt)
            return;
        _facts.SiloLosses++;
        _facts.LastLossAt = expired.At;
    }

    private void Start(TrialStarted started, ref TrialCell row)
    {
        if (row.Attempts > 0 && !row.Released)
            _facts.Totals.Retries++;
        row.Attempts = started.Attempt;
        if (started.Beginning is { } beginning)
            SetBeginning(started.Trial, beginning);
        // A silo that trains has the right data now.
        _facts.DataProblems = _facts.DataProblems.Remove(started.Silo.Incarnation);
        var attempt = new AttemptId(started.Trial, started.Attempt);
        _running.Add(new(attempt, started.Silo, started.Claim, started.Exclusive, started.At), _undo);
    }

    private void ApplyResult(
        TrialId trial, int attempt, TrialResult result, ref TrialCell row, bool isReused = false)
    {
        SetResult(trial, result, ref row, isReused);
        _facts.Totals.Completed++;
        if (trial.IsRefit)
            _facts.RefitTest = result.Test;
        if (result.Outcome == TrainingOutcome.Diverged)
            _facts.Totals.Diverged++;
        if (result.Outcome == TrainingOutcome.StoppedEarly)
            _facts.Totals.StoppedEarly++;
        if (result.Outcome != TrainingOutcome.Completed)
        {
            var kind = result.Outcome == TrainingOutcome.Diverged ? "diverged" : "stopped early";
            Note(trial, attempt, kind, result.Reason ?? kind);
        }
    }

    /// <summary>Replaces what the trial gave at its last rung, which is part of the new result.</summary>
    private void SetResult(TrialId trial, TrialResult result, ref TrialCell row, bool isReused)
    {
        var own = OwnCost(trial, row);
        CountReuse(trial, row, own, isReused ? result : null);
        if (!isReused)
        {
            var cost = new TrainingCost(result.TrainSeconds, result.EvaluationSeconds, result.Samples);
            AddCost(cost.Without(BeginningOf(trial)), own);
        }

        row.Reused = isReused;
        row.Set(result);
    }

    private void ApplyFailure(TrialFailed failed, ref TrialCell row)
    {
        if (failed.Kind == TrainingFailure.OutOfMemory)
            row.OutOfMemory = (byte)Math.Min(row.OutOfMemory + 1, 255);
        else
            row.Errors = (byte)Math.Min(row.Errors + 1, 255);
        row.Exclusive |= failed.Exclusive;
        if (!failed.WillRetry)
        {
            _facts.Totals.Failed++;
            CountTakenOver(failed.Trial, row, -1);
        }

        if (FailureTally.Counts(failed.Kind))
            _facts.Tally = _facts.Tally.Add(failed.Trial, failed.Kind, failed.Message);
        Note(failed.Trial, failed.Attempt, FailureWords.Of(failed.Kind), failed.Message);
    }

    private void Stop(TrialStopped stopped, ref TrialCell row)
    {
        // What it took over at a rung is no result any more; what it trained was trained all the same.
        CountReuse(stopped.Trial, row, OwnCost(stopped.Trial, row));
        (row.Reused, row.StoppedByUser) = (false, true);
        _facts.Totals.Stopped++;
        _facts.Totals.StoppedByUser++;
        Note(stopped.Trial, row.Attempts, StoppedByUser, stopped.Reason);
    }

    private void Note(TrialId trial, int attempt, string kind, string message)
    {
        if (_facts.Notes.Count < MaxNotes || _facts.Notes.ContainsKey(trial))
            _facts.Notes = _facts.Notes.SetItem(trial, new(attempt, kind, message));
    }

    private void SetStatus(SweepStep step, SweepEvent @event, string? reason)
    {
        SetStatus(step, @event);
        _facts.Reason = reason;
    }

    private void SetStatus(SweepStep step, SweepEvent @event) =>
        _facts.Status = TransitionTable.Next(Status, step) ?? throw Damaged(@event, $"the sweep is {Status}");

    private SweepsException Damaged(SweepEvent @event, string why) => new(
        ErrorKind.Store,
        $"Event {Sequence + 1} of the log ({@event.GetType().Name}) cannot have happened: {why}. " +
        "The log is damaged; restore the store from a copy.");
}
