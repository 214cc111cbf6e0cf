using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Networks;

public sealed class NetworkShapeTests
{
    /// <summary>
    /// Output sizes W, kernel F, stride S: published ones (AlexNet's first layer 227, 11, stride 4: 55; ResNet's 224,
    /// 7, stride 2, padding 3: 112; VGG's 224, 3, padding 1: 224; LeNet-5's 32, 5: 28) and TensorFlow's documented
    /// cases of <c>same</c> and <c>valid</c> (13, 6, stride 5: 2 valid, 3 same).
    /// </summary>
    [Theory]
    [InlineData(227, "conv 96 11 stride 4", 55)]
    [InlineData(224, "conv 64 7 stride 2 pad 3", 112)]
    [InlineData(224, "conv 64 3 pad 1", 224)]
    [InlineData(32, "conv 6 5", 28)]
    [InlineData(55, "max_pool 3 stride 2", 27)]
    [InlineData(112, "max_pool 3 stride 2 pad 1", 56)]
    [InlineData(13, "conv 1 6 stride 5", 2)]
    [InlineData(13, "conv 1 6 stride 5 same", 3)]
    [InlineData(7, "max_pool 2", 3)]
    [InlineData(7, "max_pool 2 same", 4)]
    [InlineData(28, "avg_pool 2", 14)]
    [InlineData(5, "conv 1 5", 1)]
    public void Create_OneWindow_HasThePublishedOutputSize(int size, string layer, int expected)
    {
        var plan = NetworkShape.Create(
            Architecture.Parse($"{layer} | global_avg_pool | dense"), TensorShape.Image(3, size, size), 10);

        Assert.Equal((expected, expected), (plan.Layers[0].Output.Height, plan.Layers[0].Output.Width));
    }

    /// <summary>
    /// TensorFlow's rule: total = max((ceil(W / S) - 1) S + F - W, 0), the smaller half before. Worked by hand:
    /// 13, 6, 5: (3 - 1) 5 + 6 - 13 = 3: 1 before, 2 after (TensorFlow's own example); 28, 5, 1: 4: 2 and 2; 28, 3, 2:
    /// 1: 0 and 1; 4, 1, 3: 0.
    /// </summary>
    [Theory]
    [InlineData(13, 6, 5, 1, 2)]
    [InlineData(28, 5, 1, 2, 2)]
    [InlineData(28, 3, 2, 0, 1)]
    [InlineData(28, 2, 1, 0, 1)]
    [InlineData(4, 1, 3, 0, 0)]
    public void MarginsFor_Same_PadsMoreAtTheEnd(int size, int kernel, int stride, int before, int after)
    {
        var window = Window.Square(kernel, stride, Padding.Same);

        Assert.Equal(new Margins(before, after, before, after), window.MarginsFor(TensorShape.Image(1, size, size)));
        Assert.Equal(before == after, window.MarginsFor(TensorShape.Image(1, size, size)).IsSymmetric);
    }

    [Fact]
    public void Positions_AnySizes_AreWhatSlidingCounts()
    {
        for (var size = 1; size <= 12; size++)
        {
            for (var kernel = 1; kernel <= 6; kernel++)
            {
                for (var stride = 1; stride <= 5; stride++)
                {
                    for (var pad = 0; pad <= 3; pad++)
                    {
                        var counted = 0;
                        for (var at = -pad; at + kernel <= size + pad; at += stride)
                            counted++;
                        Assert.Equal(counted, Window.Positions(size, kernel, stride, Padding.Of(pad)));
                    }

                    var same = Window.Square(kernel, stride, Padding.Same).MarginsFor(TensorShape.Image(1, size, size));
                    var padded = size + same.Top + same.Bottom;
                    Assert.Equal(Window.Positions(padded, kernel, stride, Padding.Valid),
                        Window.Positions(size, kernel, stride, Padding.Same));
                }
            }
        }
    }

    /// <summary>
    /// ResNet-20 for CIFAR-10 (He et al. 2016, section 4.2; 0.27 M) with projection shortcuts, by hand: first
    /// convolution 432 + 32; stage 16: 3 (2 x 2,304 + 64) = 14,016; stage 32: 4,608 + 9,216 + 128 + (512 + 64) + 2
    /// (18,432 + 128) = 51,648; stage 64: 18,432 + 36,864 + 256 + (2,048 + 128) + 2 (73,728 + 256) = 205,696; dense
    /// 650.
    /// </summary>
    [Fact]
    public void Create_ResNet20_HasTheWeightsOfThePaper()
    {
        const string text = "conv 16 3 same no_bias | batch_norm | relu | residual 16 | residual 16 | residual 16 | "
            + "residual 32 stride 2 | residual 32 | residual 32 | residual 64 stride 2 | residual 64 | residual 64 | "
            + "global_avg_pool | dense";

        var plan = NetworkShape.Create(Architecture.Parse(text), TensorShape.Image(3, 32, 32), 10);

        Assert.Equal(432 + 32 + 14_016 + 51_648 + 205_696 + 650, plan.Weights);
        Assert.Equal(272_474, plan.Weights);
        Assert.Equal(TensorShape.Image(64, 8, 8), plan.Layers[^3].Output);
        // Running means and variances: two a channel of each of the 19 normalisations on the way and 2 on shortcuts.
        Assert.Equal(2 * (7 * 16 + 6 * 32 + 6 * 64 + 32 + 64), plan.Statistics);
    }

