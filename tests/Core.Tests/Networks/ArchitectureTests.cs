using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Networks;

public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("flatten | dense 128 relu | dropout 0.2 | dense 10",
        "flatten | dense 128 relu | dropout 0.2 | dense 10")]
    [InlineData("  Flatten|DENSE 128 ReLU|dense ", "flatten | dense 128 relu | dense")]
    [InlineData("conv 32 5x5 same relu stride 2", "conv 32 5x5 same relu stride 2")]
    [InlineData("conv stride 2 relu same 32 5", "conv 32 5x5 same relu stride 2")]
    [InlineData("conv filters 32 kernel_size 5x3 padding 2 strides 2x1 no_bias",
        "conv 32 5x3 pad 2 stride 2x1 no_bias")]
    [InlineData("Conv2D 8 3 pad 0", "conv 8 3x3")]
    [InlineData("max_pool", "max_pool 2x2")]
    [InlineData("max_pool 3 stride 2 same", "max_pool 3x3 same stride 2")]
    [InlineData("avg_pool 2x1", "avg_pool 2x1")]
    [InlineData("global_avg_pool", "global_avg_pool")]
    [InlineData("batch_norm", "batch_norm")]
    [InlineData("batch_norm momentum 0.9 epsilon 1e-5", "batch_norm momentum 0.9 epsilon 1E-05")]
    [InlineData("residual 64", "residual 64")]
    [InlineData("residual 64 5x5 stride 2 tanh", "residual 64 5x5 tanh stride 2")]
    [InlineData("tanh", "activation tanh")]
    [InlineData("activation leaky-relu 0.1", "activation leaky_relu 0.1")]
    [InlineData("dense 5 leaky_relu 0.2", "dense 5 leaky_relu")]
    [InlineData("dense 5 elu 0.5 no_bias", "dense 5 elu 0.5 no_bias")]
    [InlineData("dropout rate -0", "dropout 0")]
    public void Parse_ShortNotation_GivesTheCanonicalText(string text, string canonical)
    {
        Assert.Equal(canonical, Architecture.Parse(text).ToString());
        Assert.Equal(Architecture.Parse(canonical), Architecture.Parse(text));
    }

    [Fact]
    public void Parse_CultureWithACommaAsDecimalPoint_ChangesNothing()
    {
        var culture = Thread.CurrentThread.CurrentCulture;
        var custom = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
        custom.NumberFormat.NumberDecimalSeparator = ",";
        custom.NumberFormat.NegativeSign = "~";
        try
        {
            Thread.CurrentThread.CurrentCulture = custom;
            Assert.Equal("dropout 0.25 | batch_norm epsilon 1E-05",
                Architecture.Parse("dropout 0.25|batch_norm epsilon 0.00001").ToString());
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData("flatten | dence 10", "Layer 2 'dence 10': there is no layer 'dence'; did you mean 'dense'?")]
    [InlineData("pool 2", "Layer 1 'pool 2': there is no layer 'pool'; did you mean 'max_pool'?")]
    [InlineData("dense 10 dropout 0.2", "'dropout' is a layer of its own")]
    [InlineData("dense 10 relu dropout 0.2 batch_norm", "'dense 10 relu | dropout 0.2 batch_norm'")]
    [InlineData("dense 10 rleu", "'rleu' means nothing in a dense layer; did you mean 'relu'?")]
    [InlineData("dense activation rleu", "unknown activation 'rleu'; did you mean 'relu'?")]
    [InlineData("conv 3 3 sme", "did you mean 'same'?")]
    [InlineData("conv 3 3 strid 2", "did you mean 'stride'?")]
    [InlineData("flatten | | dense", "Layer 2 '': there is nothing between two '|'")]
    [InlineData("dense 0", "units: 0 is out of range; allowed are whole numbers from 1 to 1000000")]
    [InlineData("dense -3", "units: -3 is out of range")]
    [InlineData("dense 1e3", "units: '1e3' is not a whole number")]
    [InlineData("dense 99999999999999999999", "is not a whole number")]
    [InlineData("dense 10 20", "the number '20' is one too many")]
    [InlineData("dense 10 relu tanh", "activation is given twice: 'relu' and 'tanh'")]
    [InlineData("dense 10 relu 0.1", "the number '0.1' is one too many")]
    [InlineData("dense 10 leaky_relu 101", "'101' is not a slope")]
    [InlineData("conv 32", "kernel_size is missing; an example: 'conv 32 3x3 same relu'")]
    [InlineData("conv 32 3x", "kernel_size: '3x' is not a size")]
    [InlineData("conv 32 3x3x3", "kernel_size: '3x3x3' is not a size")]
    [InlineData("conv 32 2000", "rows of the kernel: 2000 is out of range; allowed are whole numbers from 1 to 1000")]
    [InlineData("conv 32 3 stride 0", "stride: 0 is out of range")]
    [InlineData("conv 32 3 pad -1", "padding: -1 is out of range")]
    [InlineData("conv 32 3 pad half", "padding: 'half' is neither 'same' nor 'valid'")]
    [InlineData("conv 32 3 stride", "a value is missing after 'stride'")]
    [InlineData("max_pool 2 pad 2", "more than half of the 2x2 window")]
    [InlineData("dropout", "rate is missing; an example: 'dropout 0.2'")]
    [InlineData("dropout 1", "rate: 1 is out of range; allowed are numbers from 0 to below 1")]
    [InlineData("dropout NaN", "'NaN' means nothing in a dropout layer")]
    [InlineData("dropout 0,2", "rate: '0,2' is not a number")]
    [InlineData("batch_norm momentum 1", "momentum: 1 is out of range")]
    [InlineData("batch_norm epsilon 0", "epsilon: 0 is out of range")]
    [InlineData("flatten 3", "the number '3' is one too many")]
    [InlineData("activation", "activation is missing; an example: 'activation relu'")]
    [InlineData("", "The architecture is empty")]
    [InlineData("resnet50", "There is no architecture 'resnet50'; did you mean 'resnet-50'?")]
    public void Parse_Mistake_SaysWhichLayerAndWhatIsAllowed(string text, string part)
    {
        var error = Assert.ThrowsAny<SweepsException>(() => Architecture.Parse(text));

        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooManyLayers_IsRefused()
    {
        var error = Assert.Throws<SweepsException>(() =>
            Architecture.Parse(string.Join('|', Enumerable.Repeat("relu", 501))));

        Assert.Contains("1 to 500 layers, not 501", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flatten | dense 5 relu | dense 7 relu | dense", "tanh",
        "flatten | dense 5 tanh | dense 7 tanh | dense")]
    [InlineData("flatten | dense 5 | relu | dense 10 softmax", "elu",
        "flatten | dense 5 | activation elu | dense 10 softmax")]
    [InlineData("residual 8 | global_avg_pool | dense | sigmoid", "gelu",
        "residual 8 gelu | global_avg_pool | dense | activation sigmoid")]
    [InlineData("flatten | dense 5 relu | dense", "leaky_relu 0.1", "flatten | dense 5 leaky_relu 0.1 | dense")]
    [InlineData("flatten | dense", "tanh", "flatten | dense")]
    public void With_Activation_ReplacesTheHiddenOnesOnly(string text, string activation, string expected) =>
        Assert.Equal(expected, Architecture.Parse(text).With(null, activation).ToString());

    [Fact]
    public void With_Dropout_ReplacesEveryRate() => Assert.Equal(
        "flatten | dropout 0.4 | dense 5 relu | dropout 0.4 | dense",
        Architecture.Parse("flatten | dropout 0.1 | dense 5 relu | dropout 0.5 | dense").With(0.4, null).ToString());

    [Theory]
    [InlineData(1.0, null, "dropout: 1 is out of range")]
    [InlineData(double.NaN, null, "dropout: NaN is out of range")]
    [InlineData(null, "sotfmax", "did you mean 'softmax'?")]
    public void With_InvalidOverride_Throws(double? dropout, string? activation, string part)
    {
        var error = Assert.Throws<SweepsException>(() => Architecture.Parse("mlp-5").With(dropout, activation));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flatten | dense softmax", LossKind.CrossEntropy, "flatten | dense")]
    [InlineData("flatten | dense | softmax", LossKind.CrossEntropy, "flatten | dense")]
    [InlineData("flatten | dense sigmoid", LossKind.BinaryCrossEntropy, "flatten | dense")]
    [InlineData("flatten | dense sigmoid", LossKind.CrossEntropy, "flatten | dense sigmoid")]
    [InlineData("flatten | dense softmax", LossKind.MeanSquaredError, "flatten | dense softmax")]
    [InlineData("flatten | dense 5 softmax | dense", LossKind.CrossEntropy, "flatten | dense 5 softmax | dense")]
    public void WithoutOutputActivation_FinalActivationOfTheLoss_IsTakenOff(string text, LossKind loss,
        string expected) =>
        Assert.Equal(expected, Architecture.Parse(text).WithoutOutputActivation(loss).ToString());
}
