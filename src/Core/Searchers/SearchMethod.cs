using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>How configurations are chosen. A new searcher is a new member here, a choice in the rules and a class
/// beside it.</summary>
internal enum SearchMethod
{
    /// <summary>Every combination.</summary>
    Grid,

    /// <summary>Combinations drawn at random, none twice where there are finitely many.</summary>
    Random,
}

/// <summary>Makes searchers.</summary>
internal static class SearchMethods
{
    /// <summary>The searcher of that method.</summary>
    /// <exception cref="SweepsException">The method does not fit the space: a grid over endless values.</exception>
    public static ISearcher CreateSearcher(this SearchMethod method, SearchSpace space, long seed) => method switch
    {
        SearchMethod.Grid => new GridSearcher(space),
        SearchMethod.Random => new RandomSearcher(space, seed),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No searcher for this method."),
    };
}
