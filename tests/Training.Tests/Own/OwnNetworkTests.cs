using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Optimizers;
using Sweeps.Training.Own;
using Sweeps.Training.SavedModels;
using Sweeps.Training.Torch;

namespace Sweeps.Training.Tests.Own;

/// <summary>Networks of a user's own code: those of examples/own-network.</summary>
public sealed class OwnNetworkTests
{
    private const int Rows = 9;

    private static readonly string s_path = FindExample();
    private static readonly DataFile s_file = OwnAssemblies.Add(s_path);

    private static string Mlp { get; } = $"own {s_file.Digest} Own.Mlp width=12";

    private static string Recurrent { get; } = $"own {s_file.Digest} Own.Recurrent dropout=0.3 steps=2 width=12";

    /// <summary>The same layers as a list, on the torch engine: the same weights to start with, and then the same
    /// losses and gradients over steps.</summary>
    [Fact]
    public void Network_OfTheSameLayers_ComputesWhatTheListComputes()
    {
        using var own = new ModuleNetwork(Small.Plan(Mlp, TensorShape.Image(1, 4, 5), 4), Small.Streams, Rows);
        using var list = new AutogradNetwork(
            Small.Plan("flatten | dense 12 relu | dense", TensorShape.Image(1, 4, 5), 4), Small.Streams, Rows);
        Assert.Equal(
            list.ParameterPlaces.Select(p => p.Shape.Dimensions), own.ParameterPlaces.Select(p => p.Shape.Dimensions));
        foreach (var network in (Network[])[own, list])
            InitialWeights.Fill(network, InitializerKind.HeNormal, Small.Streams);
        Assert.Equal(list.Weights.Span, own.Weights.Span);
        using var batch = new Batch(Small.Classes(Rows, 20, 4), Rows);
        var loss = Loss.Create(LossKind.CrossEntropy);
        for (var step = 0; step < 3; step++)
        {
            batch.Fill([.. Enumerable.Range(0, step == 2 ? 5 : Rows)]);
            var losses = new List<double>();
            foreach (var network in (Network[])[own, list])
            {
                var outputs = network.Forward(batch, learning: true);
                losses.Add(loss.ScoreWithGradient(outputs, batch, network.OutputGradient).MeanLoss);
                network.Backward();
                for (var i = 0; i < network.Weights.Length; i++)
                    network.Weights.Span[i] -= 0.5f * network.Gradients.Span[i];
            }

            Assert.Equal(losses[1], losses[0], 1e-6);
            for (var i = 0; i < own.Gradients.Length; i++)
                Assert.Equal(list.Gradients.Span[i], own.Gradients.Span[i], 1e-6);
        }
    }

