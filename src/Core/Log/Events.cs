namespace Sweeps.Core.Sweeps.Events;

/// <summary>
/// Something that happened to a sweep. The log is the list of them and the only truth; <see cref="SweepState"/> is what
/// they add up to. Events never change once written: a new need is a new member with a default, or a new event.
/// </summary>
public abstract record SweepEvent
{
    /// <summary>When it was decided. For people and reports: no decision on results depends on it.</summary>
    public DateTimeOffset At { get; init; }
}
