using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Training;
using Sweeps.Training.Data;

namespace Sweeps.Training.Runs;

/// <summary>What a checkpoint must have been made by: the configuration without its epochs, the data, the split and the seed.</summary>
internal static class RequestDigest
{
    /// <summary>SHA-256 of all that decides the weights after each epoch.</summary>
    public static byte[] Of(TrainingRequest request, DataSet data) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{HyperparametersKey.Canonical(request.Hyperparameters)}data={data.Digest}\nsplit={request.Split.Kind} {request.Split.Folds} {request.Split.Fold} {request.Split.Fraction:R}\nseed={request.Seed}\nlimit={request.SampleLimit}\n")));
}
