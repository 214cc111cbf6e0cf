using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Trainings;

/// <summary>How weights are distributed: small sets whose bins are counted by hand.</summary>
public sealed class WeightHistogramTests
{
    [Fact]
    public void Of_EvenlySpreadValues_FillsAllBinsAlike()
    {
        var values = Enumerable.Range(0, 80).Select(value => (float)value).ToArray();

        var histogram = WeightHistogram.Of("0.weight", values)!;

        Assert.Equal((0.0, 79.0, 3160.0, 167_480.0), (
            histogram.Min, histogram.Max, histogram.Sum, histogram.SquareSum));
        Assert.Equal(Enumerable.Repeat(2L, 40), histogram.Counts);
        Assert.Equal(80, histogram.Count);
    }

    [Fact]
    public void Of_EqualValues_IsOneBin() => Assert.Equal([3L], WeightHistogram.Of("0.bias", [2, 2, 2])!.Counts);

    [Fact]
    public void Of_NothingOrNoNumber_IsNone()
    {
        Assert.Null(WeightHistogram.Of("0.bias", []));
        Assert.Null(WeightHistogram.Of("0.bias", [1, float.NaN]));
        Assert.Null(WeightHistogram.Of("0.bias", [1, float.PositiveInfinity]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 100)]
    [InlineData(150, 76)]
    [InlineData(1_000, 101)]
    public void IsKept_Epochs_AreAboutAHundredWithTheFirst(int epochs, int kept)
    {
        Assert.Equal(kept, Enumerable.Range(1, epochs).Count(epoch => EpochWeights.IsKept(epoch, epochs)));
        Assert.True(EpochWeights.IsKept(1, epochs));
    }

    [Fact]
    public void Write_ThenRead_GivesTheSame()
    {
        EpochWeights[] epochs = [new(1, [WeightHistogram.Of("0.weight", [0.1f, -3e-38f, 7])!]), new(2, [])];

        var read = EpochWeights.Read(EpochWeights.Write(epochs));

        Assert.Equal([1, 2], read.Select(epoch => epoch.Epoch));
        var (made, back) = (Assert.Single(epochs[0].Tensors), Assert.Single(read[0].Tensors));
        Assert.Equal(made.Counts, back.Counts);
        Assert.Equal(made with { Counts = [] }, back with { Counts = [] });
        Assert.Empty(EpochWeights.Read("{}"u8));
    }
}
