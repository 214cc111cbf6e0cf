using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Native;
using Sweeps.Training.Networks;
using Sweeps.Training.Torch;

namespace Sweeps.Training.Tests.Networks;

/// <summary>The gradients derived by hand against libtorch's autograd, and both against finite differences.</summary>
public sealed class GradientTests
{
    private const int Rows = 13;

    private static readonly string[] s_staged =
    [
        "conv 4 3x3 relu | max_pool 2 | flatten | dense",
        "conv 20 5x5 same relu | max_pool 2 | conv 33 3x3 same relu | max_pool 2 | flatten | dense 8 relu | dense",
        "conv 16 2x2 same tanh | conv 17 4x4 same gelu | max_pool 3 | flatten | dropout 0.3 | dense",
        "conv 6 3x5 no_bias | elu | conv 7 1x1 | max_pool 2 | tanh | flatten | dense",
        "conv 5 3x3 padding 2 sigmoid | conv 40 6x6 same leaky_relu 0.1 | flatten | dense",
        "flatten | dense 5 relu | dense",
        "conv 5 3x3 stride 2 tanh | conv 18 2x2 same stride 2 relu | flatten | dense",
        "conv 4 3x3 same tanh | conv 20 1x1 stride 2 | conv 3 4x4 same stride 3x2 | flatten | dense",
        "conv 3 3x3 padding 2 | conv 5 5x3 padding 1 stride 2x3 tanh | flatten | dense",
        "conv 4 3x3 same | batch_norm | relu | conv 20 3x3 no_bias | batch_norm | sigmoid | max_pool 2 | flatten | "
            + "dense",
        "batch_norm | elu | conv 4 3x3 same gelu | batch_norm | gelu | flatten | dense",
        "conv 4 3x3 same tanh | dropout 0.1 | flatten | batch_norm | dense",
        "conv 6 3x3 tanh | avg_pool 2 | conv 17 2x2 tanh | avg_pool 2 stride 1 | flatten | dense",
        "conv 4 3x3 same | max_pool 3 stride 2 same | gelu | avg_pool 3 stride 2 same | flatten | dense",
        "max_pool 2x3 stride 1 | avg_pool 3 pad 1 stride 1 | conv 4 3x3 | max_pool 3 pad 1 stride 2 | flatten | dense",
        "dropout 0.2 | conv 4 3x3 | batch_norm | dropout 0.4 | flatten | dense",
        "tanh | avg_pool 2 | dropout 0.3 | conv 18 2x2 | dropout 0.3 | global_avg_pool | dense",
        "conv 4 3x3 same | residual 4 tanh | residual 18 tanh stride 2 | global_avg_pool | dense",
        "residual 4 elu | residual 6 gelu stride 2 pad 1 | residual 6 5x5 sigmoid | flatten | dense",
        "bottleneck 2 tanh | bottleneck 5 elu stride 2x1 | global_avg_pool | dense",
        "global_avg_pool | dense 7 tanh | dense",
    ];

    public static TheoryData<string> Dense => new(
        "dense",
        "dense 5 relu | dense",
        "dense 33 tanh | dense 20 sigmoid | dense",
        "dense 16 elu | dense 16 leaky_relu 0.1 | dense",
        "dense 12 gelu | dense no_bias",
        "dense 24 relu | dropout 0.3 | dense 10 | tanh | dropout 0.5 | dense",
        "dropout 0.2 | dense 9 softmax | dense",
        "gelu | dense 70 relu no_bias | dense",
        "batch_norm | dense 19 | batch_norm | relu | dense 16 | batch_norm momentum 0.5 | gelu | dense",
        "dense 20 | batch_norm epsilon 0.1 | sigmoid | dropout 0.3 | dense 5 tanh | batch_norm | dense");

