using Sweeps.Core.Trainings;

namespace Sweeps.Grains.Contracts;

/// <summary><see cref="EpochReport"/> in a form that travels between silos; its members mean the same.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainLoss">Mean training loss.</param>
/// <param name="TrainMetric">Training accuracy or mean absolute error.</param>
/// <param name="ValidationLoss">Validation loss; NaN without one.</param>
/// <param name="ValidationMetric">Validation accuracy or mean absolute error; NaN without one.</param>
/// <param name="TrainSeconds">Wall seconds of training.</param>
/// <param name="EvaluationSeconds">Wall seconds of evaluation.</param>
/// <param name="CpuSeconds">CPU seconds of the training thread.</param>
/// <param name="Samples">Samples learned from.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.EpochNumbers")]
public sealed record EpochNumbers(
    [property: Id(0)] int Epoch,
    [property: Id(1)] double TrainLoss,
    [property: Id(2)] double TrainMetric,
    [property: Id(3)] double ValidationLoss,
    [property: Id(4)] double ValidationMetric,
    [property: Id(5)] double TrainSeconds,
    [property: Id(6)] double EvaluationSeconds,
    [property: Id(7)] double CpuSeconds,
    [property: Id(8)] int Samples)
{
    /// <summary>From the trainer's report.</summary>
    public static EpochNumbers From(EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new(
            report.Epoch, report.TrainLoss, report.TrainMetric, report.ValidationLoss, report.ValidationMetric,
            report.TrainSeconds, report.EvaluationSeconds, report.CpuSeconds, report.Samples);
    }

    /// <summary>Back to the trainer's report.</summary>
    public EpochReport ToReport() => new(
        Epoch, TrainLoss, TrainMetric, ValidationLoss, ValidationMetric, TrainSeconds, EvaluationSeconds, CpuSeconds,
        Samples);
}
