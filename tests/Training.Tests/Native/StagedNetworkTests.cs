using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Native;
using Sweeps.Training.Networks;
using Sweeps.Training.Torch;

namespace Sweeps.Training.Tests.Native;

/// <summary>What staged networks do beyond a step's gradients (GradientTests): bits, statistics, freezing.</summary>
public sealed class StagedNetworkTests
{
    private const int Rows = 7;

    private static readonly TensorShape s_picture = TensorShape.Image(3, 20, 18);

    /// <summary>Rows shorter and longer than every tile, kernels that are copied and such that are not.</summary>
    [Theory]
    [InlineData("conv 6 5x5 same tanh | avg_pool 2 | conv 16 5x5 tanh | avg_pool 2 | flatten | dense 30 tanh | dense")]
    [InlineData("conv 16 3x3 same no_bias | batch_norm | relu | residual 16 | residual 32 stride 2 | flatten | dense")]
    [InlineData("conv 70 3x3 same | conv 40 3x3 stride 2 | conv 130 2x2 stride 2x3 | global_avg_pool | dense")]
    public void Steps_NarrowAndWideVectors_GiveTheSameBits(string architecture)
    {
        var plan = Small.Plan(architecture, s_picture, 4);
        using var wide = new StagedNetwork(plan, Small.Streams, Rows, wide: true);
        using var narrow = new StagedNetwork(plan, Small.Streams, Rows, wide: false);
        for (var step = 0; step < 3; step++)
            Assert.Equal(Learn(wide, step), Learn(narrow, step));

        Assert.True(wide.Weights.Span.SequenceEqual(narrow.Weights.Span));
        Assert.True(wide.Statistics.Span.SequenceEqual(narrow.Statistics.Span));
    }

    /// <summary>Judging, each by its own running statistics, after steps that moved them.</summary>
    [Theory]
    [InlineData("conv 4 3x3 | batch_norm momentum 0.7 | relu | residual 5 stride 2 | flatten | batch_norm | dense")]
    [InlineData("conv 4 3x3 tanh | global_avg_pool | batch_norm momentum 0.1 epsilon 0.5 | gelu | dense")]
    public void Forward_Judging_GivesAutogradsOutputsByTheRunningStatistics(string architecture)
    {
        var plan = Small.Plan(architecture, s_picture, 4);
        using var staged = new StagedNetwork(plan, Small.Streams, Rows);
        using var autograd = new AutogradNetwork(plan, Small.Streams, Rows);
        for (var step = 0; step < 3; step++)
            Assert.Equal(Learn(autograd, step), Learn(staged, step), 1e-5);

        var (mine, its) = (Judge(staged), Judge(autograd));
        Assert.All(mine.Zip(its), pair => Assert.Equal(pair.Second, pair.First, 2e-4));
        Assert.Equal(mine, Judge(staged));
        Assert.All(
            Statistics(staged).Zip(Statistics(autograd)),
            pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-4 * (1 + Math.Abs(pair.Second))));
    }

    /// <summary>One value a channel has no variance: the running statistics stand in, and stay.</summary>
    [Fact]
    public void Learn_OneValueAChannel_UsesTheRunningStatistics()
    {
        var plan = Small.Plan("global_avg_pool | batch_norm | dense 5 tanh | dense", s_picture, 4);
        using var staged = new StagedNetwork(plan, Small.Streams, Rows);
        using var autograd = new AutogradNetwork(plan, Small.Streams, Rows);
        Assert.Equal(Learn(autograd, 0, samples: 1), Learn(staged, 0, samples: 1), 1e-5);

        AssertSameGradients(staged, autograd);
        Assert.Equal([0, 0, 0, 1, 1, 1], Statistics(staged));
    }

    /// <summary>A frozen batch_norm computes with its running statistics and keeps them; so do those of a block.
    /// </summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 3)]
    [InlineData(3)]
    public void Learn_Frozen_HasAutogradsGradientsAndKeepsTheStatistics(params int[] frozen)
    {
        var plan = Small.Plan(
            "conv 4 3x3 | batch_norm | tanh | residual 6 stride 2 | global_avg_pool | dense", s_picture, 4);
        var places = frozen.ToHashSet();
        using var staged = new StagedNetwork(plan, Small.Streams, Rows, places);
        using var autograd = new AutogradNetwork(plan, Small.Streams, Rows, places);
        Assert.Equal(Learn(autograd, 0), Learn(staged, 0), 1e-5);

        AssertSameGradients(staged, autograd, places);
        foreach (var place in staged.StatisticPlaces)
        {
            var values = staged.Statistics.Span.Slice(place.Offset, place.Length).ToArray();
            var isKept = Array.TrueForAll(values, value => value == place.First);
            Assert.Equal(places.Contains(place.Name[0] - '0'), isKept);
        }
    }

    private static void AssertSameGradients(Network one, Network other, HashSet<int>? frozen = null)
    {
        foreach (var (mine, its) in one.ParameterPlaces.Zip(other.ParameterPlaces))
        {
            Assert.Equal(mine.Name, its.Name);
            if (frozen?.Contains(mine.Layer) == true)
                continue;
            foreach (var (x, y) in Values(mine, one.Gradients).Zip(Values(its, other.Gradients)))
                Assert.True(Math.Abs(x - y) <= 1e-5 + (1e-4 * Math.Abs(y)), $"{mine.Name}: {x} and {y}");
        }
    }

    /// <summary>A step of gradient descent; the loss before it.</summary>
    private static double Learn(Network network, int step, int samples = Rows)
    {
        using var batch = BatchOf(step, samples);
        if (step == 0)
            InitialWeights.Fill(network, InitializerKind.HeNormal, Small.Streams);
        network.BeginEpoch(1);
        var outputs = network.Forward(batch, learning: true);
        var score = Loss.Create(LossKind.CrossEntropy).ScoreWithGradient(outputs, batch, network.OutputGradient);
        network.Backward();
        for (var i = 0; i < network.Weights.Length; i++)
            network.Weights.Span[i] -= 0.05f * network.Gradients.Span[i];
        return score.MeanLoss;
    }

    private static float[] Judge(Network network)
    {
        using var batch = BatchOf(5, Rows);
        var outputs = network.Forward(batch, learning: false);
        return [.. Enumerable.Range(0, Rows).SelectMany(row => outputs.Row(row)[..outputs.Columns].ToArray())];
    }

    private static Batch BatchOf(int seed, int samples)
    {
        var batch = new Batch(Small.Classes(Rows, (int)s_picture.Size, 4, seed + 1), Rows);
        batch.Fill([.. Enumerable.Range(0, samples)]);
        return batch;
    }

    private static float[] Statistics(Network network) =>
    [
        .. network.StatisticPlaces.SelectMany(place =>
            network.Statistics.Span.Slice(place.Offset, place.Length).ToArray()),
    ];

    private static float[] Values(ParameterPlace place, Sweeps.Training.Numerics.FloatBuffer flat)
    {
        var values = new float[place.Shape.Size];
        place.CopyFrom(flat.Span, values);
        return values;
    }
}
