using Sweeps.Core.Log;
using Sweeps.Core.State;

namespace Sweeps.Core.Decisions;

/// <summary>
/// One sweep in the hands of a coordinator: decides and evolves at once, so that many commands can share one append,
/// and takes it all back when the store says that another coordinator was first.
/// <code>
/// decision = session.Apply(command, now);              // any number of them
/// answer = await append(expected: session.Durable, session.Uncommitted);
/// if (answer.IsAppended) session.Commit(answer.LastSequence);
/// else { session.Rollback(); session.Observe(read events after session.Durable); /* decide again */ }
/// </code>
/// Answer callers only after the commit: until then nothing has happened. Where another coordinator may be alive,
/// read on in the log before telling anyone a rejection or an empty answer, and decide again if there was more: it
/// may be about things that only the other knows of. Several appends may be under way; when one is refused, all later
/// ones are too, and one rollback takes back all. Not for several threads at once.
/// </summary>
public sealed class SweepSession
{
    private readonly SweepDecider _decider;
    private readonly List<SweepEvent> _uncommitted = [];

    /// <summary>Takes over a state that the log's events have made.</summary>
    /// <param name="state">The sweep; an empty state for a new one.</param>
    public SweepSession(SweepState state, SweepDecider decider)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(decider);
        (State, _decider, Durable) = (state, decider, state.Sequence);
    }

    /// <summary>The sweep, with everything that was decided, durable or not.</summary>
    public SweepState State { get; }

    /// <summary>The log's last sequence that this session knows to be durable.</summary>
    public long Durable { get; private set; }

    /// <summary>Events decided and not yet committed; the first one's sequence is <see cref="Durable"/> + 1.</summary>
    public IReadOnlyList<SweepEvent> Uncommitted => _uncommitted;

    /// <summary>
    /// Decides a command and everything that follows from it, and evolves the state by it. The decision's events are
    /// the last ones of <see cref="Uncommitted"/>, in order.
    /// </summary>
    public Decision Apply(SweepCommand command, DateTimeOffset now)
    {
        var decision = _decider.Decide(State, command, now);
        if (decision.Events.Count == 0)
            return decision;
        var events = new List<SweepEvent>(decision.Events);
        State.BeginChange();
        Evolve(decision.Events);
        AddFollowUps(events, now);
        return decision with { Events = events };
    }

    /// <summary>
    /// Decides what follows from the state as it is: once after a log was opened, and after <see cref="Observe"/>.
    /// </summary>
    public IReadOnlyList<SweepEvent> Advance(DateTimeOffset now)
    {
        var events = new List<SweepEvent>();
        if (_decider.FollowUps(State, now).Count == 0)
            return events;
        State.BeginChange();
        AddFollowUps(events, now);
        return events;
    }

    /// <summary>The events up to <paramref name="sequence"/> are durable.</summary>
    /// <param name="sequence">The append's last sequence, which ends a decision.</param>
    public void Commit(long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, State.Sequence);
        if (sequence <= Durable)
            return;
        _uncommitted.RemoveRange(0, (int)(sequence - Durable));
        Durable = sequence;
        State.Accept(sequence);
    }

    /// <summary>
    /// Takes back everything that is not durable: the store had other events, or the outcome is unknown.
    /// </summary>
    public void Rollback()
    {
        State.TakeBack();
        _uncommitted.Clear();
    }

    /// <summary>Adds events that are in the log: all of them after <see cref="Durable"/>, in order.</summary>
    /// <exception cref="InvalidOperationException">There are uncommitted events: roll back first.</exception>
    public void Observe(IEnumerable<SweepEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (_uncommitted.Count > 0)
            throw new InvalidOperationException("Commit or roll back before observing the log.");
        foreach (var @event in events)
            State.Evolve(@event);
        Durable = State.Sequence;
    }

    private void AddFollowUps(List<SweepEvent> events, DateTimeOffset now)
    {
        while (_decider.FollowUps(State, now) is { Count: > 0 } more)
        {
            Evolve(more);
            events.AddRange(more);
        }
    }

    private void Evolve(IReadOnlyList<SweepEvent> events)
    {
        foreach (var @event in events)
        {
            State.Evolve(@event);
            _uncommitted.Add(@event);
        }
    }
}
