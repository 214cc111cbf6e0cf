namespace Sweeps.Storage;

/// <summary>A wish to append events to a sweep.</summary>
/// <param name="Sweep">The sweep's id: 1 to 200 characters without control characters.</param>
/// <param name="ExpectedSequence">The last sequence that the decision was based on; 0: the sweep is new.</param>
/// <param name="Events">The events, at least one.</param>
public sealed record SweepAppend(string Sweep, long ExpectedSequence, IReadOnlyList<NewEvent> Events)
{
    /// <summary>
    /// Replaces the sweep's header with the append; null leaves it (a new sweep: open, priority 0, empty summary).
    /// </summary>
    public SweepHeader? Header { get; init; }

    /// <summary>
    /// Names the append, so that one whose outcome is unknown may be tried again without doing it twice. Default: a new
    /// one.
    /// </summary>
    public Guid Id { get; init; } = Guid.NewGuid();
}
