using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Optimizers;
using Sweeps.Training.Runs;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// Every built-in network that both engines train, with every optimizer: ten steps from the same weights, with the same
/// samples and masks. The weights agree within a ten-thousandth of their norm, which is the bound of <c>verify
/// --engine</c>: rounding gives about a thousandth of that, a wrong gradient or rule a thousand times more
/// (docs/measurements.md, The two engines).
/// </summary>
public sealed class EngineStepTests
{
    private const int Steps = 10;
    private const double Share = 1e-4;
    private const long Most = 100_000_000;

    public static TheoryData<string, OptimizerKind> OfFewWeights => Cases(weights => weights < 1_000_000);

    public static TheoryData<string, OptimizerKind> OfMoreWeights =>
        Cases(weights => weights is >= 1_000_000 and < Most);

    public static TheoryData<string, OptimizerKind> OfManyWeights => Cases(weights => weights >= Most);

    [Theory]
    [MemberData(nameof(OfFewWeights))]
    public void Steps_SmallNetworkOnBothEngines_GiveTheSameWeights(string name, OptimizerKind optimizer) =>
        AssertSame(name, optimizer, samples: 6);

    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(OfMoreWeights))]
    public void Steps_LargeNetworkOnBothEngines_GiveTheSameWeights(string name, OptimizerKind optimizer) =>
        AssertSame(name, optimizer, samples: 2);

    [Theory]
    [Trait("Speed", "nightly")]
    [MemberData(nameof(OfManyWeights))]
    public void Steps_VeryLargeNetworkOnBothEngines_GiveTheSameWeights(string name, OptimizerKind optimizer) =>
        AssertSame(name, optimizer, samples: 2);

    /// <summary>A list that cannot lose a network or a rule unseen.</summary>
    [Fact]
    public void Cases_AllThatBothEnginesTrain_AreThere()
    {
        string[] names = [.. Names.Select(known => known.Name)];
        Assert.Equal(
            [
                "linear", "mlp-5", "mlp-10", "mlp-128-128", "mlp-300-100", "mlp-512x3", "cnn-lab", "cnn-fashion",
                "cnn-cifar", "vgg-16",
            ],
            names);
        Assert.Equal(8, Enum.GetValues<OptimizerKind>().Length);
        Assert.Equal(8 * names.Length, OfFewWeights.Count + OfMoreWeights.Count + OfManyWeights.Count);
    }

    // Of ImageNet's, on pictures of 32x32 and 10 classes: the layers are the same, the dense ones narrower.
    private static IEnumerable<BuiltInArchitecture> Names => BuiltInArchitectures.All.Where(
        known => NativeStages.WhyNot(PlanOf(known)) is null);

    private static NetworkShape PlanOf(BuiltInArchitecture known) => Small.Plan(
        known.Name, known.Data is "mnist" or "fashion-mnist" ? TensorShape.Image(1, 28, 28)
            : known.Name == "alexnet" ? TensorShape.Image(3, 67, 67) : TensorShape.Image(3, 32, 32), 10);

    private static TheoryData<string, OptimizerKind> Cases(Func<long, bool> of)
    {
        var cases = new TheoryData<string, OptimizerKind>();
        foreach (var known in Names.Where(known => of(known.Weights)))
        {
            foreach (var optimizer in Enum.GetValues<OptimizerKind>())
                cases.Add(known.Name, optimizer);
        }

        return cases;
    }

    private static void AssertSame(string name, OptimizerKind optimizer, int samples)
    {
        var plan = PlanOf(BuiltInArchitectures.All.Single(known => known.Name == name));
        var (first, native) = WeightsAfter(EngineKind.Native, plan, optimizer, samples);
        var (again, torch) = WeightsAfter(EngineKind.Torch, plan, optimizer, samples);

        Assert.Equal(first, again);
        Assert.InRange(Distance(native, torch), 0, Share);
        // The rule did something that is much more than the bound.
        Assert.True(Distance(first, native) > 5 * Share, $"moved by {Distance(first, native)} of the norm");
    }

    // At the common rates two samples make cnn-fashion diverge, and the smallest rounding grows with it.
    private static double RateOf(NetworkShape plan, OptimizerKind optimizer) =>
        (optimizer, plan.Architecture.Name) switch
        {
            (OptimizerKind.Adadelta, _) => 1,
            (OptimizerKind.Sgd, "cnn-fashion") => 0.001,
            (OptimizerKind.Sgd, _) => 0.01,
            (OptimizerKind.Adam or OptimizerKind.Nadam, "cnn-fashion") => 0.00001,
            _ => 0.001,
        };

    private static double Distance(float[] one, float[] other) => Math.Sqrt(
        one.Zip(other, (a, b) => (double)(a - b) * (a - b)).Sum() / one.Sum(value => (double)value * value));

    private static (float[] First, float[] Last) WeightsAfter(
        EngineKind engine, NetworkShape plan, OptimizerKind optimizer, int samples)
    {
        var features = (int)plan.Input.Size;
        using var network = NetworkFactory.Create(engine, plan, Small.Streams, samples);
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
            network.Weights.Length);
        using var batch = new Batch(Small.Classes(4 * samples, features, 10), samples);
        InitialWeights.Fill(network, InitializerKind.HeNormal, Small.Streams);
        var first = Weights(network);
        var loss = Loss.Create(LossKind.CrossEntropy);
        network.BeginEpoch(1);
        for (var step = 0; step < Steps; step++)
        {
            batch.Fill([.. Enumerable.Range(step % 4 * samples, samples)]);
            loss.ScoreWithGradient(network.Forward(batch, learning: true), batch, network.OutputGradient);
            network.Backward();
            rule.Step(network.Weights, network.Gradients);
        }

        return (first, Weights(network));
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
