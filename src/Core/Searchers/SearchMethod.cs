using Sweeps.Core.Specs;

namespace Sweeps.Core.Searchers;

/// <summary>How configurations are chosen. A new searcher is a new member here, a choice in the rules and a class in
/// Search.</summary>
public enum SearchMethod
{
    /// <summary>Every combination.</summary>
    Grid,

    /// <summary>Combinations drawn at random, none twice where there are finitely many.</summary>
    Random,
}

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