    /// <summary>A copy of a built-in network, from the same weights, with the same batches: whole curves of two epochs,
    /// and the weights at their end, bit for bit.</summary>
    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Adam)]
    public void Network_ThatCopiesABuiltInOne_HasItsCurvesBitForBit(OptimizerKind optimizer)
    {
        var input = TensorShape.Image(1, 28, 28);
        using var own = new ModuleNetwork(
            Small.Plan($"own {s_file.Digest} Own.Mlp width=10", input, 10), Small.Streams, 16);
        using var list = new AutogradNetwork(Small.Plan("mlp-10", input, 10), Small.Streams, 16);
        var data = Small.Classes(120, 784, 10);
        var curves = new Network[] { own, list }.Select(network =>
        {
            InitialWeights.Fill(network, InitializerKind.HeNormal, Small.Streams);
            return Curve(network, data, optimizer);
        }).ToList();

        Assert.Equal(20, curves[0].Count);
        Assert.Equal(curves[1], curves[0]);
        Assert.True(curves[0][^1] < curves[0][0], "nothing was learned");
        Assert.Equal(list.Weights.Span, own.Weights.Span);
    }

    private static List<double> Curve(Network network, DataPart data, OptimizerKind optimizer)
    {
        using var batch = new Batch(data, 16);
        var hyperparameters = new Hyperparameters
        {
            Architecture = "mlp-10",
            LearningRate = 0.01,
            BatchSize = 12,
            Epochs = 2,
            Optimizer = optimizer,
        };
        using var rule = Optimizer.Create(hyperparameters, network.Weights.Length);
        var loss = Loss.Create(LossKind.CrossEntropy);
        var losses = new List<double>();
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            network.BeginEpoch(epoch);
            for (var first = 0; first < data.Count; first += 12)
            {
                batch.Fill([.. Enumerable.Range(first, 12)]);
                var outputs = network.Forward(batch, learning: true);
                losses.Add(loss.ScoreWithGradient(outputs, batch, network.OutputGradient).MeanLoss);
                network.Backward();
                rule.Step(network.Weights, network.Gradients, 1);
            }
        }

        return losses;
    }

    /// <summary>Dropout of a module draws from libtorch's one generator: four trainings at the same time and one alone
    /// end in the same bits, and so does one that goes on from a checkpoint, with its running statistics.</summary>
    [Fact]
    public void Train_ModuleWithDropout_GivesTheSameBitsAtOnceAloneAndResumed()
    {
        var trainer = new Trainer(new DataSets(new DataFolders([])));
        var alone = Train(trainer, Recurrent, 1, out _);
        var other = Train(trainer, Recurrent, 2, out _);
        Assert.NotEqual(alone, other);

        var together = new string[4];
        Parallel.For(
            0, 4, new() { MaxDegreeOfParallelism = 4 },
            i => together[i] = Train(trainer, Recurrent, 1 + (i % 2), out _));
        Assert.Equal([alone, other, alone, other], together);

        Train(trainer, Recurrent, 1, out var checkpoint, stopAfter: 1);
        Assert.Equal(alone, Train(trainer, Recurrent, 1, out _, from: checkpoint));
    }

    [Fact]
    public void SavedModel_OfOwnCode_SaysItsAssemblyAndAnswers()
    {
        var trainer = new Trainer(new DataSets(new DataFolders([])));
        var request = Request(Recurrent, 1) with { KeepModel = true, EvaluateTest = true };
        var result = trainer.Train(request, NoObserver.Instance, null, default);
        var model = SavedModel.Read(result.Model!, "'model'");

        Assert.Equal("OwnNetwork.dll", model.Metadata["assembly"]);
        Assert.Equal(Recurrent, model.Metadata["architecture"]);
        var data = new DataSets(new DataFolders([])).Load(new DataRequest("digits"));
        using var network = new LoadedNetwork(model);
        var answers = network.Ask(data.Test, [.. Enumerable.Range(0, data.Test.Count)]);
        Assert.Equal(result.Test!.Metric, answers.Metric, 1e-9);
    }

    [Fact]
    public void Plan_OfOwnCode_HasTheModulesWeightsAndStatistics()
    {
        var plan = Small.Plan(Recurrent, TensorShape.Flat(20), 4);

        // 20 x 12 + 12, 12 x 12 + 12, gamma and beta, 12 x 4 + 4; a mean, a variance each and the number of batches.
        Assert.Equal(252 + 156 + 24 + 52, plan.Weights);
        Assert.Equal(25, plan.Statistics);
        Assert.Equal(TensorShape.Flat(4), plan.Layers[0].Output);
    }

    [Theory]
    [InlineData("Own.Nlp width=12", "has no network 'Own.Nlp'", "Own.Mlp, Own.Recurrent")]
    [InlineData("Own.Mlp", "has no constructor for ()", "Int64[] inputShape, Int32 outputs, Int32 width")]
    [InlineData("Own.Mlp width=1.5", "has no constructor for (width=1.5)", "Arguments are int")]
    [InlineData("Own.Mlp depth=1 width=2", "has no constructor", "inputShape")]
    [InlineData("Own.Mlp width=-3", "could not be made", "")]
    public void Plan_WrongNetwork_SaysWhatThereIs(string network, string problem, string advice)
    {
        var error = Assert.Throws<SweepsException>(
            () => Small.Plan($"own {s_file.Digest} {network}", TensorShape.Flat(20), 4));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_WhatIsNoAssembly_IsRefused()
    {
        Assert.Contains(
            "is no .NET assembly",
            Assert.Throws<SweepsException>(() => OwnAssemblies.Add("x.dll", [1, 2, 3, 4])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "There is no assembly",
            Assert.Throws<SweepsException>(() => OwnAssemblies.Add("/nowhere/x.dll")).Message,
            StringComparison.Ordinal);
        // Ours needs more than .NET and TorchSharp.
        Assert.Contains(
            "does not travel with it",
            Assert.Throws<SweepsException>(() => OwnAssemblies.Add(typeof(OwnNetworkTests).Assembly.Location)).Message,
            StringComparison.Ordinal);
        var large = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenWrite(large))
                file.SetLength(OwnAssemblies.BytesMax + 1);
            Assert.Contains(
                "at most 64 MB", Assert.Throws<SweepsException>(() => OwnAssemblies.Add(large)).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(large);
        }
    }

    [Fact]
    public async Task Prepare_WithoutLeave_RefusesAndReadsNothing()
    {
        var asked = false;
        var error = await Assert.ThrowsAsync<SweepsException>(() => OwnAssemblies.PrepareAsync(
            [s_file], runs: false,
            (_, _) =>
            {
                asked = true;
                return Task.FromResult<byte[]?>(null);
            }, default));
        Assert.Contains("--allow-assemblies", error.Message, StringComparison.Ordinal);
        Assert.False(asked);
        var missing = await Assert.ThrowsAsync<SweepsException>(() => OwnAssemblies.PrepareAsync(
            [new("gone.dll", new string('a', 64), 5)], runs: true, (_, _) => Task.FromResult<byte[]?>(null), default));
        Assert.Contains("neither here nor in the store", missing.Message, StringComparison.Ordinal);
        var damaged = await Assert.ThrowsAsync<SweepsException>(() => OwnAssemblies.PrepareAsync(
            [new("gone.dll", new string('a', 64), 1)], runs: true, (_, _) => Task.FromResult<byte[]?>([7]), default));
        Assert.Contains("is damaged", damaged.Message, StringComparison.Ordinal);
    }

    private static string Train(
        Trainer trainer, string network, long seed, out byte[]? checkpoint, int? stopAfter = null, byte[]? from = null)
    {
        var keeper = new Keeper(stopAfter);
        var result = trainer.Train(
            Request(network, seed), keeper, from is null ? null : (ReadOnlyMemory<byte>?)from, default);
        checkpoint = keeper.Checkpoint;
        return result.WeightsDigest;
    }

    private static TrainingRequest Request(string network, long seed) => new()
    {
        Data = "digits",
        SampleLimit = 200,
        Hyperparameters = new() { Architecture = network, LearningRate = 0.01, BatchSize = 20, Epochs = 3 },
        Split = Split.KFold(2, 0),
        Seed = seed,
    };

    private static string FindExample()
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = place.Parent!.Name;
        while (!File.Exists(Path.Combine(place.FullName, "Sweeps.sln")))
            place = place.Parent!;
        return Path.Combine(
            place.FullName, "examples", "own-network", "bin", configuration, "net10.0", "OwnNetwork.dll");
    }

    private sealed class Keeper(int? stopAfter) : ITrainingObserver
    {
        public byte[]? Checkpoint { get; private set; }

        public string? StopReason => null;

        public void Resumed(int epochs)
        {
        }

        public void BatchesDone(int epoch, int samples, int total)
        {
        }

        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint)
        {
            Checkpoint = checkpoint();
            return report.Epoch == stopAfter ? "the test stops here" : null;
        }
    }
}
