namespace Sweeps.Simulation.Tests;

/// <summary>
/// A clock that jumps from event to event. Events of one moment run in the order of scheduling, so a run repeats
/// exactly.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private readonly PriorityQueue<Action, (long Ticks, long Order)> _events = new();
    private long _order;

    public TimeSpan Elapsed { get; private set; }

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public void Schedule(TimeSpan delay, Action action) =>
        _events.Enqueue(action, ((Elapsed + delay).Ticks, _order++));

    /// <summary>Runs the next event; false: there is none.</summary>
    public bool Step()
    {
        if (!_events.TryDequeue(out var action, out var at))
            return false;
        Elapsed = TimeSpan.FromTicks(at.Ticks);
        action();
        return true;
    }
}
