using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Trainings;
using Sweeps.Training.Runs;

namespace Sweeps.Training.Checkpoints;

/// <summary>The state of a training between two epochs: with the request, all that it takes to go on.</summary>
/// <param name="Request">Digest of what decides the numbers; another request cannot go on from it.</param>
/// <param name="Weights">The flat weights, padding included.</param>
/// <param name="Statistics">The running statistics.</param>
/// <param name="OptimizerSteps">Steps done.</param>
/// <param name="OptimizerStates">The optimizer's flat buffers.</param>
/// <param name="Epochs">The reports of the epochs done; their number is the epoch.</param>
/// <param name="Best">
/// Weights and statistics after the best epoch so far, where that is scored; otherwise null.
/// </param>
/// <param name="Together">Most trainings that shared passes in any epoch done; 1: it was alone.</param>
internal sealed record Checkpoint(
    byte[] Request,
    float[] Weights,
    float[] Statistics,
    long OptimizerSteps,
    IReadOnlyList<float[]> OptimizerStates,
    IReadOnlyList<EpochReport> Epochs,
    (float[] Weights, float[] Statistics)? Best = null,
    int Together = 1);

/// <summary>
/// What a checkpoint must have been made by: the configuration without its epochs, the data, the split and the seed.
/// </summary>
internal static class RequestDigest
{
    /// <summary>Whether a training can go on from a checkpoint.</summary>
    public static bool IsOf(TrainingSetup setup, Checkpoint checkpoint)
    {
        var made = checkpoint.Request.AsSpan();
        // What is scored by its last epoch can do without the weights of the best one.
        var best = setup.Request with { Score = ScoredEpoch.Best };
        return made.SequenceEqual(Of(setup))
            || (checkpoint.Best is not null && made.SequenceEqual(Of(setup with { Request = best })));
    }

    /// <summary>SHA-256 of all that decides the weights after each epoch.</summary>
    /// <param name="setup">What is trained.</param>
    public static byte[] Of(TrainingSetup setup)
    {
        var request = setup.Request;
        var split = request.Split;
        var text = setup.Configuration + string.Create(
            CultureInfo.InvariantCulture,
            $"data={setup.Data.Digest}\nsplit={split.Kind} {split.Folds} {split.Fold} {split.Fraction:R}\n")
            + string.Create(CultureInfo.InvariantCulture, $"seed={request.Seed}\nlimit={request.SampleLimit}\n");
        // Only where they are not the first: checkpoints of earlier versions stay valid.
        if (split.Repeat > 0 || request.Replicate > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"repeat={split.Repeat} {request.Replicate}\n");
        if (split.Count > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"first={split.Count}\n");
        // A checkpoint for the last epoch has no best weights to restore.
        if (request.Score == ScoredEpoch.Best)
            text += "score=best\n";
        if (request.SampleOrder == SampleOrder.Shared)
            text += "order=shared\n";
        // An engine lays its weights out in its own way. What a network takes by itself was never said.
        return SHA256.HashData(Encoding.UTF8.GetBytes(text + setup.Engine.Text()));
    }
}
