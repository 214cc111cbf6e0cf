using Sweeps.Core.Networks;

namespace Sweeps.Core.Tests.Networks;

/// <summary>Multiply-adds of one sample against the totals that the literature and its tools publish.</summary>
public sealed class MultiplyAddsTests
{
    /// <summary>
    /// torchvision's alexnet (Krizhevsky 2014; 0.71 G in its table of models), vgg16 (Simonyan and Zisserman 2015;
    /// 15.47 G) and resnet18 (He et al. 2016, table 1: 1.8 G; torchvision: 1.81 G), with their numbers of weights.
    /// </summary>
    [Theory]
    [InlineData(
        "conv 64 11 stride 4 pad 2 | max_pool 3 stride 2 | conv 192 5 pad 2 | max_pool 3 stride 2 | conv 384 3 pad 1 | "
        + "conv 256 3 pad 1 | conv 256 3 pad 1 | max_pool 3 stride 2 | flatten | dense 4096 | dense 4096 | dense",
        61_100_840, 714_188_480)]
    [InlineData(
        "conv 64 3 same | conv 64 3 same | max_pool 2 | conv 128 3 same | conv 128 3 same | max_pool 2 | "
        + "conv 256 3 same | conv 256 3 same | conv 256 3 same | max_pool 2 | "
        + "conv 512 3 same | conv 512 3 same | conv 512 3 same | max_pool 2 | "
        + "conv 512 3 same | conv 512 3 same | conv 512 3 same | max_pool 2 | "
        + "flatten | dense 4096 | dense 4096 | dense",
        138_357_544, 15_470_264_320)]
    [InlineData(
        "conv 64 7 stride 2 pad 3 no_bias | batch_norm | relu | max_pool 3 stride 2 pad 1 | residual 64 | "
        + "residual 64 | residual 128 stride 2 | residual 128 | residual 256 stride 2 | residual 256 | "
        + "residual 512 stride 2 | "
        + "residual 512 | global_avg_pool | dense",
        11_689_512, 1_814_073_344)]
    public void Create_PublishedNetwork_HasThePublishedTotals(string layers, long weights, long multiplyAdds)
    {
        var shape = NetworkShape.Create(Architecture.Parse(layers), TensorShape.Image(3, 224, 224), 1000);

        Assert.Equal((weights, multiplyAdds), (shape.Weights, shape.MultiplyAdds));
    }

    [Fact]
    public void Create_Dense_MultipliesEachWeightOnceAndAddsNoBias()
    {
        var shape = NetworkShape.Create(Architecture.Parse("dense 5 relu | dense"), TensorShape.Flat(4), 3);

        Assert.Equal([4 * 5, 5 * 3], shape.Layers.Select(layer => layer.MultiplyAdds));
    }
}
