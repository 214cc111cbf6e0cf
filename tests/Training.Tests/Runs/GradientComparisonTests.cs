using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Runs;

namespace Sweeps.Training.Tests.Runs;

/// <summary>Both engines' gradients in the steps of one training.</summary>
public sealed class GradientComparisonTests
{
    private const string Cnn =
        "conv 20 3x3 same relu | max_pool 2x2 | dropout 0.2 | conv 24 3x3 relu | max_pool 2x2 | flatten | "
        + "dense 30 relu | dense";

    [Theory]
    [InlineData("mlp-128-128", OptimizerKind.Adam)]
    [InlineData(Cnn, OptimizerKind.Adagrad)]
    [InlineData(Cnn, OptimizerKind.Nadam)]
    public void Gradients_SameWeightsOnBothEngines_DifferByRounding(string architecture, OptimizerKind optimizer)
    {
        var trainer = new Trainer(new(new()));

        foreach (var engine in new[] { EngineKind.Native, EngineKind.Torch })
        {
            var other = engine == EngineKind.Native ? EngineKind.Torch : EngineKind.Native;
            var differences = trainer.CompareGradients(
                Request(architecture, optimizer, engine), Request(architecture, optimizer, other), 5, default);
            Assert.Equal(5, differences.Count);
            Assert.All(differences, difference => Assert.InRange(difference, 1e-9, 1e-5));
        }
    }

    [Fact]
    public void Gradients_FrozenLayersAndFewSteps_AreLeftOut()
    {
        var request = Request(Cnn, OptimizerKind.Sgd, EngineKind.Native);
        request = request with
        {
            Hyperparameters = request.Hyperparameters with { Freeze = "all but 1" },
            SampleLimit = 150,
        };

        // 150 samples less a fifth are 3 steps of 50.
        Assert.Equal(3, new Trainer(new(new())).CompareGradients(
            request, request with { Engine = EngineKind.Torch }, 5, default).Count);
    }

    /// <summary>A derivative that is wrong in some places is seen in every step.</summary>
    [Fact]
    public void Gradients_OfAnotherActivation_AreFarFromIt()
    {
        var sets = new DataSets(new());
        var request = Request("flatten | dense 32 relu | dense", OptimizerKind.Adam, EngineKind.Native);
        var other = Request("flatten | dense 32 leaky_relu 0.01 | dense", OptimizerKind.Adam, EngineKind.Torch);
        using var comparison = new GradientComparison(TrainingSetup.Of(other, sets), 4);
        using var run = new TrainingRun(TrainingSetup.Of(request, sets), TimeProvider.System)
        {
            GradientsComputed = comparison.Compare,
        };

        run.TrainEpoch(comparison, default);

        Assert.Equal(4, comparison.Differences.Count);
        Assert.All(comparison.Differences, difference => Assert.InRange(difference, 1e-3, 1));
    }

    private static TrainingRequest Request(string architecture, OptimizerKind optimizer, EngineKind engine) => new()
    {
        Data = "digits",
        SampleLimit = 400,
        Split = Split.Holdout(0.2),
        Seed = 5,
        Engine = engine,
        Stages = NativeStages.Newest,
        Hyperparameters = new()
        {
            Architecture = architecture,
            Optimizer = optimizer,
            LearningRate = 0.01,
            BatchSize = 50,
            Epochs = 1,
        },
    };
}
