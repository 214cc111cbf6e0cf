namespace Sweeps.Core.SweepFile.Preview;

/// <summary>What a preview predicts; kept with the sweep, so that its report can set it against what
/// happened.</summary>
/// <param name="Slots">Trials at the same time.</param>
/// <param name="Configurations">Number of configurations.</param>
/// <param name="Trials">Number of trials; the refit not counted.</param>
/// <param name="TrainSeconds">Training seconds of all trials together.</param>
/// <param name="WallSeconds">Seconds from start to end: training and evaluation on all slots, and the refit.</param>
/// <param name="RefitSeconds">The part of <paramref name="WallSeconds"/> that is the refit, as if the dearest
/// configuration won; 0 without one.</param>
/// <param name="MemoryBytes">Memory of the process at most.</param>
/// <param name="DiskBytes">Disk at most, from the first trial to the last.</param>
public sealed record SweepPrediction(
    int Slots,
    int Configurations,
    long Trials,
    double TrainSeconds,
    double WallSeconds,
    double RefitSeconds,
    long MemoryBytes,
    long DiskBytes)
{
    /// <summary>Sets the prediction against fact.</summary>
    /// <param name="trainSeconds">Training seconds of all trials together, as measured.</param>
    /// <param name="wallSeconds">Seconds from start to end; null: the sweep was interrupted, and its clock says
    /// nothing.</param>
    public PredictionCheck Against(double trainSeconds, double? wallSeconds) => new(this, trainSeconds, wallSeconds);
}

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
