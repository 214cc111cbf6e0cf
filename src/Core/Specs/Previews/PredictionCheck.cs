namespace Sweeps.Core.Specs.Previews;

/// <summary>A prediction beside what happened.</summary>
/// <param name="Prediction">What was predicted.</param>
/// <param name="TrainSeconds">Training seconds of all trials together, as measured.</param>
/// <param name="WallSeconds">Seconds from start to end; null: the sweep was interrupted.</param>
public sealed record PredictionCheck(SweepPrediction Prediction, double TrainSeconds, double? WallSeconds)
{
    /// <summary>Measured training seconds over predicted ones: above 1, the sweep took longer; NaN when nothing was
    /// predicted.</summary>
    public double TrainRatio => Ratio(TrainSeconds, Prediction.TrainSeconds);

    /// <summary>Measured seconds over predicted ones; null: the sweep was interrupted.</summary>
    public double? WallRatio => WallSeconds is { } wall ? Ratio(wall, Prediction.WallSeconds) : null;

    private static double Ratio(double fact, double predicted) => predicted > 0 ? fact / predicted : double.NaN;
}
