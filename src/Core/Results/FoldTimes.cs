using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>
/// What the folds of a configuration took. Measured seconds are what they are; reference seconds compare silos: the
/// processor's seconds, which others on the machine hardly change, by the silo's speed. Diverged folds are left out.
/// </summary>
/// <param name="Seconds">Mean training seconds of a fold, as measured; NaN: none.</param>
/// <param name="ReferenceSeconds">
/// The same in seconds on the reference machine; NaN: a silo of them has no known speed, as on a folder.
/// </param>
/// <param name="ImagesPerSecond">Samples learned from in a measured second; 0: none.</param>
/// <param name="Cost">What the front compares: reference seconds, or the processor's where there are none.</param>
/// <param name="Error">How far <paramref name="Cost"/> may be off, to either side.</param>
public readonly record struct FoldTimes(
    double Seconds, double ReferenceSeconds, double ImagesPerSecond, double Cost, double Error)
{
    /// <summary>What two calibrations of one machine differ by at most; measured, see docs/measurements.md.</summary>
    private const double CalibrationError = 0.1;

    /// <summary>What processor times of one training differ by on one machine, by what runs beside it.</summary>
    private const double RepetitionError = 0.05;

    /// <summary>Of one configuration.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="configuration">Its index.</param>
    public static FoldTimes Of(SweepState state, int configuration)
    {
        ArgumentNullException.ThrowIfNull(state);
        var (costs, measured, samples, hasSpeeds) = (new List<double>(), 0.0, 0L, true);
        for (var fold = 0; fold < state.Plan.TrialsPerConfiguration; fold++)
        {
            ref readonly var cell = ref state.Cell(new(configuration, fold));
            if (!cell.HasResult || cell.Outcome == TrainingOutcome.Diverged)
                continue;
            hasSpeeds &= cell.SiloSpeed is > 0 and not 1;
            measured += cell.TrainSeconds;
            samples += cell.Samples;
            costs.Add(Processor(in cell) * (cell.SiloSpeed > 0 ? cell.SiloSpeed : 1));
        }

        if (costs.Count == 0)
            return new(double.NaN, double.NaN, 0, double.NaN, 0);
        var (mean, deviation) = FoldScores.MeanAndDeviation([.. costs]);
        var spread = costs.Count < 2 ? 0 : 2 * deviation / Math.Sqrt(costs.Count);
        var error = Math.Max(spread, (hasSpeeds ? CalibrationError : RepetitionError) * mean);
        return new(
            measured / costs.Count, hasSpeeds ? mean : double.NaN, measured > 0 ? samples / measured : 0, mean, error);
    }

    private static double Processor(in TrialCell cell) =>
        cell.CpuSeconds > 0 && cell.Threads <= 1 ? cell.CpuSeconds : cell.TrainSeconds;
}
