using System.Globalization;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Networks;

/// <summary>
/// Totals worked out by hand from the formulas of the layers (dense: in x out + out; conv: channels x rows x columns x
/// filters + filters) and checked against what the sources print: Geron's model.summary() for mlp-300-100 (266,610) and
/// cnn-fashion (1,413,834), Keras's cifar10_cnn (1,250,858), TensorFlow's deep MNIST network (3,274,634), LeNet-5 as
/// usually built (61,706).
/// </summary>
public sealed class BuiltInArchitecturesTests
{
    /// <summary>Name, data set, weights of each layer that has some, total.</summary>
    public static TheoryData<string, string, long[], long> Totals => new()
    {
        { "linear", "mnist", [784 * 10 + 10], 7_850 },
        { "mlp-5", "mnist", [784 * 5 + 5, 5 * 10 + 10], 3_985 },
        { "mlp-10", "mnist", [784 * 10 + 10, 10 * 10 + 10], 7_960 },
        { "mlp-128-128", "mnist", [784 * 128 + 128, 128 * 128 + 128, 128 * 10 + 10], 118_282 },
        { "mlp-300-100", "mnist", [784 * 300 + 300, 300 * 100 + 100, 100 * 10 + 10], 266_610 },
        { "mlp-512x3", "mnist", [784 * 512 + 512, 512 * 512 + 512, 512 * 512 + 512, 512 * 10 + 10], 932_362 },
        // 28x28 -same-> 28x28 -pool-> 14x14 -5x5-> 10x10 -pool-> 5x5: 16 * 5 * 5 = 400 features.
        { "lenet-5", "mnist", [156, 2_416, 400 * 120 + 120, 120 * 84 + 84, 84 * 10 + 10], 61_706 },
        // Two pools: 7x7 with 64 channels = 3,136 features.
        { "cnn-lab", "mnist", [25 * 32 + 32, 25 * 32 * 64 + 64, 3_136 * 1024 + 1024, 1024 * 10 + 10], 3_274_634 },
        // 28 -> 14 -> 7 -> 3 (floor): 3 * 3 * 256 = 2,304 features.
        {
            "cnn-fashion", "fashion-mnist",
            [3_200, 73_856, 147_584, 295_168, 590_080, 2_304 * 128 + 128, 128 * 64 + 64, 64 * 10 + 10], 1_413_834
        },
        // 32 -> 30 -> 15 -> 13 -> 6: 6 * 6 * 64 = 2,304 features.
        { "cnn-cifar", "cifar-10", [896, 9_248, 18_496, 36_928, 2_304 * 512 + 512, 512 * 10 + 10], 1_250_858 },
    };

    [Theory]
    [MemberData(nameof(Totals))]
    public void Create_BuiltIn_HasTheWeightsOfItsSource(string name, string data, long[] layers, long total)
    {
        var known = KnownDataSets.Get(data);

        var plan = NetworkShape.Create(Architecture.Parse(name), known.Input, known.Outputs);

        Assert.Equal(layers, plan.Layers.Where(layer => layer.Weights > 0).Select(layer => layer.Weights));
        Assert.Equal(total, plan.Weights);
        Assert.Equal(4 * total, plan.ParameterBytes);
    }

