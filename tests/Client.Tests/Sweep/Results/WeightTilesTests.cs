using Sweeps.Client.Sweep.Results;
using Sweeps.Core.Networks;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Tests.Sweep.Results;

public sealed class WeightTilesTests
{
    [Fact]
    public void Of_DenseOnImages_HasTheShapeOfTheImage()
    {
        var plan = NetworkShape.Create(Architecture.Parse("flatten | dense 2"), TensorShape.Image(1, 2, 3), 2);
        var weights = new ModelTensor("1.weight", [2, 6], [1, -2, 4, 0, 0, 0, 0, 0, 0, 0, 0, -0.5f]);

        var tiles = WeightTiles.Of(weights, plan);

        Assert.Equal((2, 3), (tiles.Height, tiles.Width));
        Assert.Equal([0.25f, -0.5f, 1, 0, 0, 0], tiles.Tiles[0]);
        Assert.Equal([0, 0, 0, 0, 0, -1], tiles.Tiles[1]);
    }

    [Fact]
    public void Of_DenseBehindPooling_HasTheShapeOfThePooledImage()
    {
        var plan = NetworkShape.Create(
            Architecture.Parse("max_pool 2x2 | flatten | dense"), TensorShape.Image(1, 4, 8), 3);

        var tiles = WeightTiles.Of(new("2.weight", [3, 8], new float[24]), plan);

        Assert.Equal((2, 4), (tiles.Height, tiles.Width));
        Assert.All(tiles.Tiles, tile => Assert.All(tile, value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Of_ConvolutionOverChannels_AddsThem()
    {
        var plan = NetworkShape.Create(
            Architecture.Parse("conv 1 2x2 relu | flatten | dense"), TensorShape.Image(2, 4, 4), 3);
        var weights = new ModelTensor("0.weight", [1, 2, 2, 2], [1, 2, 3, 4, 1, 0, -3, 4]);

        var tile = Assert.Single(WeightTiles.Of(weights, plan).Tiles);

        Assert.Equal([0.25f, 0.25f, 0, 1], tile);
    }

    [Fact]
    public void Of_TableColumns_IsOneRow()
    {
        var plan = NetworkShape.Create(Architecture.Parse("dense"), TensorShape.Flat(5), 1);

        var tiles = WeightTiles.Of(new("0.weight", [1, 5], [1, 2, 3, 4, 5]), plan);

        Assert.Equal((1, 5), (tiles.Height, tiles.Width));
    }
}
