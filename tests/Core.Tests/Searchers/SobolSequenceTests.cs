using Sweeps.Core.Randomness;
using Sweeps.Core.Searchers;

namespace Sweeps.Core.Tests.Searchers;

public class SobolSequenceTests
{
    // Joe and Kuo's own example of the first ten points in three dimensions, in Gray code's order.
    private static readonly double[][] s_published =
    [
        [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625],
        [0.875, 0.875, 0.125], [0.625, 0.125, 0.875], [0.125, 0.625, 0.375], [0.1875, 0.3125, 0.9375],
        [0.6875, 0.8125, 0.4375],
    ];

    [Fact]
    public void At_NotScrambled_GivesThePublishedPoints()
    {
        var sequence = new SobolSequence(3, scrambling: null);
        for (var i = 0; i < s_published.Length; i++)
        {
            var point = Enumerable.Range(0, 3).Select(d => sequence.At(i ^ (i >> 1), d) / 4294967296.0);
            Assert.Equal(s_published[i], point);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_EveryDimension_HitsEachIntervalOnce(bool isScrambled)
    {
        const int Count = 256;
        var sequence = new SobolSequence(SobolSequence.MostDimensions, isScrambled ? Key(1) : null);
        for (var dimension = 0; dimension < SobolSequence.MostDimensions; dimension++)
        {
            var intervals = Enumerable.Range(0, Count).Select(i => sequence.At(i, dimension) >> 24);
            Assert.Equal(Count, intervals.Distinct().Count());
        }
    }

    [Fact]
    public void At_FirstTwoDimensions_HitEachRectangleOnce()
    {
        var sequence = new SobolSequence(2, Key(3));
        for (var wide = 0; wide <= 8; wide++)
        {
            var rectangles = Enumerable.Range(0, 256)
                .Select(i => ((ulong)sequence.At(i, 0) >> (32 - wide), (ulong)sequence.At(i, 1) >> (24 + wide)));
            Assert.Equal(256, rectangles.Distinct().Count());
        }
    }

    [Fact]
    public void At_PairsOfDimensions_AreDifferent()
    {
        var sequence = new SobolSequence(SobolSequence.MostDimensions, scrambling: null);
        var columns = Enumerable.Range(0, SobolSequence.MostDimensions)
            .Select(d => string.Join(',', Enumerable.Range(0, 512).Select(i => sequence.At(i, d))));
        Assert.Equal(SobolSequence.MostDimensions, columns.Distinct().Count());
    }

    [Fact]
    public void At_AnotherSeed_IsAnotherScrambling() => Assert.NotEqual(
        Enumerable.Range(0, 8).Select(i => new SobolSequence(1, Key(1)).At(i, 0)),
        Enumerable.Range(0, 8).Select(i => new SobolSequence(1, Key(2)).At(i, 0)));

    private static StreamKey Key(long seed) => new(seed, Purpose.Search, (ulong)SearchStream.Scrambling);
}
