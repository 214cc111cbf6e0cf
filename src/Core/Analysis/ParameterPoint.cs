namespace Sweeps.Core.Analysis;

/// <summary>One point of a <see cref="ParameterCurve"/>.</summary>
/// <param name="Value">The parameter's value.</param>
/// <param name="Mean">Mean of the metric over folds of the best configuration with that value.</param>
/// <param name="Deviation">Its sample standard deviation; NaN for a hold-out split.</param>
/// <param name="TrainSeconds">Its training seconds for one fold.</param>
/// <param name="Configuration">Its index.</param>
public readonly record struct ParameterPoint(
    double Value, double Mean, double Deviation, double TrainSeconds, int Configuration);
