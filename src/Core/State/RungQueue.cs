using System.Collections.Immutable;
using Sweeps.Core.Log;

namespace Sweeps.Core.State;

/// <summary>Who passed a rung.</summary>
/// <param name="Last">The value of the last of them; NaN: nobody passed.</param>
internal readonly record struct RungCut(int Promoted, int Among, double Last)
{
    /// <summary>The value of the first of them; NaN: nobody passed.</summary>
    public double Best { get; init; }
}

/// <summary>A rung in index order.</summary>
/// <param name="Next">
/// The configuration that is decided next: all of lower index were decided here, or dropped before.
/// </param>
/// <param name="Places">Those decided here that have a value, best first.</param>
internal readonly record struct RungQueue(int Next, ImmutableSortedSet<RungPlace> Places)
{
    /// <summary>How many of them are better; equal ones are not.</summary>
    public int Better(double value)
    {
        // No configuration has this index: it comes before all of equal value.
        var place = Places.IndexOf(new(-1, value));
        return ~place;
    }
}
