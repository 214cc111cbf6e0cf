using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Checkpoints;
using Sweeps.Training.Data;
using Sweeps.Training.Native;

namespace Sweeps.Training.Tests.Networks;

/// <summary>However weights lie at work, checkpoints hold them as they always did.</summary>
public sealed class KeptFormTests
{
    /// <summary>A narrow layer that lies turned, one whose inputs are no whole vectors, and one that is wide.</summary>
    [Fact]
    public void Of_NarrowLayers_IsTheirInputsByOutputsPadded()
    {
        var plan = Small.Plan("flatten | dense 5 relu | dense 70 | dense 9", TensorShape.Image(1, 10, 8), 9);
        using var network = new StagedNetwork(plan, Small.Streams, 1);
        Assert.Equal(
            [true, false, false, false, false, false], network.ParameterPlaces.Select(place => place.IsTurned));
        for (var i = 0; i < network.Weights.Length; i++)
            network.Weights.Span[i] = i;
        var kept = network.Kept.Of(network.Weights.Span);

        Assert.Equal((80 * 16) + 16 + (5 * 80) + 80 + (70 * 16) + 16, kept.Length);
        var weight = new float[5 * 80];
        network.ParameterPlaces[0].CopyFrom(network.Weights.Span, weight);
        for (var i = 0; i < 80 * 16; i++)
            Assert.Equal(i % 16 < 5 ? weight[(i % 16 * 80) + (i / 16)] : 0, kept[i]);
        Assert.Equal(network.Weights.Span[(5 * 80)..].ToArray(), kept[(80 * 16)..]);

        var before = network.Weights.Span.ToArray();
        network.Weights.Span.Clear();
        network.Kept.CopyBack(kept, network.Weights.Span);
        Assert.Equal(before, network.Weights.Span);
    }

    /// <summary>
    /// A digest of what the version before turned layers wrote: weights, moments and best weights, and the norm by
    /// which gradients were clipped is a sum in the order of that form.
    /// </summary>
    [Fact]
    public void Checkpoint_OfANarrowNetwork_HoldsWhatItHeldBefore()
    {
        var request = new TrainingRequest
        {
            Data = "digits",
            Split = Split.KFold(3, 1),
            Seed = 5,
            SampleLimit = 350,
            Score = ScoredEpoch.Best,
            Hyperparameters = new()
            {
                Architecture = "mlp-5",
                LearningRate = 0.01,
                BatchSize = 30,
                Epochs = 3,
                ClipNorm = 0.1,
                Optimizer = OptimizerKind.Adam,
            },
        };
        var trainer = new Trainer(new DataSets(new DataFolders([])));
        var keeper = new Keeper();
        var whole = trainer.Train(request, keeper, null, default);

        var checkpoint = CheckpointFormat.Read(keeper.Checkpoints[^1]);
        float[][] all = [checkpoint.Weights, checkpoint.Statistics, .. checkpoint.OptimizerStates,
            checkpoint.Best!.Value.Weights];
        Assert.Equal([12_656, 0, 12_656, 12_656, 12_656], all.Select(values => values.Length));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var values in all)
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
        Assert.Equal(
            "50690e8d3cc7dbe95572147025cd7d92fa935791440a7a7d824a427a35a7f9ad",
            Convert.ToHexStringLower(hash.GetHashAndReset()));
        Assert.Equal(
            whole.WeightsDigest,
            trainer.Train(request, NoObserver.Instance, keeper.Checkpoints[0], default).WeightsDigest);
    }

    private sealed class Keeper : ITrainingObserver
    {
        public List<byte[]> Checkpoints { get; } = [];

        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint)
        {
            Checkpoints.Add(checkpoint());
            return null;
        }
    }
}
