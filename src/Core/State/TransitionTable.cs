namespace Sweeps.Core.Sweeps;

/// <summary>
/// Every way from one status to another. Decisions ask it before an event is made, and evolving asks it again, so that
/// a log that breaks it is found out instead of believed.
/// </summary>
public static class TransitionTable
{
    private static readonly TrialStatus?[,] Trials = Build<TrialStatus, TrialStep>(
        (TrialStatus.Pending, TrialStep.Start, TrialStatus.Running),
        (TrialStatus.Pending, TrialStep.SetAside, TrialStatus.Failed),
        (TrialStatus.Pending, TrialStep.Cancel, TrialStatus.Cancelled),
        (TrialStatus.Running, TrialStep.Complete, TrialStatus.Completed),
        (TrialStatus.Running, TrialStep.Stop, TrialStatus.Stopped),
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
