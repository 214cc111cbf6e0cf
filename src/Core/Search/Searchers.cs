using Sweeps.Core.Specs;

namespace Sweeps.Core.Search;

/// <summary>Makes the searcher that a specification asks for.</summary>
public static class Searchers
{
    /// <summary>The searcher of the specification's method.</summary>
    public static ISearcher Create(SweepSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return specification.Method switch
        {
            SearchMethod.Grid => new GridSearcher(specification),
            SearchMethod.Random => new RandomSearcher(specification),
            _ => throw new ArgumentOutOfRangeException(
                nameof(specification), specification.Method, "No searcher for this method."),
        };
    }
}
