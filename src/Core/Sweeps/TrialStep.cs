namespace Sweeps.Core.Sweeps;

/// <summary>What can happen to a trial; each is one kind of event, or two where the event says which.</summary>
public enum TrialStep
{
    /// <summary><see cref="Events.TrialStarted"/>.</summary>
    Start,

    /// <summary><see cref="Events.TrialCompleted"/>.</summary>
    Complete,

    /// <summary><see cref="Events.TrialStopped"/>.</summary>
    Stop,

    /// <summary><see cref="Events.TrialFailed"/> without a retry.</summary>
    Fail,

    /// <summary><see cref="Events.TrialFailed"/> with a retry.</summary>
    Retry,

    /// <summary><see cref="Events.AttemptReleased"/>.</summary>
    Release,

    /// <summary><see cref="Events.AttemptExpired"/>.</summary>
    Expire,

    /// <summary><see cref="Events.TrialSetAside"/>.</summary>
    SetAside,

    /// <summary><see cref="Events.TrialsRequeued"/>.</summary>
    Requeue,

    /// <summary><see cref="Events.SweepCancelled"/>.</summary>
    Cancel,
}
