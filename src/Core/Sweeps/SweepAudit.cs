namespace Sweeps.Core.Sweeps;

/// <summary>
/// The trials of a sweep by their ends. <see cref="Lost"/> is 0 once a sweep has ended, or something is wrong.
/// </summary>
/// <param name="Planned">Configurations x folds, and one for a refit that was decided.</param>
/// <param name="Completed">Results written.</param>
/// <param name="Unique">
/// Different trials that have a result; less than <paramref name="Completed"/> if one was written twice.
/// </param>
/// <param name="Stopped">Trials that the scheduler ended.</param>
/// <param name="Failed">Trials that failed for good or were set aside.</param>
/// <param name="Cancelled">Trials that the cancelled sweep never finished.</param>
/// <param name="Retried">Attempts beyond the first of each trial.</param>
public readonly record struct SweepAudit(
    long Planned, long Completed, long Unique, long Stopped, long Failed, long Cancelled, long Retried)
{
    /// <summary>Trials without an end.</summary>
    public long Lost => Planned - Unique - Stopped - Failed - Cancelled;

    /// <summary>Whether every planned trial ended exactly once.</summary>
    public bool Holds => Lost == 0 && Completed == Unique;
}
