using MathNet.Numerics.Distributions;
using Sweeps.Core.Randomness;

namespace Sweeps.Core.Tests.Randomness;

public sealed class NormalQuantileTests
{
    /// <summary>Quantiles to 15 digits from published tables (R: qnorm).</summary>
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.75, 0.6744897501960817)]
    [InlineData(0.95, 1.6448536269514722)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.999, 3.090232306167813)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(1e-20, -9.262340089798408)]
    public void At_PublishedQuantiles_AgreesToThirteenDigits(double probability, double expected) =>
        Assert.Equal(expected, NormalQuantile.At(probability), 13);

    [Fact]
    public void At_AllOverTheRange_IsTheInverseOfAnotherLibrarysDistribution()
    {
        for (var probability = 1e-9; probability < 1; probability += 0.000_97)
            Assert.Equal(probability, Normal.CDF(0, 1, NormalQuantile.At(probability)), 12);
    }

    [Fact]
    public void FromWord_FirstAndLast_AreOppositeAndBounded()
    {
        Assert.Equal(NormalQuantile.FromWord(0), -NormalQuantile.FromWord(uint.MaxValue));
        Assert.InRange(NormalQuantile.FromWord(uint.MaxValue), 6.2, 6.4);
    }
}
