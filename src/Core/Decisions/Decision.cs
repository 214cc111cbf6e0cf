using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Decisions;

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

    /// <summary>
    /// Trials whose results may be in the store: look them up, and claim again with what was found.
    /// </summary>
    public IReadOnlyList<TrialQuestion> ToLookUp { get; init; } = [];

    /// <summary>A decision without events.</summary>
    public static Decision Rejected(RejectionKind kind, string message) => new() { Rejection = new(kind, message) };
}

/// <summary>A trial that a silo may train now.</summary>
/// <param name="Attempt">Trial and attempt; every report carries it.</param>
/// <param name="Exclusive">Without neighbours on the silo.</param>
/// <param name="Until">
/// The epoch after which the training pauses: a checkpoint is saved, then <see cref="ReachRung"/> reported; null: it
/// trains to its end.
/// </param>
public sealed record Assignment(AttemptId Attempt, TrainingRequest Request, bool Exclusive, int? Until = null)
{
    /// <summary>What to go on from, where the trial has no checkpoint of its own; null: from the start.</summary>
    public TrialBeginning? Beginning { get; init; }
}

/// <summary>Says why a command gave no events.</summary>
public sealed record Rejection(RejectionKind Kind, string Message);

/// <summary>Why a command changed nothing.</summary>
public enum RejectionKind
{
    /// <summary>It was done before: the wish is fulfilled.</summary>
    Duplicate,

    /// <summary>
    /// It speaks for an attempt, a claim or a state that is over. A training that is told so must stop.
    /// </summary>
    Stale,

    /// <summary>It contradicts what is: another plan under the same id, a trial that does not exist.</summary>
    Conflict,

    /// <summary>The silo's numerics differ from the sweep's.</summary>
    Refused,

    /// <summary>Not now: the sweep is paused.</summary>
    Paused,

    /// <summary>The sweep has ended.</summary>
    Over,
}
