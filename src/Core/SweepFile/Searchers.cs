using Sweeps.Core.Searchers;

namespace Sweeps.Core.SweepFile;

/// <summary>Makes the searcher that a specification asks for.</summary>
public static class Searchers
{
    /// <summary>The searcher of the specification's method.</summary>
    public static ISearcher Create(SweepSpecification specification) => specification.CreateSearcher();
}
