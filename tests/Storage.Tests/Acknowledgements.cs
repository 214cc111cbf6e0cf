using System.Globalization;
using System.Text;

namespace Sweeps.Storage.Tests;

/// <summary>Holds what a store kept against what it had acknowledged.</summary>
internal static class Acknowledgements
{
    /// <summary>Every acknowledged event is there; no gap, no duplicate, nothing acknowledged twice.</summary>
    public static async Task CheckAsync(
        ISweepStore store, string sweep, IReadOnlyCollection<(long First, long Last)> groups)
    {
        var events = await store.Log.ReadAsync(sweep, 0);
        for (var index = 0; index < events.Count; index++)
        {
            Assert.Equal(index + 1, events[index].Sequence);
            Assert.Equal((index + 1).ToString(CultureInfo.InvariantCulture),
                Encoding.UTF8.GetString(events[index].Payload.Span));
        }

        long end = 0;
        foreach (var (first, last) in groups.OrderBy(group => group.First))
        {
            Assert.True(first > end, $"{first} was acknowledged twice");
            end = last;
        }

        Assert.True(end <= events.Count, $"acknowledged up to {end}, there are {events.Count}");
        Assert.Equal(events.Count, (await store.Log.FindAsync(sweep))?.LastSequence ?? 0);
    }
}