    [Fact]
    public void Create_BatchNorm_CountsGammaAndBetaOnly()
    {
        var plan = NetworkShape.Create(Architecture.Parse("batch_norm | flatten | batch_norm | dense 10"),
            TensorShape.Image(3, 4, 5), 10);

        Assert.Equal([6L, 0, 120, 610], plan.Layers.Select(layer => layer.Weights));
        Assert.Equal(6 + 120, plan.Statistics);
        Assert.Equal(4 * (6 + 120 + 610 + 126), plan.ParameterBytes);
        Assert.Equal(4 * (60 + 60 + 60 + 60 + 10), plan.ActivationBytesPerSample);
    }

    [Fact]
    public void Create_Parameters_HaveLibtorchsLayoutAndKerassFans()
    {
        var plan = NetworkShape.Create(
            Architecture.Parse("conv 8 5x3 same | flatten | dense 7 no_bias | dense"), TensorShape.Image(3, 6, 6), 10);

        var kernel = plan.Layers[0].Parameters[0];
        Assert.Equal([8L, 3, 5, 3], kernel.Dimensions);
        Assert.Equal((45, 120), (kernel.FanIn, kernel.FanOut));
        Assert.Equal([ParameterRole.Weight, ParameterRole.Bias],
            plan.Layers[0].Parameters.Select(parameter => parameter.Role));
        var dense = Assert.Single(plan.Layers[2].Parameters);
        Assert.Equal([7L, 288], dense.Dimensions);
        Assert.Equal((288, 7), (dense.FanIn, dense.FanOut));
        Assert.Equal(new DenseLayer(10), plan.Layers[3].Layer);
    }

    [Fact]
    public void Create_Configuration_AppliesItsOverridesAndItsLoss()
    {
        var hyperparameters = new Hyperparameters
        {
            Architecture = "flatten | dense 5 relu | dropout 0.1 | dense softmax",
            LearningRate = 0.1,
            BatchSize = 10,
            Epochs = 1,
            Dropout = 0.3,
            Activation = "tanh",
        };

        var plan = hyperparameters.NetworkOn(TensorShape.Image(1, 28, 28), 10, LossKind.CrossEntropy);

        Assert.Equal("flatten | dense 5 tanh | dropout 0.3 | dense", plan.Architecture.ToString());
    }

    [Theory]
    [InlineData("dense 10", "28x28x1",
        "Layer 1 'dense 10' cannot follow an output of 28x28x1: it needs a vector, not an image; put 'flatten'")]
    [InlineData("flatten | conv 8 3 | dense", "28x28x1",
        "Layer 2 'conv 8 3x3' cannot follow an output of 784: it needs an image")]
    [InlineData("max_pool 2 | flatten | dense", "784", "Layer 1 'max_pool 2x2' cannot follow an output of 784")]
    [InlineData("conv 8 7 | flatten | dense", "6x6x3",
        "its kernel of 7x7 is larger than the 6x6 image; make it smaller")]
    [InlineData("conv 8 9 pad 1 | flatten | dense", "6x6x3", "larger than the 6x6 image with padding 1")]
    [InlineData("max_pool 2 | max_pool 2 | flatten | dense", "3x3x1",
        "Layer 2 'max_pool 2x2' cannot follow an output of 1x1x1")]
    [InlineData("flatten | dense | dense", "28x28x1", "only the last layer with weights may be without a size")]
    [InlineData("flatten | dense 128 relu", "28x28x1",
        "ends with 128 values a sample, but the data set has 10 outputs; end it with 'dense'")]
    [InlineData("conv 8 3", "28x28x1",
        "ends with 26x26x8 values a sample, but the data set has 10 outputs; end it with 'flatten | dense'")]
    [InlineData("flatten | dense 1000000 | dense", "784", "weights up to here, at most 500,000,000 are allowed")]
    [InlineData("conv 1000000 1 | flatten | dense", "28x28x1", "784,000,000 values for one sample, at most 50,000,000")]
    [InlineData("conv 1000000 1000x1000 same | global_avg_pool | dense", "1x1x1", "weights up to here")]
    [InlineData("conv 1 1 pad 1000 | flatten | dense", "1000x1000x1", "a vector of 9000000 values is too long")]
    [InlineData("conv 1 1 pad 1000 | flatten | dense", "1000000x1x1", "its output of 1002000x2001 is too large")]
    public void Create_ImpossibleLayer_NamesItItsInputAndTheReason(string text, string input, string part)
    {
        var error = Assert.ThrowsAny<SweepsException>(() =>
            NetworkShape.Create(Architecture.Parse(text), TensorShape.Parse(input), 10));

        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_BuiltInOnSmallImages_NamesTheArchitecture()
    {
        var error = Assert.Throws<ArchitectureException>(() =>
            NetworkShape.Create(Architecture.Parse("cnn-fashion"), TensorShape.Image(1, 7, 7), 10));

        Assert.Contains("Layer 8 'max_pool 2x2' of cnn-fashion cannot follow an output of 1x1x256", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ManyLargeLayers_StopsAtTheTotal()
    {
        var text = string.Join(" | ", Enumerable.Repeat("relu", 400));

        var error = Assert.Throws<ArchitectureException>(() =>
            NetworkShape.Create(Architecture.Parse(text), TensorShape.Parse("1000x1000x40"), 10));

        Assert.Contains("too large", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flatten | dnse 10", 1)]
    [InlineData("flatten | dense 10 | max_pool 2", 2)]
    public void Create_WrongLayer_ErrorHasItsPlace(string text, int layer)
    {
        var error = Assert.Throws<ArchitectureException>(() =>
            NetworkShape.Create(Architecture.Parse(text), TensorShape.Parse("28x28"), 10));

        Assert.Equal(layer, error.Layer);
    }
}
