using Sweeps.Core.Training;

namespace Sweeps.Silo;

/// <summary>
/// What this machine's numbers look like: a small fixed training that goes through every kind of kernel. Machines whose
/// digests of its weights are equal give equal results.
/// </summary>
public static class Numerics
{
    private const string Architecture =
        "conv 4 5x5 same relu | max_pool 2 | conv 4 3x3 valid tanh | batch_norm | flatten | dropout 0.25 | dense 17 sigmoid | dense";

    /// <summary>Trains it; well under a second once the digits are drawn.</summary>
    public static SiloNumerics Measure(ITrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var convolutional = Train(trainer, Architecture);
        var dense = Train(trainer, "mlp-33-20");
        return new($"{convolutional[..16]}{dense[..16]}");
    }

    private static string Train(ITrainer trainer, string architecture) => trainer.Train(
        new()
        {
            Data = "digits",
            Hyperparameters = new() { Architecture = architecture, LearningRate = 0.01, BatchSize = 50, Epochs = 1 },
            Split = Split.Holdout(0.25),
            Seed = 20240229,
            SampleLimit = 400,
        },
        new Silent(),
        checkpoint: null,
        CancellationToken.None).WeightsDigest;

    private sealed class Silent : ITrainingObserver
    {
        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint) => null;
    }
}
