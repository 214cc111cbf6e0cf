namespace Sweeps.Core.Training;

/// <summary>What one epoch of a training gave. Losses and metrics are means over samples; NaN marks a set that is
/// empty.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainLoss">Mean loss over the epoch's batches, each measured before its step (as Keras reports
/// it).</param>
/// <param name="TrainMetric">Accuracy in [0, 1] (classification) or mean absolute error (regression), measured
/// likewise.</param>
/// <param name="ValidationLoss">Mean loss over the validation set after the epoch; NaN without one.</param>
/// <param name="ValidationMetric">Accuracy or mean absolute error over the validation set; NaN without one.</param>
/// <param name="TrainSeconds">Wall seconds of this epoch's training alone: no evaluation, no checkpoint.</param>
/// <param name="EvaluationSeconds">Wall seconds of this epoch's evaluation.</param>
/// <param name="CpuSeconds">CPU seconds of the training thread in this epoch's training; more wall than CPU means
/// disturbed.</param>
/// <param name="Samples">Samples learned from in this epoch.</param>
public sealed record EpochReport(
    int Epoch,
    double TrainLoss,
    double TrainMetric,
    double ValidationLoss,
    double ValidationMetric,
    double TrainSeconds,
    double EvaluationSeconds,
    double CpuSeconds,
    int Samples)
{
    /// <summary>Samples learned from in a second of training.</summary>
    public double ImagesPerSecond => TrainSeconds > 0 ? Samples / TrainSeconds : 0;
}
