using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Training;
using Sweeps.Training.Data;

namespace Sweeps.Training.Checkpoints;

/// <summary>
/// What a checkpoint must have been made by: the configuration without its epochs, the data, the split and the seed.
/// </summary>
internal static class RequestDigest
{
    /// <summary>SHA-256 of all that decides the weights after each epoch.</summary>
    public static byte[] Of(TrainingRequest request, DataSet data)
    {
        var split = request.Split;
        var text = HyperparametersKey.Canonical(request.Hyperparameters) + string.Create(
            CultureInfo.InvariantCulture,
            $"data={data.Digest}\nsplit={split.Kind} {split.Folds} {split.Fold} {split.Fraction:R}\n")
            + string.Create(CultureInfo.InvariantCulture, $"seed={request.Seed}\nlimit={request.SampleLimit}\n");
        return SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }
}
