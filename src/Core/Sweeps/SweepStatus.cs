namespace Sweeps.Core.Sweeps;

/// <summary>Where a sweep stands.</summary>
public enum SweepStatus
{
    /// <summary>The log is empty. Left by <see cref="Events.SweepSubmitted"/>.</summary>
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
