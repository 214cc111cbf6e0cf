using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;
using Sweeps.Grains.Contracts;
using Sweeps.Grains.Coordination;
using Sweeps.Store;
using Sweeps.Store.Contract;

namespace Sweeps.Grains;

/// <inheritdoc cref="ISweepGrain" />
public sealed partial class SweepGrain(
    ISweepStore store,
    Func<SweepPlan, ISearcher> sources,
    CoordinatorClock clock,
    TrialCounts counts,
    ILogger<SweepGrain> logger) : Grain, ISweepGrain
{
    private KnownTrials _known = null!;
    private SweepCoordinator _coordinator = null!;
    private bool _isCleared;
    private string? _unexpected;

    private string Id => this.GetPrimaryKeyString();

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _coordinator = new(Id, store, sources, clock);
        _known = new(store, error => LogNotLookedUp(error, Id));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        counts.Forget(Id);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<Answer> Submit(SweepPlan plan) => DoAsync(new SubmitSweep(plan)
    {
        Trace = RequestContext.Get(SweepsTelemetry.TraceKey) as string,
    });

    /// <inheritdoc />
    public Task<Answer> Resume(bool retryFailed) => DoAsync(new ResumeSweep(retryFailed));

    /// <inheritdoc />
    public async Task<ExchangeAnswer> Exchange(ExchangeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var silo = new SiloId(request.Silo, request.Incarnation);
            var commands = request.Ends.SelectMany(AttemptEnds.CommandsOf).ToList();
            if (request.Count > 0)
                commands.Add(Claim(silo, request));
            var decisions = await ExchangeAsync(commands);
            foreach (var (command, decision) in commands.Zip(decisions))
                LogRejected(command, decision.Rejection);
            _unexpected = null;
            var state = _coordinator.State!;
            var claim = request.Count > 0 ? decisions[^1] : null;
            return new(
                Answer.Done,
                [.. (claim?.Assignments ?? []).Select(assignment => Assign(request.Incarnation, assignment))],
                [.. (request.Running ?? []).Where(key => !Holds(state, key, request.Incarnation))],
                PhaseOf(state, claim, request.Count))
            {
                Unheard = [.. Unheard(commands, decisions).Distinct()],
                Refusal = claim?.Rejection is { Kind: RejectionKind.Refused } refusal ? refusal.Message : null,
            };
        }
        catch (Exception error)
        {
            return new(AnswerOf(error), [], [], WorkPhase.Waits);
        }
    }

    /// <summary>
    /// Decides; a claim that asks what the store has of its trials is answered and made again, until it has work,
    /// nothing more to ask, or no more time.
    /// </summary>
    private async Task<IReadOnlyList<Decision>> ExchangeAsync(IReadOnlyList<SweepCommand> commands)
    {
        _known.Begin();
        var decisions = await ExecuteAsync(commands);
        if (commands is not [.., ClaimTrials claim])
            return decisions;
        while (decisions[^1].Assignments.Count == 0 && HasMore(decisions[^1]) && !_known.IsSpent)
        {
            await _known.LookUpAsync(_coordinator.State!, claim.Fingerprint, decisions[^1].ToLookUp);
            decisions = [.. decisions.SkipLast(1), .. await ExecuteAsync([claim])];
        }

        return decisions;
    }

    private static bool HasMore(Decision claim) => claim.Rejection is null
        && (claim.ToLookUp.Count > 0 || claim.Events.Any(item => item is TrialReused or ConfigurationsProposed));

    /// <inheritdoc />
    public async Task<Answer> Reconcile()
    {
        try
        {
            if (!await _coordinator.CatchUpAsync() || _coordinator.State is not { Totals.Running: > 0 } state)
                return Answer.Done;
            var gone = await LostSilos.OfAsync(state, store);
            foreach (var silo in gone)
                LogSiloLost(silo.Silo, Id);
            if (gone.Count > 0)
                SweepsTelemetry.AttemptsLost.Add((await ExecuteAsync(gone))
                    .SelectMany(decision => decision.Events).OfType<AttemptExpired>().Count());
            return Answer.Done;
        }
        catch (Exception error)
        {
            return AnswerOf(error);
        }
    }

    /// <summary>Decides, and releases what is no longer needed.</summary>
    private async Task<IReadOnlyList<Decision>> ExecuteAsync(IReadOnlyList<SweepCommand> commands)
    {
        var before = _coordinator.Sequence;
        var decisions = await DecideAsync(commands);
        _known.Follow(_coordinator.State!, before, [.. decisions.SelectMany(decision => decision.Events)]);
        counts.Set(_coordinator.State!);
        if (decisions.SelectMany(decision => decision.Events).Any(item => item is SweepCompleted or SweepCancelled))
            Trace(_coordinator.State!);
        if (_coordinator.State!.IsOver)
            await ClearAsync();
        else
            _ = ClearAsync([.. decisions.SelectMany(decision => decision.Events)]);
        return decisions;
    }

    private async Task<IReadOnlyList<Decision>> DecideAsync(IReadOnlyList<SweepCommand> commands)
    {
        try
        {
            return await _coordinator.ExecuteAsync(commands);
        }
        catch
        {
            _known.Forget();
            throw;
        }
    }

    /// <summary>The sweep as a span, from its submission to its end.</summary>
    private static void Trace(SweepState state)
    {
        using var span = SweepsTelemetry.Source.StartActivity(
            "sweep", ActivityKind.Internal, SweepsTelemetry.Parent(state.Trace), startTime: state.SubmittedAt);
        span?.SetTag("sweeps.sweep", state.Plan.Id).SetTag("sweeps.status", state.Status.ToString())
            .SetTag("sweeps.trials", state.Totals.Planned).SetTag("sweeps.completed", state.Totals.Completed)
            .SetTag("sweeps.failed", state.Totals.Failed).SetTag("sweeps.retries", state.Totals.Retries);
    }

    /// <summary>The end does not wait on what is left over, nor fail by it: 'store prune' finds what stays.</summary>
    private async Task ClearAsync()
    {
        if (_isCleared)
            return;
        try
        {
            await Leftovers.ReleaseCheckpointsAsync(store, Id);
            _isCleared = true;
        }
        catch (SweepsException error)
        {
            LogNotCleared(error, Id);
        }
    }

    /// <summary>
    /// Releases the checkpoints of trials that the schedule stopped, thousands at a large rung, or that were taken over
    /// to their end, while the grain goes on answering; the sweep's end finds what stays.
    /// </summary>
    private async Task ClearAsync(List<SweepEvent> events)
    {
        try
        {
            await Leftovers.ReleaseCheckpointsAsync(store, _coordinator.State!, events);
        }
        catch (SweepsException error)
        {
            LogNotCleared(error, Id);
        }
    }

    // What the silo trains now; what it has just reported is no longer running by the time the claim is decided.
    private ClaimTrials Claim(SiloId silo, ExchangeRequest request) => new(
        silo, request.Claim, request.Count, request.Fingerprint, request.AcceptsExclusive,
        request.Running is { } running ? [.. running.Select(key => key.Attempt)] : null,
        request.DataProblem)
    {
        Known = _known,
        Spare = request.Spare,
        Slots = request.Slots,
    };

    /// <summary>
    /// What nobody expected is an answer too, told once with where it came from: an exception that crosses a network
    /// may not arrive, and who waits for it would not know why. Whoever asked asks again.
    /// </summary>
    private Answer AnswerOf(Exception error)
    {
        if (error is SweepsException expected)
            return Answer.From(expected);
        var text = $"{error.GetType().Name}: {error.Message}";
        if (_unexpected != text)
            LogUnexpected(error, Id);
        _unexpected = text;
        return Answer.From(new SweepsException(
            ErrorKind.Unexpected,
            $"The coordinator of sweep '{Id}' on {Environment.MachineName} met an unexpected error ({text}). Its log "
                + "has the details; it is asked again.",
            error));
    }

    private async Task<Answer> DoAsync(SweepCommand command)
    {
        try
        {
            var decisions = await ExecuteAsync([command]);
            LogCommand(Id, command, decisions[0].Rejection?.Message ?? "done");
            return Answer.From(decisions[0].Rejection);
        }
        catch (Exception error)
        {
            return AnswerOf(error);
        }
    }

    private IEnumerable<AttemptKey> Unheard(
        IEnumerable<SweepCommand> commands, IEnumerable<Decision> decisions) =>
        from pair in commands.Zip(decisions)
        let report = pair.First as AttemptCommand
        where report is not null && pair.Second.Rejection is { Kind: RejectionKind.Stale or RejectionKind.Conflict }
        select AttemptKey.Of(Id, report.Attempt);

    private TrialAssignment Assign(string incarnation, Assignment assignment) => new(
        AttemptKey.Of(Id, assignment.Attempt), incarnation, assignment.Request,
        assignment.Exclusive, _coordinator.State!.Plan.AttemptTimeout)
    {
        Until = assignment.Until,
        Trace = _coordinator.State.Trace,
        Beginning = assignment.Beginning,
    };

    private static bool Holds(SweepState state, AttemptKey key, string incarnation) =>
        state.RunningOf(key.Attempt.Trial) is { } running
        && running.Attempt.Number == key.Number && running.Silo.Incarnation == incarnation;

    private static WorkPhase PhaseOf(SweepState state, Decision? claim, int wanted) => state switch
    {
        { IsOver: true } => WorkPhase.Over,
        { Status: SweepStatus.Paused } => WorkPhase.Paused,
        _ when claim?.Rejection?.Kind == RejectionKind.Refused => WorkPhase.Refused,
        _ when claim?.ExclusiveWaits == true => WorkPhase.ExclusiveWaits,
        _ when claim is null || claim.Assignments.Count == wanted || HasMore(claim) => WorkPhase.HasWork,
        _ => WorkPhase.Waits,
    };

    private void LogRejected(SweepCommand command, Rejection? rejection)
    {
        if (command is AttemptCommand report && rejection is not null)
            LogRejectedReport(AttemptKey.Of(Id, report.Attempt), rejection.Kind, rejection.Message);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep}: {Command}: {Outcome}")]
    private partial void LogCommand(string sweep, SweepCommand command, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Checkpoints of {Sweep} that nobody needs were not released")]
    private partial void LogNotCleared(Exception error, string sweep);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What the store has of trials of {Sweep} could not be read: they are trained. Later ones are not "
            + "told")]
    private partial void LogNotLookedUp(Exception error, string sweep);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "Sweep {Sweep} met an unexpected error: nothing was done, it is asked again")]
    private partial void LogUnexpected(Exception error, string sweep);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Silo} is lost: its trials of {Sweep} go on elsewhere")]
    private partial void LogSiloLost(SiloId silo, string sweep);

    [LoggerMessage(Level = LogLevel.Information, Message = "A report of {Attempt} changed nothing ({Kind}): {Reason}")]
    private partial void LogRejectedReport(AttemptKey attempt, RejectionKind kind, string reason);
}
