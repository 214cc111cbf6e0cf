using Sweeps.Core.Networks;

namespace Sweeps.Core.Tests.Networks;

/// <summary>
/// Shapes and numbers of weights of the layers for pictures, by the formulas of Keras's documentation: a depthwise
/// convolution has rows x columns x channels x multiplier kernels, a separable one 1 x 1 x (channels x multiplier) x
/// filters more, group convolutions channels / groups for each filter.
/// </summary>
public sealed class ImageLayerTests
{
    [Theory]
    [InlineData("conv 12 3x3 groups 3", "9x7x6", "7x5x12", (9 * 2 * 12) + 12)]
    [InlineData("conv 4 3x3 dilation 2", "9x9x6", "5x5x4", (9 * 6 * 4) + 4)]
    [InlineData("conv 4 3x3 same dilation 3", "9x9x6", "9x9x4", (9 * 6 * 4) + 4)]
    [InlineData("conv 4 5x5 pad 4 stride 2 dilation 2 no_bias", "9x9x6", "5x5x4", 25 * 6 * 4)]
    [InlineData("depthwise_conv 3x3 same stride 2 multiplier 2", "9x7x6", "5x4x12", (9 * 6 * 2) + 12)]
    [InlineData("separable_conv 10 3x3 relu", "9x7x6", "7x5x10", (9 * 6) + (6 * 10) + 10)]
    [InlineData("separable_conv 10 3x3 multiplier 2 no_bias", "9x7x6", "7x5x10", (9 * 12) + (12 * 10))]
    [InlineData("layer_norm", "9x7x6", "9x7x6", 12)]
    [InlineData("group_norm 3", "9x7x6", "9x7x6", 12)]
    [InlineData("squeeze_excite 2", "9x7x6", "9x7x6", (6 * 3) + 3 + (3 * 6) + 6)]
    [InlineData("bottleneck 2 stride 2", "9x7x6", "5x4x8",
        (6 * 2) + (9 * 2 * 2) + (2 * 8) + (6 * 8) + (2 * (2 + 2 + 8 + 8)))]
    [InlineData("concat(conv 4 1x1; conv 2 1x1 > conv 3 3x3 same; max_pool 3 stride 1 same)", "9x7x6", "9x7x13",
        28 + 14 + 57)]
    [InlineData("add(conv 6 3x3 same > batch_norm; identity) relu", "9x7x6", "9x7x6", (9 * 36) + 6 + 12)]
    [InlineData("residual 8 stride 2 pad 1", "9x8x6", "5x4x8", (9 * 6 * 8) + (9 * 8 * 8) + (6 * 8) + (6 * 8))]
    [InlineData("bottleneck 2 stride 2 pad 1", "9x7x6", "5x4x8",
        (6 * 2) + (9 * 2 * 2) + (2 * 8) + (6 * 8) + (2 * (2 + 2 + 8 + 8)))]
    [InlineData("normalize mean 0.5 std 0.25", "9x7x6", "9x7x6", 0)]
    [InlineData("normalize torch", "9x7x3", "9x7x3", 0)]
    public void Infer_LayerOfAnImage_HasTheShapeAndTheWeightsOfItsFormula(
        string layer, string input, string output, long weights)
    {
        var network = NetworkShape.Create(
            Architecture.Parse($"{layer} | global_avg_pool | dense"), TensorShape.Parse(input), 2);

        Assert.Equal((output, weights), (network.Layers[0].Output.ToString(), network.Layers[0].Weights));
        Assert.Equal(network.Architecture.ToString(), Architecture.Parse(network.Architecture.ToString()).ToString());
    }

