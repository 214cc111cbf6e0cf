using Sweeps.Core.Log;

namespace Sweeps.Core.State;

/// <summary>
/// Every way from one status to another. Decisions ask it before an event is made, and evolving asks it again, so that
/// a log that breaks it is found out instead of believed.
/// </summary>
internal static class TransitionTable
{
    private static readonly TrialStatus?[,] Trials = Build<TrialStatus, TrialStep>(
        (TrialStatus.Pending, TrialStep.Start, TrialStatus.Running),
        (TrialStatus.Pending, TrialStep.Reuse, TrialStatus.Completed),
        (TrialStatus.Pending, TrialStep.ReuseToRung, TrialStatus.Paused),
        (TrialStatus.Pending, TrialStep.SetAside, TrialStatus.Failed),
        (TrialStatus.Pending, TrialStep.Cancel, TrialStatus.Cancelled),
        (TrialStatus.Running, TrialStep.Complete, TrialStatus.Completed),
        (TrialStatus.Running, TrialStep.Reach, TrialStatus.Paused),
        (TrialStatus.Paused, TrialStep.Promote, TrialStatus.Pending),
        (TrialStatus.Paused, TrialStep.Stop, TrialStatus.Stopped),
        (TrialStatus.Pending, TrialStep.StopByUser, TrialStatus.Stopped),
        (TrialStatus.Running, TrialStep.StopByUser, TrialStatus.Stopped),
        (TrialStatus.Paused, TrialStep.StopByUser, TrialStatus.Stopped),
        (TrialStatus.Paused, TrialStep.Cancel, TrialStatus.Cancelled),
        (TrialStatus.Running, TrialStep.Fail, TrialStatus.Failed),
        (TrialStatus.Running, TrialStep.Retry, TrialStatus.Pending),
        (TrialStatus.Running, TrialStep.Release, TrialStatus.Pending),
        (TrialStatus.Running, TrialStep.Expire, TrialStatus.Pending),
        (TrialStatus.Running, TrialStep.Cancel, TrialStatus.Cancelled),
        (TrialStatus.Failed, TrialStep.Requeue, TrialStatus.Pending));

    private static readonly SweepStatus?[,] Sweeps = Build<SweepStatus, SweepStep>(
        (SweepStatus.None, SweepStep.Submit, SweepStatus.Running),
        (SweepStatus.Running, SweepStep.Start, SweepStatus.Running),
        (SweepStatus.Running, SweepStep.Report, SweepStatus.Running),
        (SweepStatus.Running, SweepStep.Pause, SweepStatus.Paused),
        (SweepStatus.Running, SweepStep.Cancel, SweepStatus.Cancelled),
        (SweepStatus.Running, SweepStep.Conclude, SweepStatus.Running),
        (SweepStatus.Running, SweepStep.Complete, SweepStatus.Completed),
        (SweepStatus.Paused, SweepStep.Report, SweepStatus.Paused),
        (SweepStatus.Paused, SweepStep.Resume, SweepStatus.Running),
        (SweepStatus.Paused, SweepStep.Cancel, SweepStatus.Cancelled));

    /// <summary>Where <paramref name="step"/> leads a trial; null: it cannot happen there.</summary>
    public static TrialStatus? Next(TrialStatus status, TrialStep step) => Trials[(int)status, (int)step];

    /// <summary>Where <paramref name="step"/> leads a sweep; null: it cannot happen there.</summary>
    public static SweepStatus? Next(SweepStatus status, SweepStep step) => Sweeps[(int)status, (int)step];

    private static TStatus?[,] Build<TStatus, TStep>(params (TStatus From, TStep Step, TStatus To)[] ways)
        where TStatus : struct, Enum
        where TStep : struct, Enum
    {
        var table = new TStatus?[Enum.GetValues<TStatus>().Length, Enum.GetValues<TStep>().Length];
        foreach (var (from, step, to) in ways)
            table[Convert.ToInt32(from), Convert.ToInt32(step)] = to;
        return table;
    }
}

/// <summary>What can happen to a trial; each is one kind of event, or two where the event says which.</summary>
internal enum TrialStep
{
    /// <summary><see cref="TrialStarted"/>.</summary>
    Start,

    /// <summary><see cref="TrialReused"/> with the trial's end.</summary>
    Reuse,

    /// <summary><see cref="TrialReused"/> with what it gave at its rung.</summary>
    ReuseToRung,

    /// <summary><see cref="TrialCompleted"/>.</summary>
    Complete,

    /// <summary><see cref="RungReached"/>.</summary>
    Reach,

    /// <summary><see cref="RungDecided"/>: its configuration goes on.</summary>
    Promote,

    /// <summary><see cref="RungDecided"/>: its configuration does not.</summary>
    Stop,

    /// <summary><see cref="TrialFailed"/> without a retry.</summary>
    Fail,

    /// <summary><see cref="TrialFailed"/> with a retry.</summary>
    Retry,

    /// <summary><see cref="AttemptReleased"/>.</summary>
    Release,

    /// <summary><see cref="AttemptExpired"/>.</summary>
    Expire,

    /// <summary><see cref="TrialSetAside"/>.</summary>
    SetAside,

    /// <summary><see cref="TrialStopped"/>.</summary>
    StopByUser,

    /// <summary><see cref="TrialsRequeued"/>.</summary>
    Requeue,

    /// <summary><see cref="SweepCancelled"/>.</summary>
    Cancel,
}

/// <summary>What can happen to a sweep as a whole.</summary>
internal enum SweepStep
{
    /// <summary><see cref="SweepSubmitted"/>.</summary>
    Submit,

    /// <summary>A trial is handed out.</summary>
    Start,

    /// <summary>Anything that may happen while running or paused: reports, expiries, scores, priorities.</summary>
    Report,

    /// <summary><see cref="SweepPaused"/>.</summary>
    Pause,

    /// <summary><see cref="SweepResumed"/>.</summary>
    Resume,

    /// <summary><see cref="SweepCancelled"/>.</summary>
    Cancel,

    /// <summary>
    /// <see cref="BestSelected"/>: not while paused, so that the user can mend what failed before the end.
    /// </summary>
    Conclude,

    /// <summary><see cref="SweepCompleted"/>.</summary>
    Complete,
}
