using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Optimizers;
using Sweeps.Training.Runs;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// Every built-in network that both engines train, with every optimizer where it has few weights: ten steps, each from
/// the same weights, with the same samples and masks. The gradients agree within a few ten-thousandths of their norm:
/// rounding gives a hundredth of that and less, a wrong gradient a thousand times more. Weights are not compared after
/// some steps: where a gradient is nothing but rounding, Adagrad's and Adam's first step is as long as any other.
/// </summary>
public sealed class EngineStepTests
{
    private const int Steps = 10;
    private const double Share = 2e-4;
    private const double LeastMoved = 5e-4;
    private const long Many = 10_000_000;

    /// <summary>Optimizers do not know of layers: of networks of many weights two will do.</summary>
    private static readonly OptimizerKind[] s_two = [OptimizerKind.Sgd, OptimizerKind.Adam];

    public static TheoryData<string, OptimizerKind> OfFewWeights =>
        Cases(weights => weights < 1_000_000, Enum.GetValues<OptimizerKind>());

    public static TheoryData<string, OptimizerKind> OfMoreWeights =>
        Cases(weights => weights is >= 1_000_000 and < Many, s_two);

    public static TheoryData<string, OptimizerKind> OfMoreWeightsWithTheOthers => Cases(
        weights => weights is >= 1_000_000 and < Many, [.. Enum.GetValues<OptimizerKind>().Except(s_two)]);

    public static TheoryData<string, OptimizerKind> OfManyWeights => Cases(weights => weights >= Many, s_two);

