namespace Sweeps.Simulation.Tests;

/// <summary>One process: it can die, come back as another, and stop for a while as if nothing happened.</summary>
internal sealed class SimulatedProcess(VirtualTime time)
{
    private int _generation;
    private TimeSpan _pausedUntil;

    public bool IsUp { get; private set; }

    public bool IsPaused => _pausedUntil > time.Elapsed;

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>How wrong its clock is.</summary>
    public TimeSpan ClockSkew { get; set; }

    public DateTimeOffset Now => time.GetUtcNow() + ClockSkew;

    /// <summary>The last moment at which it could not renew a lease.</summary>
    public TimeSpan LastDisturbed { get; set; }

    public void Start()
    {
        (IsUp, _pausedUntil, LastDisturbed) = (true, default, time.Elapsed);
        _generation++;
        Starts++;
    }

    public void Kill()
    {
        IsUp = false;
        _generation++;
    }

    public void Pause(TimeSpan duration)
    {
        var until = time.Elapsed + duration;
        // A stopped process that is stopped again does not go on earlier: what it had planned waits for the later end.
        if (until > _pausedUntil)
            LastDisturbed = _pausedUntil = until;
    }

    /// <summary>Runs an action of this process later, unless it is dead or another by then.</summary>
    public void After(TimeSpan delay, Action action) => Bound()(delay, action);

    /// <summary>
    /// As <see cref="After"/>, for the process as it is now: what it asked for never reaches one started later.
    /// </summary>
    public Action<TimeSpan, Action> Bound()
    {
        var generation = _generation;
        return (delay, action) => time.Schedule(delay, () => Run(generation, action));
    }

    private void Run(int generation, Action action)
    {
        if (generation != _generation)
            return;
        if (IsPaused)
            time.Schedule(_pausedUntil - time.Elapsed, () => Run(generation, action));
        else
            action();
    }
}

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
