using Sweeps.Core.Randomness;
using Sweeps.Core.Results;

namespace Sweeps.Core.Tests.Results;

/// <summary>How much a fold varies, and the medians that it is made of.</summary>
public sealed class FoldNoiseTests
{
    private static readonly RandomStream s_random = new(new(7, Purpose.Analysis));

    /// <summary>The same number that putting all in order gives, with many equal values, few, and none that is one.
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(1_000_000)]
    public void Median_OfAnyValues_IsThatOfThemInOrder(int different)
    {
        for (var length = 1; length < 300; length++)
        {
            double[] values = [.. Enumerable.Range(0, length).Select(_ => s_random.NextInt(different) / 7.0)];
            if (length % 10 == 0)
                values[length / 3] = double.NaN;
            double[] order = [.. values.Order()];
            var expected = length % 2 == 1 ? order[length / 2] : (order[(length / 2) - 1] + order[length / 2]) / 2;

            Assert.Equal(
                BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(FoldNoise.Median(values)));
        }
    }

    [Fact]
    public void Median_OfALargeSweepInOrder_IsItsMiddle()
    {
        double[] rising = [.. Enumerable.Range(0, 100_001).Select(value => (double)value)];
        double[] falling = [.. rising.Reverse()];
        Assert.Equal(50_000, FoldNoise.Median(rising));
        Assert.Equal(50_000, FoldNoise.Median(falling));
    }
}