    [Theory]
    [MemberData(nameof(OfFewWeights))]
    public void Steps_SmallNetworkOnBothEngines_HaveTheSameGradients(string name, OptimizerKind optimizer) =>
        AssertSame(name, optimizer, samples: 6);

    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(OfMoreWeights))]
    public void Steps_LargeNetworkOnBothEngines_HaveTheSameGradients(string name, OptimizerKind optimizer) =>
        AssertSame(name, optimizer, samples: 2);

    [Theory]
    [Trait("Speed", "nightly")]
    [MemberData(nameof(OfMoreWeightsWithTheOthers))]
    public void Steps_LargeNetworkWithAnyOptimizer_HaveTheSameGradients(string name, OptimizerKind optimizer) =>
        AssertSame(name, optimizer, samples: 2);

    [Theory]
    [Trait("Speed", "nightly")]
    [MemberData(nameof(OfManyWeights))]
    public void Steps_VeryLargeNetworkOnBothEngines_HaveTheSameGradients(string name, OptimizerKind optimizer) =>
        AssertSame(name, optimizer, samples: 2);

    /// <summary>A list that cannot lose a network or a rule unseen.</summary>
    [Fact]
    public void Cases_AllThatBothEnginesTrain_AreThere()
    {
        string[] names = [.. Names.Select(known => known.Name)];
        Assert.Equal(
            [
                "linear", "mlp-5", "mlp-10", "mlp-128-128", "mlp-300-100", "mlp-512x3", "lenet-5", "cnn-lab",
                "cnn-fashion", "cnn-cifar", "resnet-20", "alexnet", "vgg-16", "resnet-18", "resnet-34", "resnet-50",
            ],
            names);
        Assert.Equal(8, Enum.GetValues<OptimizerKind>().Length);
        Assert.Equal((8 * 8, 2 * 3, 2 * 5), (OfFewWeights.Count, OfMoreWeights.Count, OfManyWeights.Count));
        Assert.Equal(6 * 3, OfMoreWeightsWithTheOthers.Count);
    }

    // Of ImageNet's, on small pictures and 10 classes: the layers are the same, the dense ones narrower.
    private static IEnumerable<BuiltInArchitecture> Names => BuiltInArchitectures.All.Where(
        known => NativeStages.WhyNot(PlanOf(known)) is null);

    // Rounding turns some relu of a deep one on or off, and normalisation over few pixels enlarges that: they get a
    // function without a corner.
    private static NetworkShape PlanOf(BuiltInArchitecture known) => NetworkShape.Create(
        Architecture.Parse(known.Name)
            .With(null, known.Name.StartsWith("resnet", StringComparison.Ordinal) ? "tanh" : null),
        known.Data is "mnist" or "fashion-mnist" ? TensorShape.Image(1, 28, 28)
            : known.Name is "alexnet" or "resnet-18" or "resnet-34" or "resnet-50" ? TensorShape.Image(3, 67, 67)
            : TensorShape.Image(3, 32, 32), 10);

    private static TheoryData<string, OptimizerKind> Cases(Func<long, bool> of, OptimizerKind[] optimizers)
    {
        var cases = new TheoryData<string, OptimizerKind>();
        foreach (var known in Names.Where(known => of(known.Weights)))
        {
            foreach (var optimizer in optimizers)
                cases.Add(known.Name, optimizer);
        }

        return cases;
    }

    /// <summary>Stages that no built-in network has, or not in this order.</summary>
    [Theory]
    [InlineData("conv 5 3x3 sigmoid | conv 4 3x3 | flatten | dense")]
    [InlineData("batch_norm | conv 5 3x3 tanh | batch_norm | sigmoid | conv 4 3x3 stride 2 | flatten | dense")]
    [InlineData("max_pool 3 stride 2 | conv 20 3x3 tanh | batch_norm | avg_pool 3 stride 2 same | flatten | dense")]
    [InlineData("tanh | dropout 0.1 | bottleneck 4 tanh | dropout 0.3 | residual 20 gelu stride 2 | flatten | dense")]
    [InlineData("residual 4 sigmoid | residual 9 sigmoid stride 2 pad 1 | global_avg_pool | batch_norm | dense")]
    public void Steps_OtherLayersOnBothEngines_HaveTheSameGradients(string layers)
    {
        foreach (var channels in (int[])[1, 3])
        {
            var plan = Small.Plan(layers, TensorShape.Image(channels, 17, 14), 10);
            foreach (var optimizer in s_two)
                AssertSame(plan, optimizer, samples: 6);
        }
    }

    private static void AssertSame(string name, OptimizerKind optimizer, int samples) =>
        AssertSame(PlanOf(BuiltInArchitectures.All.Single(known => known.Name == name)), optimizer, samples);

    private static void AssertSame(NetworkShape plan, OptimizerKind optimizer, int samples)
    {
        var (first, last, differences) = Train(plan, optimizer, samples);

        Assert.Equal(Steps, differences.Count);
        // In a step rounding may turn some relu of a large network on or off.
        Assert.InRange(differences.Order().ElementAt(Steps / 2), 0, Share);
        Assert.All(differences, difference => Assert.InRange(difference, 0, 50 * Share));
        // The rule did something, so that the gradients are those of different weights.
        Assert.True(Distance(first, last) > LeastMoved, $"moved by {Distance(first, last)} of the norm");
    }

    // At the common rates two samples make the large ones diverge, and the smallest rounding grows with them.
    private static double RateOf(NetworkShape plan, OptimizerKind optimizer) =>
        (optimizer, plan.Architecture.Name) switch
        {
            (OptimizerKind.Sgd, "cnn-fashion") => 0.001,
            (OptimizerKind.Adam or OptimizerKind.Nadam, "cnn-fashion") => 0.00001,
            (OptimizerKind.Adadelta, _) => 1,
            (OptimizerKind.Sgd, _) => 0.01,
            _ => 0.001,
        } * (plan.Weights >= Many ? 0.01 : 1);

    private static double Distance(float[] one, float[] other) => Math.Sqrt(
        one.Zip(other, (a, b) => (double)(a - b) * (a - b)).Sum() / one.Sum(value => (double)value * value));

    /// <summary>Trains on the native engine; the other network gets its weights before each step.</summary>
    private static (float[] First, float[] Last, IReadOnlyList<double> Differences) Train(
        NetworkShape plan, OptimizerKind optimizer, int samples)
    {
        using var native = NetworkFactory.Create(EngineKind.Native, plan, Small.Streams, samples);
        using var comparison = new GradientComparison(
            NetworkFactory.Create(EngineKind.Torch, plan, Small.Streams, samples), Steps, new HashSet<int>());
        using var rule = Optimizer.Create(
            new()
            {
                Architecture = "any",
                LearningRate = RateOf(plan, optimizer),
                BatchSize = samples,
                Epochs = 1,
                Optimizer = optimizer,
                Momentum = optimizer is OptimizerKind.Sgd or OptimizerKind.RmsProp ? 0.9 : null,
            },
            native.Weights.Length);
        using var batch = new Batch(Small.Classes(4 * samples, (int)plan.Input.Size, 10), samples);
        InitialWeights.Fill(native, InitializerKind.HeNormal, Small.Streams);
        var first = Weights(native);
        var loss = Loss.Create(LossKind.CrossEntropy);
        native.BeginEpoch(1);
        for (var step = 0; step < Steps; step++)
        {
            batch.Fill([.. Enumerable.Range(step % 4 * samples, samples)]);
            loss.ScoreWithGradient(native.Forward(batch, learning: true), batch, native.OutputGradient);
            native.Backward();
            comparison.Compare(native, loss, batch);
            rule.Step(native.Weights, native.Gradients);
        }

        return (first, Weights(native), comparison.Differences);
    }

    private static float[] Weights(Network network) =>
    [
        .. network.ParameterPlaces.SelectMany(place =>
        {
            var values = new float[place.Shape.Size];
            place.CopyFrom(network.Weights.Span, values);
            return values;
        }),
    ];
}
