using System.Globalization;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;

namespace Sweeps.Core.Decisions;

/// <summary>Decisions on commands about a sweep as a whole.</summary>
internal static class SweepDecisions
{
    private const int RequeuedAtOnce = 1_000;

    public static Decision Submit(SweepState state, SubmitSweep submit, DateTimeOffset now)
    {
        if (state.Status == SweepStatus.None)
            return One(new SweepSubmitted(submit.Plan) { At = now, Trace = submit.Trace });
        return state.Plan == submit.Plan
            ? Decision.Rejected(RejectionKind.Duplicate, $"Sweep {state.Plan.Id} was submitted so before.")
            : Decision.Rejected(
                RejectionKind.Conflict,
                $"There is a sweep {state.Plan.Id} with another specification or seed. " +
                "Choose another name, or start afresh.");
    }

    public static Decision Pause(SweepState state, PauseSweep pause, DateTimeOffset now) => state.Status switch
    {
        SweepStatus.Running => One(new SweepPaused(pause.Reason) { At = now }),
        SweepStatus.Paused => Decision.Rejected(RejectionKind.Duplicate, $"The sweep is paused: {state.Reason}"),
        _ => Over(state),
    };

    public static Decision Resume(SweepState state, ResumeSweep resume, DateTimeOffset now)
    {
        if (state.IsOver)
            return Over(state);
        var events = new List<SweepEvent>();
        if (resume.RetryFailed)
            AddRequeued(state, events, now);
        // Requeue first: a resumed sweep with nothing left to do concludes at once.
        if (state.Status == SweepStatus.Paused)
            events.Add(new SweepResumed { At = now });
        return events.Count > 0
            ? new() { Events = events }
            : Decision.Rejected(RejectionKind.Duplicate, "The sweep is running.");
    }

    public static Decision Cancel(SweepState state, CancelSweep cancel, DateTimeOffset now) => state.Status switch
    {
        SweepStatus.Cancelled => Decision.Rejected(RejectionKind.Duplicate, $"The sweep is cancelled: {state.Reason}"),
        SweepStatus.Completed => Over(state),
        _ => One(new SweepCancelled(cancel.Reason) { At = now }),
    };

    /// <summary>Configurations that one priority may have proposed: they are one event of the log.</summary>
    private const int ProposedAhead = 4096;

    /// <summary>A configuration that was not proposed yet is proposed, where no score decides what it is.</summary>
    public static Decision SetPriority(
        SweepState state, ISearcher searcher, SetPriority command, DateTimeOffset now)
    {
        if (state.IsOver)
            return Over(state);
        var trials = state.Plan.TrialsPerConfiguration;
        if ((uint)command.Configuration >= (uint)state.Configurations || (uint)(command.Fold ?? 0) >= (uint)trials)
        {
            return Decision.Rejected(
                RejectionKind.Conflict,
                $"There is no trial {command.Configuration}/{command.Fold ?? 0}: {state.Configurations} configurations "
                + $"with {trials} trials each are planned, both counted from 0.");
        }

        var events = new List<SweepEvent>();
        if (command.Configuration >= state.Proposed)
        {
            if (command.Configuration - state.Proposed >= ProposedAhead)
            {
                return Decision.Rejected(
                    RejectionKind.Conflict,
                    $"Configuration {command.Configuration} is too far ahead: {state.Proposed} are chosen so far; "
                    + $"allowed: up to {state.Proposed + ProposedAhead - 1}. Ask again later.");
            }

            var fresh = ClaimDecision.ProposeTo(state, searcher, command.Configuration + 1L, now, events).Count;
            return command.Configuration < state.Proposed + fresh
                ? new() { Events = [.. events, ChangeOf(command, now)] }
                : Decision.Rejected(
                    RejectionKind.Conflict,
                    $"Configuration {command.Configuration} is not chosen yet: that needs scores of those before it, "
                    + $"and {state.Proposed} are chosen so far. Ask again later.");
        }

        var wanted = command.Fold is { } one ? [one] : Enumerable.Range(0, trials);
        return wanted.All(at => state.Cell(new(command.Configuration, at)).Priority == command.Priority)
            ? Decision.Rejected(RejectionKind.Duplicate, $"The priority is {command.Priority}.")
            : One(ChangeOf(command, now));
    }

    private static PriorityChanged ChangeOf(SetPriority command, DateTimeOffset now) =>
        new(command.Configuration, command.Fold, command.Priority) { At = now };

    public static Decision AddConfigurations(
        SweepState state, ISearcher searcher, AddConfigurations command, DateTimeOffset now)
    {
        if (state.IsOver || state.Selection is not null)
        {
            return Over(
                state, "To try more, run its file with a larger 'run_cap' and --name ID: known results are reused.");
        }

        if (command.Total <= state.Configurations)
            return Decision.Rejected(RejectionKind.Duplicate, $"{state.Configurations} configurations are planned.");
        if (command.Total > NonDominatedSort.MostInOrder && state.Plan.Objectives is { Further.Count: > 1 }
            && (state.IsInIndexOrder || searcher.BarrierOf(command.Total - 1) > 0))
        {
            return Decision.Rejected(
                RejectionKind.Conflict,
                $"{command.Total} configurations of {state.Plan.AllObjectives().Count} objectives would each be put in "
                + $"order with all before; allowed: up to {NonDominatedSort.MostInOrder}, and "
                + $"{state.Configurations} are planned. Begin a new sweep for more.");
        }

        if (command.Total > searcher.Count)
        {
            return Decision.Rejected(
                RejectionKind.Conflict,
                $"The search space has {searcher.Count} configurations, {command.Total} were asked for. " +
                "Widen the space in a new sweep.");
        }

        return command.Total > SweepPlan.ConfigurationsMax
            ? Decision.Rejected(
                RejectionKind.Conflict,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{command.Total:N0} configurations were asked for, {state.Configurations:N0} are planned; "
                    + $"allowed: up to {SweepPlan.ConfigurationsMax:N0} in all. Add fewer, or begin a new sweep."))
            : One(new ConfigurationsAdded(command.Total) { At = now });
    }

    /// <param name="advice">What to do instead, of a sweep that came to its end.</param>
    public static Decision Over(SweepState state, string? advice = null) => Decision.Rejected(
        RejectionKind.Over,
        state.Status == SweepStatus.Cancelled
            ? $"The sweep was cancelled: {state.Reason}"
            : (state.Status == SweepStatus.Completed ? "The sweep is complete." : "The best is chosen already.")
                + (advice is null ? string.Empty : $" {advice}"));

    private static Decision One(SweepEvent @event) => new() { Events = [@event] };

    private static void AddRequeued(SweepState state, List<SweepEvent> events, DateTimeOffset now)
    {
        // After the choice of the best only the refit is open, and what failed before is part of the answer.
        if (state.Selection is not null)
            return;
        var failed = new List<TrialId>();
        for (var index = 0; index < state.ProposedTrials; index++)
        {
            var trial = state.TrialAt(index);
            if (state.CellAt(index).Status == TrialStatus.Failed && !state.IsDropped(trial.Configuration))
                failed.Add(trial);
        }

        foreach (var batch in failed.Chunk(RequeuedAtOnce))
            events.Add(new TrialsRequeued(batch) { At = now });
    }
}
