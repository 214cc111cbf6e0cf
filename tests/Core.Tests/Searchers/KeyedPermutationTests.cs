using Sweeps.Core.Randomness;
using Sweeps.Core.Searchers;

namespace Sweeps.Core.Tests.Searchers;

public class KeyedPermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(10_007)]
    public void At_EverySize_GivesEachNumberOnce(int size)
    {
        var permutation = new KeyedPermutation(size, new(5, Purpose.Search));

        var seen = new bool[size];
        for (var i = 0; i < size; i++)
            seen[permutation.At(i)] = true;

        Assert.All(seen, Assert.True);
    }

    [Theory]
    [InlineData(1L << 62)]
    [InlineData((1L << 61) + 12345)]
    [InlineData(3_000_000_000)]
    public void At_HugeSize_StaysInsideWithoutRepeats(long size)
    {
        var permutation = new KeyedPermutation(size, new(5, Purpose.Search));

        var values = Enumerable.Range(0, 10_000).Select(i => permutation.At(i)).ToList();

        Assert.All(values, v => Assert.InRange(v, 0, size - 1));
        Assert.Equal(values.Count, values.Distinct().Count());
    }

    /// <summary>Chi-square over 12,000 keys: the pair in the first two places is as likely as any other.</summary>
    [Fact]
    public void At_ManyKeys_FirstTwoPlacesAreUniform()
    {
        const int Size = 6;
        const int Keys = 12_000;
        var counts = new int[Size, Size];
        for (var seed = 0; seed < Keys; seed++)
        {
            var permutation = new KeyedPermutation(Size, new(seed, Purpose.Search));
            counts[permutation.At(0), permutation.At(1)]++;
        }

        var expected = Keys / 30.0;
        var chi = Enumerable.Range(0, 36).Where(i => i / 6 != i % 6)
            .Sum(i => Math.Pow(counts[i / 6, i % 6] - expected, 2) / expected);

        // 29 degrees of freedom: 99.99 % lie below 65.
        Assert.InRange(chi, 8, 65);
    }
}
