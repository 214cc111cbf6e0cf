using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data.Public;

/// <summary>
/// MNIST as published: the class counts are those of LeCun, Cortes and Burges's files, also in Keras's documentation.
/// </summary>
public sealed class RealMnistTests
{
    private static readonly DataSets Sets = new(RealMnistFactAttribute.Folders);

    [RealMnistFact]
    public void Load_Mnist_HasThePublishedSizesAndClassCounts()
    {
        var mnist = Sets.Load(new DataRequest("mnist"));
        Assert.Equal([1, 28, 28], mnist.InputShape);
        Assert.Equal((60_000, 10_000, 784, 10), (mnist.Train.Count, mnist.Test.Count, mnist.Features, mnist.Classes));
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], CountsOf(mnist.Train));
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], CountsOf(mnist.Test));
        Assert.Equal([5, 0, 4, 1, 9], mnist.Train.Labels[..5].ToArray());
    }

    [RealMnistFact]
    public void Load_Mnist_HasThePublishedMeanAndDeviation()
    {
        var mnist = Sets.Load(new DataRequest("mnist"));
        var pixels = new float[mnist.Train.Count * 784];
        mnist.Train.GatherRange(0, mnist.Train.Count, pixels);
        var mean = pixels.Average(value => (double)value);
        var deviation = Math.Sqrt(pixels.Average(value => (value - mean) * (value - mean)));
        Assert.Equal(0.1307, mean, 4); // the constants of PyTorch's MNIST example
        Assert.Equal(0.3081, deviation, 4);
    }

    private static int[] CountsOf(DataPart part) =>
        [.. part.Labels.ToArray().CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value)];
}
