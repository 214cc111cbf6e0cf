using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// The engines check each other: the same request on both gives the same curves, but for rounding. Rounding grows with
/// the steps, so that few are taken, with small learning rates.
/// </summary>
public sealed class EngineTests
{
    private const string Dense = "flatten | dense 32 relu | dropout 0.3 | dense";
    private const string Staged = "conv 8 5x5 relu | max_pool 2 | dropout 0.2 | flatten | dense";
    private const string Normalised =
        "conv 4 5x5 stride 2 | batch_norm | relu | residual 6 stride 2 | dropout 0.2 | avg_pool 2 | flatten | dense";
    private const double LossTolerance = 1e-4;

    // Equal values in a window are rounded apart by one engine and not by the other: another of them is the largest.
    private const double DeepTolerance = 2e-3;

    private static readonly Trainer s_trainer = new(new DataSets(new DataFolders()));

    public static TheoryData<string> BuiltIn => new(BuiltInArchitectures.All
        .Where(known => known.Data == "mnist" && known.Weights < 1_000_000
            && NativeStages.WhyNot(Small.Plan(known.Name, TensorShape.Image(1, 28, 28), 10)) is null)
        .Select(known => known.Name));

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Train_BuiltInNetworkOnBothEngines_GivesTheSameCurves(string name) =>
        AssertSameCurves(Request(name));

    [Theory]
    [InlineData("cnn-lab")]
    [InlineData("cnn-fashion")]
    public void Train_LargeNetworkOnBothEngines_GivesTheSameCurves(string name) =>
        AssertSameCurves(Request(name) with { SampleLimit = 48 }, DeepTolerance);

    [Theory]
    [InlineData(Dense, OptimizerKind.Sgd, 0.9, true)]
    [InlineData(Staged, OptimizerKind.Sgd, null, false)]
    [InlineData(Dense, OptimizerKind.RmsProp, 0.5, false)]
    [InlineData(Staged, OptimizerKind.RmsProp, null, false)]
    [InlineData(Dense, OptimizerKind.Adagrad, null, false)]
    [InlineData(Staged, OptimizerKind.Adagrad, null, false)]
    [InlineData(Dense, OptimizerKind.Adam, null, false)]
    [InlineData(Staged, OptimizerKind.Adam, null, false)]
    [InlineData(Dense, OptimizerKind.AdamW, null, false)]
    [InlineData(Staged, OptimizerKind.AdamW, null, false)]
    [InlineData(Normalised, OptimizerKind.Adam, null, false)]
    [InlineData(Normalised, OptimizerKind.Sgd, 0.9, false)]
    public void Train_AnyOptimizerOnBothEngines_GivesTheSameCurves(
        string layers, OptimizerKind optimizer, double? momentum, bool nesterov)
    {
        var request = Request(layers);
        AssertSameCurves(request with
        {
            Hyperparameters = request.Hyperparameters with
            {
                Optimizer = optimizer,
                Momentum = momentum,
                Nesterov = nesterov,
                WeightDecay = 0.01,
            },
        });
    }

    [Theory]
    [InlineData(Dense, EngineKind.Torch)]
    [InlineData(Staged, EngineKind.Torch)]
    [InlineData(Dense, EngineKind.Native)]
    [InlineData(Normalised, EngineKind.Native)]
    [InlineData(Normalised, EngineKind.Torch)]
    public void Train_StoppedAndResumedOnAnEngine_GivesTheBitsOfNeverStopped(string layers, EngineKind engine)
    {
        var request = Request(layers) with { Engine = engine };
        var watcher = new Watcher();
        var whole = s_trainer.Train(request, watcher, null, default);

        var resumed = s_trainer.Train(request, new Watcher(), watcher.Checkpoints[0], default);

        Assert.Equal(engine, whole.Engine);
        Assert.Equal(whole.WeightsDigest, resumed.WeightsDigest);
    }

