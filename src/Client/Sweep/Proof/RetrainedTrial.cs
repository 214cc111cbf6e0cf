using Sweeps.Core.Sweeps;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>A trial's result beside that of training it again.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Recorded">What the log has.</param>
/// <param name="Again">What came out now.</param>
internal sealed record RetrainedTrial(TrialId Trial, TrialResult Recorded, TrialResult Again)
{
    /// <summary>Whether weights, losses and metrics are equal to the last bit.</summary>
    public bool IsEqual => Recorded.WeightsDigest == Again.WeightsDigest
        && Recorded.Outcome == Again.Outcome
        && Recorded.Epochs == Again.Epochs
        && Bits(Recorded).SequenceEqual(Bits(Again));

    // NaN is equal to NaN here.
    private static IEnumerable<long> Bits(TrialResult result) =>
        ((double[])[
            result.TrainLoss, result.TrainMetric, result.ValidationLoss, result.ValidationMetric,
            result.Test?.Loss ?? 0, result.Test?.Metric ?? 0,
        ]).Select(BitConverter.DoubleToInt64Bits);
}
