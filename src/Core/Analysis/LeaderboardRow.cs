using Sweeps.Core.Sweeps;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Analysis;

/// <summary>One configuration as reports show it.</summary>
public sealed record LeaderboardRow
{
    /// <summary>The configuration's index.</summary>
    public required int Index { get; init; }

    /// <summary>What was trained.</summary>
    public required Hyperparameters Hyperparameters { get; init; }

    /// <summary>Its folds together.</summary>
    public required ConfigurationScore Score { get; init; }

    /// <summary>The metric of each fold, in fold order; NaN for a fold without a result.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>
    /// Place among the configurations that can be the best, from 1; null: it cannot (a fold is missing, or all
    /// diverged).
    /// </summary>
    public int? Rank { get; init; }

    /// <summary>The folds cannot tell it from the best.</summary>
    public bool Tied { get; init; }

    /// <summary>No other configuration is better in both the metric and the training time.</summary>
    public bool OnTimeFront { get; init; }

    /// <summary>No other configuration is better in both the metric and the number of weights.</summary>
    public bool OnWeightsFront { get; init; }

    /// <summary>Within one standard error of the best, with the fewest weights.</summary>
    public bool IsOneStandardErrorChoice { get; init; }

    /// <summary>Folds whose measured time is doubtful, since others took the processor meanwhile.</summary>
    public int DisturbedFolds { get; init; }
}
