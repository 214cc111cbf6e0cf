using Sweeps.Core.Randomness;

namespace Sweeps.Core.Tests.Randomness;

/// <summary>
/// Reference words come from a second implementation (Python: hashlib, struct and ten lines of Philox), not from this
/// one.
/// </summary>
public sealed class RandomStreamTests
{
    private static readonly StreamKey s_key = new(-42, Purpose.Dropout, 0x0123456789ABCDEF, Fold: 3, Epoch: 7,
        Index: 2);

    private static readonly uint[] s_words =
        [0xa59e6194, 0xdae4d625, 0xd97243bc, 0x87ce33f6, 0x4f7476e9, 0x572d6ba9, 0x542e16e0, 0x683283f9];

    [Fact]
    public void NextUInt32_KnownKey_GivesTheReferenceWords()
    {
        var stream = new RandomStream(s_key);

        Assert.Equal(s_words, Enumerable.Range(0, 8).Select(_ => stream.NextUInt32()));
    }

    [Fact]
    public void Position_BeyondFourBillionBlocks_GivesTheReferenceWords()
    {
        var stream = new RandomStream(s_key) { Position = 4 * ((1UL << 32) + 5) };

        Assert.Equal([0x94ebd199, 0xbe779362, 0x0e185fe6, 0xf305c8e5],
            Enumerable.Range(0, 4).Select(_ => stream.NextUInt32()));
    }

    [Fact]
    public void NextUInt64AndNextDouble_KnownKey_TakeTheLowWordFirst()
    {
        Assert.Equal(((ulong)s_words[1] << 32) | s_words[0], new RandomStream(s_key).NextUInt64());
        Assert.Equal(0.855054268065595, new RandomStream(s_key).NextDouble(), 15);
    }

    [Fact]
    public void NextNormal_KnownKey_GivesTheQuantilesOfTheReferenceWords()
    {
        var stream = new RandomStream(s_key);
        double[] expected = [0.37709354212369006, 1.0583597462020007, 1.0338625575240494, 0.07650204829776143];

        Assert.All(expected, value => Assert.Equal(value, stream.NextNormal(), 14));
    }