    public static TheoryData<string> Images => new(
        "conv 4 3x3 relu | max_pool 2 | flatten | dense",
        "conv 4 3x3 same tanh | avg_pool 2 | flatten | dense 8 relu | dense",
        "conv 3 2x2 same stride 2 | batch_norm | elu | flatten | dense",
        "conv 4 3x3 same | max_pool 3 stride 2 same | gelu | avg_pool 3 stride 2 same | flatten | dense",
        "residual 4 tanh | residual 6 tanh stride 2 | global_avg_pool | dense",
        "conv 4 3x3 stride 2 | flatten | dense",
        "conv 6 3x3 same groups 2 | conv 6 3x3 groups 3 dilation 2 | flatten | dense",
        "conv 4 3x3 same dilation 2 tanh | flatten | dense",
        "depthwise_conv 3x3 same stride 2 multiplier 3 | elu | depthwise_conv 2x2 no_bias | flatten | dense",
        "separable_conv 5 3x3 multiplier 2 tanh | depthwise_conv 2x2 dilation 2 | flatten | dense",
        "conv 6 1x1 | layer_norm | gelu | group_norm 3 | flatten | layer_norm | dense",
        "conv 8 1x1 tanh | squeeze_excite 4 | global_avg_pool | dense",
        "bottleneck 2 tanh squeeze 4 | bottleneck 3 elu stride 2 | global_avg_pool | dense",
        "concat(conv 2 1x1; conv 3 1x1 > conv 2 3x3 same; avg_pool 3 stride 1 same > conv 1 1x1) | flatten | dense",
        "add(separable_conv 2 3x3 same > batch_norm; ; conv 2 1x1) | global_avg_pool | dense");

    [Theory]
    [MemberData(nameof(Dense))]
    public void StagedNetwork_AnyDenseNetwork_HasAutogradsOutputsAndGradients(string architecture)
    {
        var plan = Small.Plan(architecture, TensorShape.Flat(21), 4);
        Assert.Null(NativeStages.WhyNot(plan));
        using var staged = new StagedNetwork(plan, Small.Streams, Rows);
        using var autograd = new AutogradNetwork(plan, Small.Streams, Rows);
        AssertEqual(staged, autograd, 21);
    }

    [Theory]
    [MemberData(nameof(Dense))]
    public void StagedNetwork_AnyDenseNetwork_HasTheFiniteDifferences(string architecture)
    {
        using var network = new StagedNetwork(Small.Plan(architecture, TensorShape.Flat(21), 4), Small.Streams, Rows);
        AssertFiniteDifferences(network, 21);
    }

    public static TheoryData<string> StagedImages => new(s_staged);

