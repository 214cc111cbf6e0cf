namespace Sweeps.Simulation.Tests;

/// <summary>One process: it can die, come back as another, and stop for a while as if nothing happened.</summary>
internal sealed class SimulatedProcess(VirtualTime time)
{
    private int _generation;
    private TimeSpan _pausedUntil;

    public bool IsUp { get; private set; }

    public bool IsPaused => _pausedUntil > time.Elapsed;

    /// <summary>How wrong its clock is.</summary>
    public TimeSpan ClockSkew { get; set; }

    public DateTimeOffset Now => time.GetUtcNow() + ClockSkew;

    /// <summary>The last moment at which it could not renew a lease.</summary>
    public TimeSpan LastDisturbed { get; set; }

    public void Start()
    {
        (IsUp, _pausedUntil, LastDisturbed) = (true, default, time.Elapsed);
        _generation++;
    }

    public void Kill()
    {
        IsUp = false;
        _generation++;
    }

    public void Pause(TimeSpan duration)
    {
        _pausedUntil = time.Elapsed + duration;
        LastDisturbed = _pausedUntil;
    }

    /// <summary>Runs an action of this process later, unless it is dead or another by then.</summary>
    public void After(TimeSpan delay, Action action)
    {
        var generation = _generation;
        time.Schedule(delay, () => Run(generation, action));
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
