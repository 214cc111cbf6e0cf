using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data;

public sealed class DataPartTests
{
    private static readonly DataPart Images = DataPart.OfBytes([0, 255, 51, 102, 153, 204], [1, 0, 2], 2);

    [Fact]
    public void Gather_IndicesInAnyOrderAndRepeated_WritesTheirScaledRows()
    {
        var rows = new float[9];
        rows[8] = -1;
        Images.Gather([2, 0, 2, 1], rows);
        Assert.Equal([0.6f, 0.8f, 0f, 1f, 0.6f, 0.8f, 0.2f, 0.4f, -1f], rows);
    }

    [Fact]
    public void GatherRange_MiddleOfThePart_EqualsGatherOfTheSameIndices()
    {
        var (range, gathered) = (new float[4], new float[4]);
        Images.GatherRange(1, 2, range);
        Images.Gather([1, 2], gathered);
        Assert.Equal(gathered, range);
    }

    [Fact]
    public void Gather_Floats_CopiesThemUnscaled()
    {
        var part = DataPart.OfValues([1.5f, -2f, 3f], [7f, 8f, 9f], 1);
        var rows = new float[2];
        part.Gather([2, 0], rows);
        Assert.Equal([3f, 1.5f], rows);
        part.GatherTargets([2, 0], rows);
        Assert.Equal([9f, 7f], rows);
        Assert.Throws<InvalidOperationException>(() => part.GatherLabels([0], new long[1]));
    }

    [Fact]
    public void GatherLabels_Indices_WritesTheirClasses()
    {
        var labels = new long[3];
        Images.GatherLabels([2, 2, 0], labels);
        Assert.Equal([2L, 2L, 1L], labels);
        Assert.Throws<InvalidOperationException>(() => Images.GatherTargets([0], new float[1]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Gather_IndexOutsideThePart_Throws(int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Images.Gather([index], new float[2]));

    [Fact]
    public void Gather_DestinationTooShort_Throws() =>
        Assert.Throws<ArgumentException>(() => Images.Gather([0, 1], new float[3]));

    [Fact]
    public void OfBytes_RowsThatDoNotFillTheSamples_Throws() =>
        Assert.Throws<ArgumentException>(() => DataPart.OfBytes([1, 2, 3], [0, 1], 2));

    [Fact]
    public void Gather_Repeatedly_AllocatesNothing()
    {
        var (rows, indices) = (new float[6], new[] { 0, 1, 2 });
        Images.Gather(indices, rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Images.Gather(indices, rows);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
