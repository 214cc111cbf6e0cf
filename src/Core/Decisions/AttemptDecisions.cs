using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Decisions;

/// <summary>Decisions on reports of attempts and on the loss of silos.</summary>
internal static class AttemptDecisions
{
    private const int MaxMessage = 2_000;

    public static Decision Decide(SweepState state, RetryPolicy policy, AttemptCommand command, DateTimeOffset now)
    {
        if (Unheard(state, command) is { } rejection)
            return new() { Rejection = rejection };
        // What the state cannot keep must not get into the log; the trial is tried again or fails as after an error.
        if (FaultOf(state, command) is { } fault)
            command = new FailTrial(command.Attempt, TrainingFailure.Error, $"its report is malformed: {fault}");
        var (trial, number) = command.Attempt;
        return command switch
        {
            CompleteTrial complete => One(new TrialCompleted(trial, number, Shortened(complete.Result)) { At = now }),
            ReachRung reach => One(new RungReached(trial, number, reach.Result with { Reason = null }) { At = now }),
            ReleaseTrial release => Release(state, policy, release, now),
            LoseCheckpoint lost => One(new CheckpointLost(trial, number, Short(lost.Reason)) { At = now }),
            FailTrial fail => Fail(state, policy, fail, now),
            ExpireAttempt expire => new()
            {
                Events = Expire(state, policy, command.Attempt, expire.Reason, expire.Epoch, expire.Detail, now),
            },
            _ => throw new ArgumentException($"Unknown command {command.GetType().Name}.", nameof(command)),
        };
    }

    public static Decision ExpireSilo(SweepState state, RetryPolicy policy, ExpireSilo command, DateTimeOffset now)
    {
        var attempts = state.RunningOn(command.Silo);
        if (attempts.Count == 0)
            return Decision.Rejected(RejectionKind.Duplicate, $"Silo {command.Silo} holds no trial of this sweep.");
        var events = new List<SweepEvent>();
        foreach (var running in attempts)
        {
            var epoch = command.Epochs?.GetValueOrDefault(running.Attempt.Trial) ?? 0;
            events.AddRange(
                Expire(state, policy, running.Attempt, ExpiryReason.SiloLost, epoch, command.Detail, now));
        }

        return new() { Events = events };
    }

    // The fence: only the current attempt of a running trial is heard.
    private static Rejection? Unheard(SweepState state, AttemptCommand command)
    {
        var (trial, number) = command.Attempt;
        if (!state.Contains(trial))
            return new(RejectionKind.Conflict, $"There is no trial {trial} in sweep {state.Plan.Id}.");
        var status = state.StatusOf(trial);
        var current = state.AttemptsOf(trial);
        if (status == TrialStatus.Running && number == current)
            return null;
        if (number > current)
        {
            return new(
                RejectionKind.Conflict, $"Attempt {command.Attempt} was never started; the newest is {current}.");
        }
        if (state.IsStoppedByUser(trial))
            return new(RejectionKind.Stale, $"Trial {trial} was stopped by the user.");
        if (number == current && Fulfilled(status, command))
            return new(RejectionKind.Duplicate, $"Attempt {command.Attempt} reported so before.");
        if (status == TrialStatus.Cancelled)
            return new(RejectionKind.Over, $"The sweep was cancelled: {state.Reason}");
        return new(
            RejectionKind.Stale,
            $"Attempt {command.Attempt} is over: trial {trial} is {status} with attempt {current}.");
    }

    private static bool Fulfilled(TrialStatus status, AttemptCommand command) => command switch
    {
        CompleteTrial => status == TrialStatus.Completed,
        ReachRung => status is TrialStatus.Paused or TrialStatus.Stopped,
        FailTrial => status is TrialStatus.Failed or TrialStatus.Pending,
        ReleaseTrial { Stalled: true } => status is TrialStatus.Failed or TrialStatus.Pending,
        _ => status == TrialStatus.Pending,
    };

