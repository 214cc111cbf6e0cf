using Sweeps.Core.Log;

namespace Sweeps.Core.State;

/// <summary>Where a trial stands. <see cref="TransitionTable"/> holds every way from one to another.</summary>
public enum TrialStatus : byte
{
    /// <summary>
    /// Waits for a slot: new, released, expired or to be retried. Left by a start, a set-aside, a stop or a cancel.
    /// </summary>
    Pending,

    /// <summary>An attempt holds it. Left by whatever ends the attempt.</summary>
    Running,

    /// <summary>Has a result (a diverged training is one). Final.</summary>
    Completed,

    /// <summary>The schedule or the user ended it before its last epoch, or before its first. Final.</summary>
    Stopped,

    /// <summary>
    /// Failed with no retry left, or set aside. Left only when the user asks to try the failed ones again.
    /// </summary>
    Failed,

    /// <summary>The sweep was cancelled first. Final.</summary>
    Cancelled,

    /// <summary>
    /// Stands at a rung of the schedule, or is not wanted by it yet. Left by a promotion, a stop or a cancel.
    /// </summary>
    Paused,
}

/// <summary>Where a sweep stands.</summary>
public enum SweepStatus
{
    /// <summary>The log is empty. Left by <see cref="SweepSubmitted"/>.</summary>
    None,

    /// <summary>Hands out trials. Left by a pause, a cancel or the end.</summary>
    Running,

    /// <summary>Hands out nothing; running attempts go on and report. Left by a resume or a cancel.</summary>
    Paused,

    /// <summary>Every trial has ended and the report is written. Final.</summary>
    Completed,

    /// <summary>The user ended it. Final.</summary>
    Cancelled,
}

/// <summary>The last thing worth telling about a trial that did not simply complete.</summary>
/// <param name="Attempt">The attempt it was about.</param>
/// <param name="Kind">
/// What happened: <c>diverged</c>, <c>stopped early</c>, <c>out of memory</c>, <c>silo lost</c>, ...
/// </param>
/// <param name="Message">The reason, for people.</param>
public sealed record TrialNote(int Attempt, string Kind, string Message);