    [Fact]
    public void Constructor_AnyFieldChanged_GivesAnotherStream()
    {
        StreamKey[] keys =
        [
            s_key, s_key with { Seed = -41 }, s_key with { Purpose = Purpose.Order }, s_key with { Configuration = 1 },
            s_key with { Fold = 2 }, s_key with { Epoch = 8 }, s_key with { Index = 3 },
        ];

        Assert.Equal(keys.Length, keys.Select(key => new RandomStream(key).NextUInt64()).Distinct().Count());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 1000)]
    [InlineData(62, 77)]
    [InlineData(5, 2051)]
    public void Fills_AnyPositionAndLength_GiveTheBitsOfSingleDraws(int position, int length)
    {
        RandomStream At() => new(s_key) { Position = (ulong)position };
        var (one, bulk) = (At(), At());
        var words = new uint[length];
        bulk.FillUInt32(words);
        Assert.Equal(Enumerable.Range(0, length).Select(_ => one.NextUInt32()), words);
        Assert.Equal(one.Position, bulk.Position);

        var floats = new float[length];
        (one, bulk) = (At(), At());
        bulk.FillNormal(floats);
        AssertBits(Enumerable.Range(0, length).Select(_ => (float)one.NextNormal()), floats);

        (one, bulk) = (At(), At());
        bulk.FillUniform(floats, -0.3f, 0.7f);
        AssertBits(Enumerable.Range(0, length).Select(_ => -0.3f + one.NextFloat() * (0.7f - -0.3f)), floats);

        (one, bulk) = (At(), At());
        bulk.FillDropoutMask(floats, 0.3);
        float Factor() => one.NextUInt32() < (uint)(0.3 * 4294967296.0) ? 0 : (float)(1 / 0.7);
        AssertBits(Enumerable.Range(0, length).Select(_ => Factor()), floats);
        Assert.Equal(one.Position, bulk.Position);
    }

    [Fact]
    public void FillUniform_ManyDraws_HasTheMomentsOfTheDistribution()
    {
        var values = new float[1_000_000];
        new RandomStream(s_key).FillUniform(values, 0, 1);

        // Standard errors at n = 1e6: mean 2.9e-4, variance 7.5e-5; five of them allowed.
        Assert.InRange(values.Average(), 0.5 - 0.0015, 0.5 + 0.0015);
        Assert.InRange(Variance(values), 1 / 12.0 - 0.0004, 1 / 12.0 + 0.0004);
        Assert.InRange(values.Min(), 0, 1e-4);
        Assert.InRange(values.Max(), 1 - 1e-4, 0.99999995);
    }

    [Fact]
    public void FillNormal_ManyDraws_HasTheMomentsAndTailsOfTheDistribution()
    {
        var values = new float[1_000_000];
        new RandomStream(s_key).FillNormal(values);

        // Five standard errors: mean 1e-3, variance 1.4e-3, fourth moment 9.8e-3 (variance of x^4 is 96).
        Assert.InRange(values.Average(), -0.005, 0.005);
        Assert.InRange(Variance(values), 1 - 0.0071, 1 + 0.0071);
        Assert.InRange(values.Average(x => Math.Pow(x, 4)), 3 - 0.049, 3 + 0.049);
        // P(|Z| > 1.959964) = 0.05 and P(|Z| > 3.290527) = 0.001.
        Assert.InRange(values.Count(x => Math.Abs(x) > 1.959964f), 50_000 - 1_090, 50_000 + 1_090);
        Assert.InRange(values.Count(x => Math.Abs(x) > 3.290527f), 1_000 - 158, 1_000 + 158);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void FillDropoutMask_ManyDraws_DropsTheRateAndKeepsTheMean(double rate)
    {
        var mask = new float[1_000_000];
        new RandomStream(s_key).FillDropoutMask(mask, rate);

        var dropped = mask.Count(factor => factor == 0);
        var error = 5 * Math.Sqrt(rate * (1 - rate) * mask.Length);
        Assert.InRange(dropped, rate * mask.Length - error, rate * mask.Length + error);
        Assert.All(mask.Distinct(), factor => Assert.True(factor == 0 || factor == (float)(1 / (1 - rate))));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void FillDropoutMask_RateOutOfRange_Throws(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(s_key).FillDropoutMask(new float[4], rate));

    [Fact]
    public void FillPermutation_FourElements_GivesEveryOrderAsOften()
    {
        var stream = new RandomStream(s_key);
        var order = new int[4];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 24_000; i++)
        {
            stream.FillPermutation(order);
            var text = string.Concat(order);
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }

        // Chi-square with 23 degrees of freedom: 49.7 is passed with probability 0.001.
        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Values.Sum(count => Math.Pow(count - 1000, 2) / 1000), 0, 49.7);
    }

    [Fact]
    public void FillPermutation_ReusedArray_DependsOnTheStreamAlone()
    {
        var order = new int[1000];
        new RandomStream(s_key).FillPermutation(order);
        int[] first = [.. order];

        new RandomStream(s_key).FillPermutation(order);

        Assert.Equal(first, order);
        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
    }

    [Fact]
    public void NextInt_BoundThatDoesNotDivideTheRange_IsUnbiased()
    {
        // Taking the word modulo the bound would give the lower half of [0, 3 x 2^30) twice the weight of the upper
        // third.
        const int bound = 3 << 29;
        var stream = new RandomStream(s_key);
        var low = Enumerable.Range(0, 30_000).Count(_ => stream.NextInt(bound) < bound / 3);

        Assert.InRange(low, 10_000 - 408, 10_000 + 408);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void NextInt_AnyBound_StaysBelowIt(int bound)
    {
        var stream = new RandomStream(s_key);

        Assert.All(Enumerable.Range(0, 1000).Select(_ => stream.NextInt(bound)), value =>
            Assert.InRange(value, 0, bound - 1));
    }

    [Fact]
    public void NextInt_RangeOrBoundEmpty_Throws()
    {
        var stream = new RandomStream(s_key);

        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt(3, 3));
        Assert.InRange(stream.NextInt(-3, -1), -3, -2);
    }

    private static double Variance(float[] values)
    {
        var mean = values.Average(x => (double)x);
        return values.Average(x => (x - mean) * (x - mean));
    }

    private static void AssertBits(IEnumerable<float> expected, float[] actual) => Assert.Equal(
        expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
}