    /// <summary>
    /// Trainable weights, statistics and billions of multiply-adds, as other programs state them, looked up in their
    /// sources. torchvision (num_params and GFLOPS, docs.pytorch.org/vision/stable/models, and the meta data of its
    /// weights in torchvision/models/*.py): resnet18 11,689,512 and 1.81, resnet34 21,797,672 and 3.66, resnet50
    /// 25,557,032 and 4.09, googlenet (without its auxiliary outputs) 6,624,904 and 1.50, vgg16 138,357,544 and 15.47.
    /// Xception: 22,855,952 in table 3 of Chollet 2017; keras.applications' summary: total 22,910,480, trainable
    /// 22,855,952, non-trainable 54,528. SE-ResNet-50: 28,088,024 in pytorchcv (github.com/osmr/imgclsmob, the table of
    /// pytorch/README.md, and the check weight_count == 28088024 of its seresnet.py). AlexNet without groups, from the
    /// layers' formula: 62,378,344. He et al. 2016, table 6: ResNet-20 has 0.27M.
    /// </summary>
    public static TheoryData<string, string, long, long, double?> LargeTotals => new()
    {
        { "resnet-20", "cifar-10", 272_474, 2 * (16 + (6 * 16) + (6 * 32) + (6 * 64) + 32 + 64), null },
        { "alexnet", "imagenet", 62_378_344, 0, null },
        { "vgg-16", "imagenet", 138_357_544, 0, 15.47 },
        { "googlenet", "imagenet", 6_624_904, 2 * 7_280, 1.50 },
        { "resnet-18", "imagenet", 11_689_512, 9_600, 1.81 },
        { "resnet-34", "imagenet", 21_797_672, 17_024, 3.66 },
        { "resnet-50", "imagenet", 25_557_032, 53_120, 4.09 },
        { "se-resnet-50", "imagenet", 28_088_024, 53_120, null },
        { "xception", "imagenet", 22_855_952, 54_528, null },
    };

    [Theory]
    [MemberData(nameof(LargeTotals))]
    public void Create_LargeBuiltIn_HasTheWeightsOfItsSource(
        string name, string data, long weights, long statistics, double? billions)
    {
        var plan = On(name, data);

        Assert.Equal((weights, statistics), (plan.Weights, plan.Statistics));
        if (billions is { } stated)
            Assert.Equal(stated, Math.Round(plan.MultiplyAdds / 1e9, 2));
    }

    private static NetworkShape On(string name, string data) => data == BuiltInArchitecture.ImageNet
        ? NetworkShape.Create(
            Architecture.Parse(name), BuiltInArchitecture.ImageNetInput, BuiltInArchitecture.ImageNetClasses)
        : NetworkShape.Create(
            Architecture.Parse(name), KnownDataSets.Get(data).Input, KnownDataSets.Get(data).Outputs);

    [Fact]
    public void All_Listed_StateTheWeightsThatTheyHave()
    {
        Assert.Equal(Totals.Count + LargeTotals.Count, BuiltInArchitectures.All.Count);
        foreach (var entry in BuiltInArchitectures.All)
        {
            var architecture = Architecture.Parse(entry.Name);
            Assert.Equal(entry.Weights, On(entry.Name, entry.Data).Weights);
            Assert.Equal(entry.Layers, architecture.ToString());
            Assert.Equal(entry.Name, architecture.Name);
        }
    }

    [Theory]
    [InlineData("mlp-7", "flatten | dense 7 relu | dense")]
    [InlineData("MLP-30-20-10", "flatten | dense 30 relu | dense 20 relu | dense 10 relu | dense")]
    [InlineData("mlp-64x2", "flatten | dense 64 relu | dropout 0.2 | dense 64 relu | dropout 0.2 | dense")]
    public void Parse_PerceptronOfAnySizes_IsBuilt(string name, string layers)
    {
        var architecture = Architecture.Parse(name);

        Assert.Equal(layers, architecture.ToString());
        Assert.Equal(name.ToLower(CultureInfo.InvariantCulture), architecture.Name);
    }

    [Theory]
    [InlineData("mlp-0", "'0'")]
    [InlineData("mlp-10--5", "''")]
    [InlineData("mlp-99999999999", "'99999999999'")]
    [InlineData("mlp-10x", "''")]
    [InlineData("mlp-10x101", "'101'")]
    [InlineData("mlp-2x3x4", "'2x3x4'")]
    public void Parse_PerceptronWithAWrongSize_NamesIt(string name, string part)
    {
        var error = Assert.Throws<SweepsException>(() => Architecture.Parse(name));

        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains("mlp-300-100", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lenet5", "lenet-5")]
    [InlineData("cnn-lap", "cnn-lab")]
    [InlineData("liner", "linear")]
    public void Parse_MistypedName_SuggestsTheNearest(string name, string nearest)
    {
        var error = Assert.Throws<SweepsException>(() => Architecture.Parse(name));

        Assert.Contains($"did you mean '{nearest}'?", error.Message, StringComparison.Ordinal);
    }
}
