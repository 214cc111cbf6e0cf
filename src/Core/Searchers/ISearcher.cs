using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Proposes the configurations of a sweep. The contract of the family:
/// <list type="bullet">
/// <item>The n-th configuration is a pure function of the specification, its seed and n; a searcher that learns also
/// sees what was proposed before, and the scores before its <see cref="BarrierOf">barrier</see>, in index order, never
/// in order of arrival. So the same plan proposes the same configurations on any machines.</item>
/// <item>A larger <c>run_cap</c> continues the same sequence: its beginning does not change.</item>
/// <item>In a space with finitely many points no configuration comes twice, and each comes if enough are asked
/// for.</item>
/// <item>Calls may come from several threads, in any order of n.</item>
/// </list>
/// Each implementation names the source of its algorithm.
/// </summary>
public interface ISearcher
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
    /// The configurations before it, in index order: the first <see cref="BarrierOf"/>(n) with their scores, the others
    /// without, whether or not they have ended. With a schedule those of the same bracket never have one, since that is
    /// decided only when this configuration has been trained. An empty list asks what would be proposed if nothing were
    /// known.
    /// </param>
    Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history);
}
