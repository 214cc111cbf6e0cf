namespace Sweeps.Core.Log;

/// <summary>
/// The answer of a sweep. Lists are in the order of rank and hold at most <see cref="MaxListed"/> entries.
/// </summary>
public sealed record Selection
{
    /// <summary>Bound on each list; the counts tell of more.</summary>
    public const int MaxListed = 200;

    /// <summary>
    /// Index of the best configuration by <see cref="Rule"/>, which is refitted; null: none has a usable result.
    /// </summary>
    public int? Best { get; init; }

    /// <summary>By which rule, for people.</summary>
    public required string Rule { get; init; }

    /// <summary>
    /// Configurations that a paired comparison over folds cannot tell from the best; without the best itself.
    /// </summary>
    public IReadOnlyList<int> Tied { get; init; } = [];

    /// <summary>How many there are.</summary>
    public int TiedCount { get; init; }

    /// <summary>What the comparison was, or why there is none.</summary>
    public required string TieRule { get; init; }

    /// <summary>
    /// Within one standard error of the best mean: fewest weights, of several objectives the best in the second; of
    /// equal ones the best. Null where a standard error is unknown.
    /// </summary>
    public int? OneStandardError { get; init; }

    /// <summary>Configurations that no other beats in both the metric and the training time.</summary>
    public IReadOnlyList<int> TimeFront { get; init; } = [];

    /// <summary>Configurations that no other beats in both the metric and the number of weights.</summary>
    public IReadOnlyList<int> WeightsFront { get; init; } = [];

    /// <summary>
    /// Configurations that no other beats in one objective without being behind in another, in the order of the first;
    /// null: the sweep has one objective.
    /// </summary>
    public IReadOnlyList<int>? Front { get; init; }
}

/// <summary>
/// The trials of a sweep by their ends. <see cref="Lost"/> is 0 once a sweep has ended, or something is wrong.
/// </summary>
/// <param name="Planned">Configurations x folds, and one for the refit unless nothing can be chosen.</param>
/// <param name="Completed">Results written.</param>
/// <param name="Unique">
/// Different trials that have a result; less than <paramref name="Completed"/> if one was written twice.
/// </param>
/// <param name="Stopped">Trials that the scheduler ended.</param>
/// <param name="Failed">Trials that failed for good or were set aside.</param>
/// <param name="Cancelled">Trials that the cancelled sweep never finished.</param>
/// <param name="Retried">
/// Attempts beyond the first of each trial, except those that go on with what a silo handed back. Earlier versions
/// counted these too.
/// </param>
public readonly record struct SweepAudit(
    long Planned, long Completed, long Unique, long Stopped, long Failed, long Cancelled, long Retried)
{
    /// <summary>Trials without an end.</summary>
    public long Lost => Planned - Unique - Stopped - Failed - Cancelled;

    /// <summary>Whether every planned trial ended exactly once.</summary>
    public bool Holds => Lost == 0 && Completed == Unique;
}
