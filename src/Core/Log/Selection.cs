namespace Sweeps.Core.Sweeps;

/// <summary>
/// The answer of a sweep. Lists are in the order of rank and hold at most <see cref="MaxListed"/> entries.
/// </summary>
public sealed record Selection
{
    /// <summary>Bound on each list; the counts tell of more.</summary>
    public const int MaxListed = 200;

    /// <summary>Index of the best configuration; null: none has a usable result.</summary>
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
    /// Within one standard error of the best mean: fewest weights, then least time, then lowest index; null where a
    /// standard error is unknown. Time decides between equal sizes, so this choice, unlike the best, may differ
    /// between runs.
    /// </summary>
    public int? OneStandardError { get; init; }

    /// <summary>Configurations that no other beats in both the metric and the training time.</summary>
    public IReadOnlyList<int> TimeFront { get; init; } = [];

    /// <summary>Configurations that no other beats in both the metric and the number of weights.</summary>
    public IReadOnlyList<int> WeightsFront { get; init; } = [];
}
