namespace Sweeps.Core.Sweeps;

/// <summary>Where a trial stands. <see cref="TransitionTable"/> holds every way from one to another.</summary>
public enum TrialStatus : byte
{
    /// <summary>
    /// Waits for a slot: new, released, expired or to be retried. Left by a start, a set-aside or a cancel.
    /// </summary>
    Pending,

    /// <summary>An attempt holds it. Left by whatever ends the attempt.</summary>
    Running,

    /// <summary>Has a result (a diverged training is one). Final.</summary>
    Completed,

    /// <summary>The scheduler ended it before its last epoch. Final.</summary>
    Stopped,

    /// <summary>
    /// Failed with no retry left, or set aside. Left only when the user asks to try the failed ones again.
    /// </summary>
    Failed,

    /// <summary>The sweep was cancelled first. Final.</summary>
    Cancelled,
}
