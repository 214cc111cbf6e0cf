using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>The folds of one configuration together. Folds that gave no result are left out of every mean.</summary>
/// <param name="Mean">
/// Mean of the metric over folds; a diverged fold counts as the metric's worst value. NaN without any result.
/// </param>
/// <param name="Deviation">
/// Sample standard deviation over folds (divisor n - 1); NaN with fewer than two results.
/// </param>
/// <param name="StandardError">Deviation / sqrt(n); NaN with fewer than two results.</param>
/// <param name="TrainSeconds">
/// Mean training seconds of a fold, normalised by the silos' speeds; diverged folds left out.
/// </param>
/// <param name="ImagesPerSecond">Samples learned from in a second of training, over all folds.</param>
/// <param name="Weights">Number of trainable weights.</param>
/// <param name="Diverged">Folds whose training diverged.</param>
/// <param name="Missing">
/// Folds without a result: stopped, failed or set aside. Such a configuration is never the best.
/// </param>
public readonly record struct ConfigurationScore(
    double Mean,
    double Deviation,
    double StandardError,
    double TrainSeconds,
    double ImagesPerSecond,
    long Weights,
    int Diverged,
    int Missing)
{
    /// <summary>Whether every fold gave a result.</summary>
    public bool IsComplete => Missing == 0;
}

/// <summary>A configuration whose folds are all in.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Hyperparameters">What was trained.</param>
/// <param name="Score">What its folds gave together.</param>
public sealed record ScoredConfiguration(int Index, Hyperparameters Hyperparameters, ConfigurationScore Score);

/// <summary>
/// Where a sweep's configurations come from: the seam that every searcher fills. A proposal is a pure function of the
/// plan, its seed, <c>n</c> and, for a searcher that learns, of the scores of the configurations before its barrier in
/// index order. It never sees arrival order, so that the same plan proposes the same configurations on any machines.
/// </summary>
public interface IConfigurationSource
{
    /// <summary>
    /// How many configurations exist: the size of a grid; <see cref="int.MaxValue"/> where there is no end.
    /// </summary>
    int Count { get; }

    /// <summary>
    /// How many configurations, counted from 0, must be scored before configuration <paramref name="n"/> can be
    /// proposed. 0, the default, for searchers that do not learn; otherwise at most <paramref name="n"/> and never
    /// decreasing in it.
    /// </summary>
    int BarrierOf(int n) => 0;

    /// <summary>The configuration with index <paramref name="n"/>.</summary>
    /// <param name="n">From 0, less than <see cref="Count"/>.</param>
    /// <param name="history">
    /// The first <see cref="BarrierOf"/>(n) configurations with their scores, in index order.
    /// </param>
    Hyperparameters Propose(int n, IReadOnlyList<ScoredConfiguration> history);
}
