using Sweeps.Client.Report;
using Sweeps.Core.Networks;
using Sweeps.Training.Data;
using TorchSharp;

namespace Sweeps.Client.Tests.Report;

/// <summary>The maps of a first layer's filters are libtorch's.</summary>
public sealed class FirstFiltersTests
{
    [Theory]
    [InlineData("conv 4 3x3", 1)]
    [InlineData("conv 4 5x5 same", 3)]
    [InlineData("conv 3 3x3 stride 2 pad 1", 2)]
    [InlineData("conv 4 3x3 dilation 2 pad 2", 3)]
    [InlineData("conv 4 3x3 groups 2", 2)]
    public void Map_OfALayer_IsTheConvolution(string text, int channels)
    {
        const int Height = 11;
        const int Width = 13;
        var random = new Random(5);
        var input = TensorShape.Image(channels, Height, Width);
        var layer = (ConvLayer)Architecture.Parse($"{text} | flatten | dense").Layers[0];
        var output = NetworkShape.Create(Architecture.Parse($"{text} | flatten | dense"), input, 2).Layers[0].Output;
        var bytes = new byte[2 * input.Size];
        random.NextBytes(bytes);
        var part = DataPart.OfBytes(bytes, [0, 1], (int)input.Size);
        var data = new DataSet("made", [channels, Height, Width], ["a", "b"], part, part);
        var perFilter = channels / layer.Groups * layer.Window.Height * layer.Window.Width;
        var weights = Enumerable.Range(0, layer.Filters * perFilter).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var bias = Enumerable.Range(0, layer.Filters).Select(_ => random.NextSingle()).ToArray();
        var convolution = new FirstFilters.Convolution(layer, input, output, weights, bias);
        var pixels = new float[input.Size];
        data.Test.GatherRange(1, 1, pixels);
        var margins = layer.Window.MarginsFor(input);
        using var expected = torch.nn.functional.conv2d(
            torch.nn.functional.pad(
                torch.tensor(pixels).reshape(1, channels, Height, Width),
                [margins.Left, margins.Right, margins.Top, margins.Bottom]),
            torch.tensor(weights).reshape(
                layer.Filters, channels / layer.Groups, layer.Window.Height, layer.Window.Width),
            torch.tensor(bias),
            strides: [layer.Window.StrideHeight, layer.Window.StrideWidth],
            dilation: [layer.Window.Dilation, layer.Window.Dilation],
            groups: layer.Groups);

        for (var filter = 0; filter < layer.Filters; filter++)
        {
            var map = convolution.Map(convolution.Padded(data, 1), filter);
            var right = expected[0, filter].reshape(-1).data<float>().ToArray();
            Assert.Equal(right.Length, map.Length);
            Assert.All(right.Zip(map), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }
}
