using Sweeps.Core.Log;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// Proposes the configurations of a sweep. The contract of the family:
/// <list type="bullet">
/// <item>The n-th configuration is a pure function of the specification, its seed and n; a searcher that learns also
/// sees the scores before its <see cref="IConfigurationSource.BarrierOf">barrier</see>, in index order, never in order
/// of arrival.</item>
/// <item>A larger <c>run_cap</c> continues the same sequence: its beginning does not change.</item>
/// <item>In a space with finitely many points no configuration comes twice, and each comes if enough are asked
/// for.</item>
/// <item>Calls may come from several threads, in any order of n.</item>
/// </list>
/// Each implementation names the source of its algorithm.
/// </summary>
public interface ISearcher : IConfigurationSource
{
    /// <summary>The searched parameters of the configuration with index <paramref name="n"/>.</summary>
    /// <param name="n">From 0, less than <see cref="IConfigurationSource.Count"/>.</param>
    ParameterAssignment AssignmentAt(int n);
}