    /// <summary>Without functions that have a corner, which a step of finite length may lie across.</summary>
    public static TheoryData<string> SmoothImages => new(s_staged.Where(layers =>
        !layers.Contains("relu", StringComparison.Ordinal) && !layers.Contains("max_pool", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(SmoothImages))]
    public void StagedNetwork_AnyImageNetwork_HasTheFiniteDifferences(string architecture)
    {
        foreach (var channels in (int[])[1, 3])
        {
            var plan = Small.Plan(architecture, TensorShape.Image(channels, 9, 8), 4);
            using var network = new StagedNetwork(plan, Small.Streams, Rows);
            AssertFiniteDifferences(network, channels * 9 * 8);
        }
    }

    [Theory]
    [MemberData(nameof(StagedImages))]
    public void StagedNetwork_AnyImageNetwork_HasAutogradsOutputsAndGradients(string architecture)
    {
        foreach (var channels in (int[])[1, 3])
        {
            var plan = Small.Plan(architecture, TensorShape.Image(channels, 9, 8), 4);
            Assert.Null(NativeStages.WhyNot(plan));
            using var staged = new StagedNetwork(plan, Small.Streams, Rows);
            using var autograd = new AutogradNetwork(plan, Small.Streams, Rows);
            AssertEqual(staged, autograd, channels * 9 * 8);
        }
    }

    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(Images))]
    public void Network_AnyImageNetwork_HasTheFiniteDifferences(string architecture)
    {
        var plan = Small.Plan(architecture, TensorShape.Image(2, 7, 6), 3);
        using var network = new AutogradNetwork(plan, Small.Streams, Rows);
        AssertFiniteDifferences(network, 2 * 7 * 6);
    }

    private static void AssertEqual(Network one, Network other, int features)
    {
        InitialWeights.Fill(one, InitializerKind.HeNormal, Small.Streams);
        InitialWeights.Fill(other, InitializerKind.HeNormal, Small.Streams);
        using var batch = new Batch(Small.Classes(Rows, features, 4), Rows);
        for (var step = 0; step < 3; step++)
        {
            // The last batch of an epoch is smaller.
            batch.Fill([.. Enumerable.Range(0, step == 2 ? 5 : Rows)]);
            Assert.Equal(Learn(one, batch), Learn(other, batch), 1e-5);
            AssertEqual(Statistics(one), Statistics(other));
            Assert.Equal(
                one.ParameterPlaces.Select(place => place.Name), other.ParameterPlaces.Select(place => place.Name));
            for (var i = 0; i < one.ParameterPlaces.Count; i++)
            {
                var (mine, its) = (Gradient(one, i), Gradient(other, i));
                for (var j = 0; j < mine.Length; j++)
                    Assert.True(Math.Abs(mine[j] - its[j]) < 2e-6 + (1e-4 * Math.Abs(its[j])),
                        $"{one.ParameterPlaces[i].Name}[{j}]: {mine[j]} and {its[j]}");
            }
        }
    }

    private static void AssertEqual(List<(string Name, float Value)> ones, List<(string Name, float Value)> others)
    {
        Assert.Equal(ones.Select(one => one.Name), others.Select(other => other.Name));
        foreach (var ((name, mine), (_, its)) in ones.Zip(others))
            Assert.True(Math.Abs(mine - its) < 1e-6 + (1e-5 * Math.Abs(its)), $"{name}: {mine} and {its}");
    }

    private static List<(string Name, float Value)> Statistics(Network network) =>
    [
        .. network.StatisticPlaces.SelectMany(place =>
            network.Statistics.Span.Slice(place.Offset, place.Length).ToArray()
                .Select((value, index) => ($"{place.Name}[{index}]", value))),
    ];

    private static void AssertFiniteDifferences(Network network, int features)
    {
        InitialWeights.Fill(network, InitializerKind.XavierUniform, Small.Streams);
        using var batch = new Batch(Small.Classes(Rows, features, 3), Rows);
        batch.Fill([.. Enumerable.Range(0, Rows)]);
        Learn(network, batch);
        for (var i = 0; i < network.ParameterPlaces.Count; i++)
        {
            var place = network.ParameterPlaces[i];
            var gradient = Gradient(network, i);
            for (var j = 0; j < gradient.Length; j += Math.Max(1, gradient.Length / 7))
            {
                var difference = Difference(network, batch, place, j);
                Assert.True(
                    Math.Abs(difference - gradient[j]) < 2e-3 + (0.03 * Math.Abs(gradient[j])),
                    $"{place.Name}[{j}]: derivative {gradient[j]}, difference {difference}");
            }
        }
    }

    /// <summary>
    /// (L(w + h) - L(w - h)) / 2h; the epoch starts again each time, so that dropout draws the same masks.
    /// </summary>
    private static double Difference(Network network, Batch batch, ParameterPlace place, int index)
    {
        const float Step = 3e-3f;
        var values = new float[place.Shape.Size];
        place.CopyFrom(network.Weights.Span, values);
        var at = values[index];
        values[index] = at + Step;
        place.CopyTo(values, network.Weights.Span);
        var above = Learn(network, batch);
        values[index] = at - Step;
        place.CopyTo(values, network.Weights.Span);
        var below = Learn(network, batch);
        values[index] = at;
        place.CopyTo(values, network.Weights.Span);
        return (above - below) / (2 * Step);
    }

    private static double Learn(Network network, Batch batch)
    {
        network.BeginEpoch(3);
        var outputs = network.Forward(batch, learning: true);
        var score = Loss.Create(LossKind.CrossEntropy).ScoreWithGradient(outputs, batch, network.OutputGradient);
        network.Backward();
        return score.MeanLoss;
    }

    private static float[] Gradient(Network network, int place)
    {
        var values = new float[network.ParameterPlaces[place].Shape.Size];
        network.ParameterPlaces[place].CopyFrom(network.Gradients.Span, values);
        return values;
    }
}
