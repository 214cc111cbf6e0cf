namespace Sweeps.Core.Search;

/// <summary>The random streams of a search; the values enter stream keys and never change.</summary>
internal enum SearchStream
{
    /// <summary>Values of continuous parameters.</summary>
    Draws = 1,

    /// <summary>The order of a block's points.</summary>
    Order = 2,

    /// <summary>The clocks of a race between blocks.</summary>
    Clocks = 3,
}
