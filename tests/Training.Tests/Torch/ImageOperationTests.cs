using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Optimizers;
using Sweeps.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.Training.Tests.Torch;

/// <summary>The operations on images against libtorch's own in double precision, which take another way.</summary>
public sealed class ImageOperationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(6, 12, 3, 1, 1, 2)]
    [InlineData(20, 40, 3, 1, 2, 2)]
    [InlineData(48, 96, 3, 2, 1, 3)]
    [InlineData(5, 10, 1, 1, 1, 5)]
    public void ConvOperation_GroupsAndDilation_HasTheOutputsAndGradientsOfDoubles(
        int channels, int filters, int kernel, int stride, int dilation, int groups)
    {
        var window = Window.Square(kernel, stride) with { Dilation = dilation };
        var (input, weight, bias) =
            (Tensor(1, 7, channels, 9, 8), Tensor(2, filters, channels / groups, kernel, kernel), Tensor(3, filters));
        using var operation = new ConvOperation(window, TensorShape.Image(channels, 9, 8), weight, bias, groups);

        AssertSame(
            [input, weight, bias], x => operation.Forward(x[0], learning: true),
            x => nn.functional.conv2d(
                x[0], x[1], x[2], [stride, stride], [0, 0], [dilation, dilation], groups));
    }

    [Theory]
    [InlineData(6, 3, 1, 1, 1)]
    [InlineData(20, 3, 2, 1, 2)]
    [InlineData(17, 5, 1, 2, 1)]
    [InlineData(1, 2, 3, 1, 4)]
    public void DepthwiseConvOperation_AnyWindow_HasTheOutputsAndGradientsOfDoubles(
        int channels, int kernel, int stride, int dilation, int multiplier)
    {
        var window = Window.Square(kernel, stride) with { Dilation = dilation };
        var outputs = channels * multiplier;
        var (input, weight, bias) =
            (Tensor(1, 7, channels, 10, 11), Tensor(2, outputs, 1, kernel, kernel), Tensor(3, outputs));
        using var operation = new DepthwiseConvOperation(
            window, TensorShape.Image(channels, 10, 11), multiplier, weight, bias);

        AssertSame(
            [input, weight, bias], x => operation.Forward(x[0], learning: true),
            x => nn.functional.conv2d(
                x[0], x[1], x[2], [stride, stride], [0, 0], [dilation, dilation], channels));
    }

    /// <summary>keras.applications' caffe: blue, green, red, from 0 to 255, less 103.939, 116.779 and 123.68; and
    /// torchvision's: red, green, blue less their means, divided by their deviations.</summary>
    [Fact]
    public void NormalizeOperation_KnownWays_GiveTheNumbersOfTheirDefinition()
    {
        float[] pixel = [0.2f, 0.4f, 1f];
        var input = tensor(pixel).view(1, 3, 1, 1);
        foreach (var (name, wanted) in ((string, double[])[])
        [
            ("caffe", [255 - 103.939, (0.4 * 255) - 116.779, (0.2 * 255) - 123.68]),
            ("torch", [(0.2 - 0.485) / 0.229, (0.4 - 0.456) / 0.224, (1 - 0.406) / 0.225]),
            ("tf", [-0.6, -0.2, 1]),
        ])
        {
            var layer = (NormalizeLayer)Architecture.Parse($"normalize {name} | flatten | dense").Layers[0];
            using var operation = new NormalizeOperation(layer);
            var values = operation.Forward(input, learning: false).data<float>().ToArray();
            Assert.All(wanted.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    /// <summary>(x - mean) / sqrt(variance + epsilon), by hand: of 1, 2, 3, 4 they are 2.5 and 1.25.</summary>
    [Fact]
    public void Norms_FourValues_HaveTheirClosedForm()
    {
        var values = tensor(new float[] { 1, 2, 3, 4 });
        float[] expected = [.. new[] { -1.5, -0.5, 0.5, 1.5 }.Select(v => (float)(v / Math.Sqrt(1.25 + 0.001)))];
        using var layers = new LayerNormOperation(new(), ones(4), zeros(4));
        using var groups = new GroupNormOperation(new(1), ones(2), zeros(2));
        using var pixels = new LayerNormOperation(new(), ones(4), zeros(4));

        AssertClose(expected, layers.Forward(values.view(1, 4), true));
        AssertClose(expected, groups.Forward(values.view(1, 2, 1, 2), true));
        AssertClose(expected, pixels.Forward(values.view(1, 4, 1, 1), true));
    }

    /// <summary>Means 2 and 4; hidden relu(2 - 4) = 0 and relu(4 - 2) = 2; scales sigmoid(0) and sigmoid(2).</summary>
    [Fact]
    public void SqueezeExcite_TwoChannels_HasItsClosedForm()
    {
        using var operation = new SqueezeExciteOperation(
            tensor(new float[,] { { 1, -1 }, { -1, 1 } }), zeros(2), tensor(new float[,] { { 1, 0 }, { 0, 1 } }),
            zeros(2));

        var outputs = operation.Forward(tensor(new float[] { 1, 3, 3, 5 }).view(1, 2, 1, 2), true);

        var scale = 1 / (1 + Math.Exp(-2));
        AssertClose([0.5f, 1.5f, (float)(3 * scale), (float)(5 * scale)], outputs);
    }

    /// <summary>One step of each large network, with one picture or two: its loss is finite and its weights move.
    /// </summary>
    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("resnet-20", 2)]
    [InlineData("googlenet", 2)]
    [InlineData("resnet-18", 2)]
    [InlineData("resnet-34", 1)]
    [InlineData("resnet-50", 2)]
    [InlineData("se-resnet-50", 1)]
    [InlineData("xception", 1)]
    public void Step_LargeNetwork_MovesItsWeights(string name, int rows) => CheckStep(name, rows);

    /// <summary>Their layers are those of smaller ones; of their dense ones a step takes seconds.</summary>
    [Theory]
    [Trait("Speed", "nightly")]
    [InlineData("alexnet", 1)]
    [InlineData("vgg-16", 1)]
    public void Step_NetworkOfManyDenseWeights_MovesItsWeights(string name, int rows) => CheckStep(name, rows);

    private static void CheckStep(string name, int rows)
    {
        var isLarge = name != "resnet-20";
        var shape = isLarge ? BuiltInArchitecture.ImageNetInput : TensorShape.Image(3, 32, 32);
        var classes = isLarge ? BuiltInArchitecture.ImageNetClasses : 10;
        var plan = Small.Plan(name, shape, classes);
        using var network = new AutogradNetwork(plan, Small.Streams, rows);
        InitialWeights.Fill(network, InitializerKind.HeNormal, Small.Streams);
        var before = Sum(network);
        var loss = Loss.Create(LossKind.CrossEntropy);
        using var optimizer = Optimizer.Create(
            new()
            {
                Architecture = name,
                LearningRate = 0.01,
                BatchSize = rows,
                Epochs = 1,
                Optimizer = OptimizerKind.Sgd,
            },
            network.Weights.Length);
        using var batch = new Batch(Small.Classes(rows, (int)shape.Size, classes), rows);
        batch.Fill([.. Enumerable.Range(0, rows)]);

        var score = loss.ScoreWithGradient(network.Forward(batch, learning: true), batch, network.OutputGradient);
        network.Backward();
        optimizer.Step(network.Weights, network.Gradients);

        Assert.Equal(plan.Weights, network.WeightCount);
        Assert.True(double.IsFinite(score.MeanLoss) && score.MeanLoss > 0);
        Assert.True(double.IsFinite(Sum(network)));
        Assert.NotEqual(before, Sum(network));
    }

    private static double Sum(Network network)
    {
        var sum = 0.0;
        foreach (var weight in network.Weights.Span)
            sum += weight;
        return sum;
    }

    private static void AssertSame(
        Tensor[] inputs, Func<Tensor[], Tensor> found, Func<Tensor[], Tensor> expected)
    {
        var doubles = inputs.Select(input => input.detach().to(float64).requires_grad_()).ToArray();
        var (mine, right) = (found(inputs), expected(doubles));
        var weights = Tensor(9, [.. mine.shape]).detach();
        mine.mul(weights).sum().backward();
        right.mul(weights.to(float64)).sum().backward();
        Assert.Equal(right.shape, mine.shape);
        AssertNear(mine, right);
        foreach (var (input, exact) in inputs.Zip(doubles))
            AssertNear(input.grad!, exact.grad!);
    }

    private static void AssertNear(Tensor mine, Tensor right) => Assert.InRange(
        ((mine.to(float64) - right).abs().max() / right.abs().max()).ToDouble(), 0, 1e-5);

    private static void AssertClose(float[] expected, Tensor found)
    {
        foreach (var (value, right) in found.contiguous().data<float>().ToArray().Zip(expected))
            Assert.Equal(right, value, 1e-5f);
    }

    private static Tensor Tensor(int seed, params long[] shape) =>
        tensor(Small.Uniform((int)shape.Aggregate(1L, (product, size) => product * size), seed))
            .view(shape).detach().requires_grad_();
}
