namespace Sweeps.Core.Specs;

/// <summary>How configurations are chosen. A new searcher is a new member here, a choice in the rules and a class in
/// Search.</summary>
public enum SearchMethod
{
    /// <summary>Every combination.</summary>
    Grid,

    /// <summary>Combinations drawn at random, none twice where there are finitely many.</summary>
    Random,
}
