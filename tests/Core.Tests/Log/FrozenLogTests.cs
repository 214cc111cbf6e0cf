using System.Text;
using Sweeps.Core.Log;
using Sweeps.Tests;

namespace Sweeps.Core.Tests.Log;

/// <summary>
/// Logs outlive versions: a file of events as an earlier version stored them reads as the same events, and they are
/// stored in the same bytes today, so that the earlier version reads ours too.
/// </summary>
public sealed class FrozenLogTests
{
    private static string FilePath => RepositoryRoot.Combine("tests", "Core.Tests", "Log", "frozen-log.txt");

    private static List<(string Type, string Payload)> Lines() =>
        [.. File.ReadAllLines(FilePath).Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[1]))];

    [Fact]
    public void Decode_EventsOfAnEarlierVersion_AreTheEventsThatItStored()
    {
        var lines = Lines();
        Assert.Equal(FrozenEvents.All.Count, lines.Count);
        foreach (var ((type, payload), expected) in lines.Zip(FrozenEvents.All))
        {
            var decoded = SweepEventCodec.Decode(type, Encoding.UTF8.GetBytes(payload));
            Assert.IsType(expected.GetType(), decoded);
            Assert.Equivalent(expected, decoded, strict: true);
        }
    }

    [Fact]
    public void Encode_EventsOfAnEarlierVersion_GivesItsBytes()
    {
        foreach (var ((type, payload), @event) in Lines().Zip(FrozenEvents.All))
        {
            var fresh = SweepEventCodec.Encode(@event);
            Assert.Equal($"{type} {payload}", $"{fresh.Type} {Encoding.UTF8.GetString(fresh.Payload.Span)}");
            var decoded = SweepEventCodec.Decode(type, Encoding.UTF8.GetBytes(payload));
            Assert.Equal(payload, Encoding.UTF8.GetString(SweepEventCodec.Encode(decoded).Payload.Span));
        }
    }

    [Fact]
    public void Lines_CoverEveryTypeOfEvent()
    {
        var present = Lines().Select(line => line.Type).ToHashSet();
        Assert.Empty(SweepEventCodec.Types.Except(present));
    }
}
