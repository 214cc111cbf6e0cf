using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;

namespace Sweeps.Core.Decisions;

/// <summary>
/// Decides what a command leads to: a pure function of state, command and time. It never changes the state; nothing
/// has happened until the events are in the log and <see cref="SweepState.Evolve"/> has seen them. <see
/// cref="SweepSession"/> puts both together.
/// </summary>
/// <param name="policy">How often what is tried again; null: the defaults.</param>
/// <param name="judge">Who passes a rung of the sweep's schedule; null: the best, as the schedule says.</param>
public sealed class SweepDecider(ISearcher searcher, RetryPolicy? policy = null, RungJudge? judge = null)
{
    private readonly RetryPolicy _policy = policy ?? new();
    private readonly RungJudge _judge = judge ?? RungDecision.Decide;

    /// <summary>What a command leads to.</summary>
    /// <param name="now">The time that the events will carry, cut to milliseconds.</param>
    public Decision Decide(SweepState state, SweepCommand command, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        if (command is SubmitSweep submit)
            return SweepDecisions.Submit(state, submit, now);
        if (state.Status == SweepStatus.None)
            return Decision.Rejected(RejectionKind.Conflict, "No sweep was submitted to this log.");
        return command switch
        {
            ClaimTrials claim => ClaimDecision.Decide(state, searcher, claim, now),
            AttemptCommand report => AttemptDecisions.Decide(state, _policy, report, now),
            ExpireSilo expire => AttemptDecisions.ExpireSilo(state, _policy, expire, now),
            PauseSweep pause => SweepDecisions.Pause(state, pause, now),
            ResumeSweep resume => SweepDecisions.Resume(state, resume, now),
            CancelSweep cancel => SweepDecisions.Cancel(state, cancel, now),
            StopTrials stop => StopDecision.Decide(state, stop, now),
            SetPriority priority => SweepDecisions.SetPriority(state, searcher, priority, now),
            AddConfigurations add => SweepDecisions.AddConfigurations(state, searcher, add, now),
            _ => throw new ArgumentException($"Unknown command {command.GetType().Name}.", nameof(command)),
        };
    }

    /// <summary>
    /// What follows from the state without anyone asking: who passes a rung, scores of configurations whose folds are
    /// all in, the choice of the best, the end. Empty: nothing. Ask again after evolving, until it is empty; also once
    /// when a log was opened.
    /// </summary>
    public IReadOnlyList<SweepEvent> FollowUps(SweepState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        // Not while paused: a configuration whose fold failed could not be tried again once it is dropped.
        return state.ToDecide.Count > 0 && state.Status == SweepStatus.Running
            ? [.. state.ToDecide.Select(which => _judge(state, which, now))]
            : ConclusionDecision.Decide(state, now);
    }
}

/// <summary>
/// Decides who passes the rung that all members of a bracket stand at, or in index order the next one of a rung: a pure
/// function of the state, whatever the order was in which they came.
/// </summary>
/// <param name="which">The bracket; in index order the rung.</param>
public delegate RungDecided RungJudge(SweepState state, int which, DateTimeOffset now);