    private static string? FaultOf(SweepState state, AttemptCommand command) => command switch
    {
        CompleteTrial { Result: var result } => result.Outcome == TrainingOutcome.Stopped
            ? "a stopped training is not complete"
            : FaultOf(result),
        ReachRung { Result: var result } when result.Outcome != TrainingOutcome.Stopped
            || state.UntilOf(command.Attempt.Trial) != result.Epochs =>
            $"the trial has no rung at epoch {result.Epochs} with the outcome {result.Outcome}",
        ReachRung { Result: var result } => FaultOf(result),
        _ => null,
    };

    private static string? FaultOf(TrialResult result) => WeightsDigest.Fault(result.WeightsDigest);

    // What stalls everywhere would otherwise go round for ever without a word.
    private static Decision Release(SweepState state, RetryPolicy policy, ReleaseTrial release, DateTimeOffset now)
    {
        var (trial, number) = release.Attempt;
        var stalls = state.Cell(trial).Stalls + 1;
        return release.Stalled && stalls >= policy.StallsBeforeError
            ? Fail(
                state, policy,
                new(
                    release.Attempt, TrainingFailure.Error,
                    $"handed back {stalls} times in a row before it could begin: {release.Reason}"),
                now)
            : One(new AttemptReleased(trial, number, Short(release.Reason), release.Stalled) { At = now });
    }

    private static Decision Fail(SweepState state, RetryPolicy policy, FailTrial fail, DateTimeOffset now)
    {
        var (trial, number) = fail.Attempt;
        var cell = state.Cell(trial);
        var message = Short(fail.Message);
        var retries = policy.Retries(fail.Kind, cell.Errors, cell.OutOfMemory);
        var exclusive = retries && fail.Kind == TrainingFailure.OutOfMemory;
        var events = new List<SweepEvent>
        {
            new TrialFailed(trial, number, fail.Kind, message, retries, exclusive) { At = now },
        };
        if (state.Status == SweepStatus.Running && FailureTally.Counts(fail.Kind))
        {
            var trials = state.Tally.Add(trial, fail.Kind, message).Count(fail.Kind, message);
            if (trials >= policy.EqualErrorsBeforePause)
            {
                var reason = $"{trials} trials met the same {FailureWords.Of(fail.Kind)}: {message} " +
                    "Remove the cause, then resume; resume with retry of the failed trials to try them again" +
                    (state.IsInIndexOrder ? ", except those whose configurations a rung has dropped already." : ".");
                events.Add(new SweepPaused(reason) { At = now });
            }
        }

        return new() { Events = events };
    }

    private static List<SweepEvent> Expire(
        SweepState state,
        RetryPolicy policy,
        AttemptId attempt,
        ExpiryReason reason,
        int epoch,
        string? detail,
        DateTimeOffset now)
    {
        ref readonly var cell = ref state.Cell(attempt.Trial);
        var strikes = Strikes.After(cell, epoch);
        var bound = policy.StrikesBeforeSetAside(Math.Max(0, state.SiloLosses - cell.Strikes));
        var aside = strikes >= bound;
        var alone = !aside && strikes == bound - 1;
        var text = detail is null ? null : Short(detail);
        var events = new List<SweepEvent>
        {
            new AttemptExpired(attempt.Trial, attempt.Number, reason, epoch, text, alone) { At = now },
        };
        if (aside)
        {
            var why = $"It was running on {strikes} silos when they died or hung, " +
                $"on the last one alone, and never got past epoch {epoch} in between.";
            events.Add(new TrialSetAside(attempt.Trial, why) { At = now });
        }

        return events;
    }

    private static TrialResult Shortened(TrialResult result) =>
        result with { Reason = result.Reason is { } reason ? Short(reason) : null };

    private static Decision One(SweepEvent @event) => new() { Events = [@event] };

    private static string Short(string message) => message.Length <= MaxMessage ? message : message[..MaxMessage];
}