    [Theory]
    [InlineData("conv 12 3x3 groups 5", "do not divide its 12 filters")]
    [InlineData("conv 12 3x3 groups 4", "do not divide the 6 channels")]
    [InlineData("group_norm 4", "do not divide the 6 channels")]
    [InlineData("add(conv 5 3x3 same; )", "what is added has one shape")]
    [InlineData("concat(conv 5 3x3; )", "one height and width")]
    [InlineData("concat(conv 5 3x3", "')' is missing")]
    [InlineData("concat(conv 5 3x3)", "paths: 1 is out of range")]
    [InlineData("add(add(add(add(add(;);););););)", "paths within paths")]
    [InlineData("depthwise_conv 11x3", "is larger than the 9x7 image")]
    [InlineData("squeeze_excite 0", "ratio: 0 is out of range")]
    [InlineData("layer_norm epsilon 0", "epsilon: 0 is out of range")]
    [InlineData("residual 8 stride 2 pad 2", "changes the shape that its shortcut has")]
    [InlineData("bottleneck 2 valid", "changes the shape that its shortcut has")]
    [InlineData("normalize", "mean and std are missing")]
    [InlineData("normalize torch", "3 numbers and the image before it 6 channels")]
    [InlineData("normalize mean 0,1 std 1", "2 numbers and the image before it 6 channels")]
    [InlineData("normalize mean a", "'a' is not a number")]
    [InlineData("normalize std 0", "std: '0' is out of range")]
    [InlineData("normalize mean 0 channels bgr", "3 channels, not 6")]
    [InlineData("normalize mean 0 channels abc", "neither 'rgb' nor 'bgr'")]
    [InlineData("normalize caffe std 2", "says mean, std and channels; leave out std")]
    [InlineData("normalize as cafe", "did you mean 'caffe'?")]
    public void Parse_ImpossibleLayer_SaysWhy(string layer, string part)
    {
        var error = Assert.Throws<ArchitectureException>(() => NetworkShape.Create(
            Architecture.Parse($"{layer} | global_avg_pool | dense"), TensorShape.Parse("9x7x6"), 2));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A name stands for its layers; "linear" in a longer text is the activation.</summary>
    [Theory]
    [InlineData("normalize mean 0.1307 std 0.3081 | lenet-5", "lenet-5")]
    [InlineData("conv 6 5x5 same tanh | mlp-5", "mlp-5")]
    public void Parse_NameWithinAText_IsItsLayers(string text, string name)
    {
        var parts = text.Split(" | ");
        Assert.Equal(
            $"{parts[0]} | {Architecture.Parse(name)}", Architecture.Parse(text).ToString());
        Assert.Equal("flatten | activation linear | dense", Architecture.Parse("flatten | linear | dense").ToString());
    }

    [Theory]
    [InlineData("SeparableConv2D", "\"filters\": 8, \"kernel_size\": [3, 3], \"depth_multiplier\": 2, "
        + "\"dilation_rate\": [1, 1], \"depthwise_initializer\": \"glorot_uniform\"",
        "separable_conv 8 3x3 multiplier 2")]
    [InlineData("DepthwiseConv2D", "\"kernel_size\": [3, 3], \"padding\": \"same\", \"strides\": [2, 2]",
        "depthwise_conv 3x3 same stride 2")]
    [InlineData("Conv2D", "\"filters\": 8, \"kernel_size\": [3, 3], \"groups\": 2, \"dilation_rate\": [2, 2]",
        "conv 8 3x3 dilation 2 groups 2")]
    [InlineData("LayerNormalization", "\"axis\": [3], \"epsilon\": 0.001, \"rms_scaling\": false", "layer_norm")]
    [InlineData("GroupNormalization", "\"groups\": 4, \"axis\": -1, \"epsilon\": 0.001", "group_norm 4")]
    public void Parse_KerasLayer_IsRead(string name, string config, string layer)
    {
        var model = "{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"class_name\": \"Conv2D\", "
            + "\"config\": {\"filters\": 8, \"kernel_size\": [1, 1]}}, {\"class_name\": \"" + name
            + "\", \"config\": {" + config + "}}]}}";

        Assert.Equal(layer, Architecture.Parse(model).Layers[1].ToString());
    }

    [Fact]
    public void Parse_JoinAsMaps_IsTheShortNotations()
    {
        const string Maps = """
            [{"concat": [["conv 4 1x1", {"relu": null}], [], "dropout 0.5"]}, {"global_avg_pool": null}, "dense"]
            """;

        var layers = Architecture.Parse("concat(conv 4 1x1 > relu; ; dropout 0.5) | global_avg_pool | dense");
        Assert.Equal(layers, Architecture.Parse(Maps));
        Assert.True(layers.UsesDropout);
        Assert.Equal(
            "concat(conv 4 1x1 > activation tanh; ; dropout 0.25)", layers.With(0.25, "tanh").Layers[0].ToString());
    }
}
