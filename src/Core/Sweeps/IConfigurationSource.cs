using Sweeps.Core.Trainings;

namespace Sweeps.Core.Sweeps;

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
