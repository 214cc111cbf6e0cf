namespace Sweeps.Core.Sweeps.Events;

/// <summary>All folds of a configuration are in.</summary>
/// <param name="Configuration">Its index.</param>
/// <param name="Score">The folds together.</param>
/// <param name="Values">The metric of each fold, in fold order; NaN for a fold without a result.</param>
public sealed record ConfigurationScored(int Configuration, ConfigurationScore Score, IReadOnlyList<double> Values)
    : SweepEvent;
