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

    /// <summary>Points that fill the space evenly.</summary>
    Sobol,

    /// <summary>What looks promising by two densities, of good configurations and of the others.</summary>
    Tpe,

    /// <summary>What a Gaussian process of the scores expects most of.</summary>
    Bayes,

    /// <summary>Children of the best configurations so far, by one objective or several.</summary>
    Nsga2,
}

/// <summary>Makes searchers.</summary>
internal static class SearchMethods
{
    /// <summary>Whether what it proposes depends on the scores before.</summary>
    public static bool Learns(this SearchMethod method) => method is SearchMethod.Tpe or SearchMethod.Bayes
        or SearchMethod.Nsga2;

    /// <summary>Whether it can look for the front of several objectives.</summary>
    public static bool TakesSeveralObjectives(this SearchMethod method) => method is SearchMethod.Tpe
        or SearchMethod.Nsga2 || !method.Learns();

    /// <summary>The searcher of that method.</summary>
    /// <exception cref="SweepsException">The method does not fit the space: a grid over endless values.</exception>
    public static ISearcher CreateSearcher(this SearchMethod method, SearchSpace space, SearchSettings settings) =>
        method switch
        {
            SearchMethod.Grid => new GridSearcher(space),
            SearchMethod.Random when settings.StartWith.IsEmpty => new RandomSearcher(space, settings.Seed),
            SearchMethod.Random => new SequenceSearcher(space, settings, isEven: false),
            SearchMethod.Sobol => new SequenceSearcher(space, settings, isEven: true),
            SearchMethod.Tpe => new TpeSearcher(space, settings),
            SearchMethod.Bayes => new BayesSearcher(space, settings),
            SearchMethod.Nsga2 => new Nsga2Searcher(space, settings),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No searcher for this method."),
        };
}
