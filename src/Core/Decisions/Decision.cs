using Sweeps.Core.Sweeps.Events;

namespace Sweeps.Core.Sweeps;

/// <summary>What a command leads to. Nothing has happened until the events are in the log.</summary>
public sealed record Decision
{
    /// <summary>To append, in this order, all or none.</summary>
    public IReadOnlyList<SweepEvent> Events { get; init; } = [];

    /// <summary>
    /// Why what was wanted is not done; null where it is, or where a claim finds nothing to do. Events may stand
    /// beside it (that a silo was refused, that trials were released).
    /// </summary>
    public Rejection? Rejection { get; init; }

    /// <summary>The answer to a claim: what the silo may train once the events are in the log.</summary>
    public IReadOnlyList<Assignment> Assignments { get; init; } = [];

    /// <summary>
    /// All that waits needs a silo without neighbours: finish what runs, then claim accepting exclusive trials.
    /// </summary>
    public bool ExclusiveWaits { get; init; }

    /// <summary>A decision without events.</summary>
    public static Decision Rejected(RejectionKind kind, string message) => new() { Rejection = new(kind, message) };
}
