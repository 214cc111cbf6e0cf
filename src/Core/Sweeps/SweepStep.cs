namespace Sweeps.Core.Sweeps;

/// <summary>What can happen to a sweep as a whole.</summary>
public enum SweepStep
{
    /// <summary><see cref="Events.SweepSubmitted"/>.</summary>
    Submit,

    /// <summary>A trial is handed out.</summary>
    Start,

    /// <summary>Anything that may happen while running or paused: reports, expiries, scores, priorities.</summary>
    Report,

    /// <summary><see cref="Events.SweepPaused"/>.</summary>
    Pause,

    /// <summary><see cref="Events.SweepResumed"/>.</summary>
    Resume,

    /// <summary><see cref="Events.SweepCancelled"/>.</summary>
    Cancel,

    /// <summary>
    /// <see cref="Events.BestSelected"/>: not while paused, so that the user can mend what failed before the end.
    /// </summary>
    Conclude,

    /// <summary><see cref="Events.SweepCompleted"/>.</summary>
    Complete,
}