    [Fact]
    public void Train_OnTorchBesideOthers_GivesTheBitsOfAlone()
    {
        var request = Request(Staged) with { Engine = EngineKind.Torch };
        var alone = s_trainer.Train(request, NoObserver.Instance, null, default).WeightsDigest;
        var digests = new string[3];

        var threads = digests.Select((_, i) => new Thread(() => digests[i] = s_trainer.Train(
            request with { Engine = i == 1 ? EngineKind.Native : EngineKind.Torch }, NoObserver.Instance, null,
            default).WeightsDigest)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal([alone, alone], [digests[0], digests[2]]);
        Assert.NotEqual(alone, digests[1]);
    }

    /// <summary>Each engine lays its weights out in its own way.</summary>
    [Theory]
    [InlineData(Dense)]
    [InlineData("lenet-5")]
    [InlineData(Normalised)]
    public void Train_FromACheckpointOfTheOtherEngine_IsRefused(string layers)
    {
        var watcher = new Watcher();
        s_trainer.Train(Request(layers), watcher, null, default);

        var error = Assert.Throws<TrainingException>(() => s_trainer.Train(
            Request(layers) with { Engine = EngineKind.Torch }, new Watcher(), watcher.Checkpoints[0], default));

        Assert.Equal(TrainingFailure.Checkpoint, error.Kind);
    }

    [Fact]
    public void Train_OnNativeWithALayerWithoutAStage_NamesTheLayer()
    {
        var error = Assert.Throws<TrainingException>(() => s_trainer.Train(
            Request("conv 4 3x3 | layer_norm | flatten | dense") with { Engine = EngineKind.Native }, new Watcher(),
            null, default));

        Assert.Equal(TrainingFailure.Network, error.Kind);
        Assert.Contains("layer 2 'layer_norm'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What a sweep that was planned by the first stages says: lenet-5's average pools had none.</summary>
    [Fact]
    public void Train_ByTheFirstStages_GoesOnOnTorch()
    {
        var request = Request("lenet-5") with { Stages = StageSet.First };
        var planned = s_trainer.Train(request, NoObserver.Instance, null, default);
        var watcher = new Watcher();
        var torch = s_trainer.Train(request with { Engine = EngineKind.Torch }, watcher, null, default);

        Assert.Equal(EngineKind.Torch, planned.Engine);
        Assert.Equal(torch.WeightsDigest, planned.WeightsDigest);
        // It is one training, so that its checkpoint serves both.
        var resumed = s_trainer.Train(request, new Watcher(), watcher.Checkpoints[0], default);
        Assert.Equal(torch.WeightsDigest, resumed.WeightsDigest);
        // Nor do masks change: they are drawn channels first where torch alone trained once.
        var masked = Request("conv 4 5x5 | batch_norm | dropout 0.5 | flatten | dense") with
        {
            Engine = EngineKind.Torch,
        };
        Assert.Equal(
            s_trainer.Train(masked with { Stages = StageSet.First }, NoObserver.Instance, null, default).WeightsDigest,
            s_trainer.Train(masked, NoObserver.Instance, null, default).WeightsDigest);
        Assert.Throws<TrainingException>(() => s_trainer.Train(
            request with { Engine = EngineKind.Native }, NoObserver.Instance, null, default));
    }

    [Theory]
    [InlineData(Dense, EngineKind.Auto, "native")]
    [InlineData(Dense, EngineKind.Torch, "torch")]
    [InlineData("lenet-5", EngineKind.Auto, "native")]
    [InlineData(Normalised, EngineKind.Auto, "native")]
    [InlineData(Normalised, EngineKind.Torch, "torch")]
    public void Train_AnyEngine_IsNamedInTheModel(string layers, EngineKind engine, string name)
    {
        var result = s_trainer.Train(
            Request(layers) with { Engine = engine, KeepModel = true }, new Watcher(), null, default);

        var model = SavedModel.Read(result.Model, "model");
        Assert.Equal(name, model.Metadata["engine"]);
        using var loaded = new LoadedNetwork(model);
        Assert.Equal(10, loaded.Outputs);
    }

    private static void AssertSameCurves(TrainingRequest request, double tolerance = LossTolerance)
    {
        var native = s_trainer.Train(request with { Engine = EngineKind.Native }, NoObserver.Instance, null, default);
        var torch = s_trainer.Train(request with { Engine = EngineKind.Torch }, NoObserver.Instance, null, default);

        Assert.Equal((EngineKind.Native, EngineKind.Torch), (native.Engine, torch.Engine));
        Assert.NotEqual(native.WeightsDigest, torch.WeightsDigest);
        foreach (var (mine, its) in native.Epochs.Zip(torch.Epochs))
        {
            Assert.InRange(Math.Abs(mine.TrainLoss - its.TrainLoss), 0, tolerance * its.TrainLoss);
            Assert.InRange(Math.Abs(mine.ValidationLoss - its.ValidationLoss), 0, tolerance * its.ValidationLoss);
            Assert.InRange(Math.Abs(mine.ValidationMetric - its.ValidationMetric), 0, 0.02);
        }
    }

    private static TrainingRequest Request(string layers) => new()
    {
        Data = "digits",
        Split = Split.KFold(3, 0),
        Seed = 3,
        SampleLimit = 240,
        Stages = NativeStages.Newest,
        Hyperparameters = new()
        {
            Architecture = layers,
            LearningRate = 0.001,
            BatchSize = 16,
            Epochs = 2,
        },
    };
}
