using Sweeps.Core.Log;
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
/// <param name="ProcessorSeconds">Mean seconds of the processor; NaN: none.</param>
/// <param name="Spread">Two standard errors of it, as a share of it; 0 for a single fold.</param>
public readonly record struct FoldTimes(
    double Seconds, double ReferenceSeconds, double ImagesPerSecond, double ProcessorSeconds, double Spread)
{
    /// <summary>What two calibrations of one machine differ by at most; measured, see docs/measurements.md.</summary>
    private const double CalibrationError = 0.1;

    /// <summary>What processor times of one training differ by on one machine, by what runs beside it.</summary>
    private const double RepetitionError = 0.05;

    /// <summary>
    /// The fewest and the most trainings that a fold's time was a share among, <see cref="TrialResult.Together"/>; 0:
    /// no fold.
    /// </summary>
    public (int Fewest, int Most) Together { get; private init; }

    /// <summary>A fold's time is a share of what several trials took at once: less than it would take alone.</summary>
    public bool AreShares => Together.Most > 1;

    /// <summary>
    /// Why times of configurations are not compared; null: they can be. Those that were trained beside others are
    /// shares of passes, and a share of more is a smaller one of the same work.
    /// </summary>
    public static string? WhyNotComparable(IReadOnlyList<FoldTimes> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        var (fewest, most) = (int.MaxValue, 0);
        for (var index = 0; index < times.Count; index++)
        {
            if (times[index].Together is { Most: > 0 } shares)
                (fewest, most) = (Math.Min(fewest, shares.Fewest), Math.Max(most, shares.Most));
        }

        return most == 0 || fewest == most ? null
            : $"trials were trained {fewest} to {most} at once in a slot, and a share of a larger group is smaller "
                + "for the same work";
    }

    /// <summary>What can be compared of several configurations: one unit for all, each with its error.</summary>
    public static IReadOnlyList<(double Cost, double Error)> Comparable(IReadOnlyList<FoldTimes> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        var isReference = AreReference(times);
        var least = MarginOf(times);
        var costs = new (double Cost, double Error)[times.Count];
        for (var index = 0; index < costs.Length; index++)
        {
            var cost = isReference ? times[index].ReferenceSeconds : times[index].ProcessorSeconds;
            costs[index] = (cost, Math.Max(times[index].Spread, least) * cost);
        }

        return costs;
    }

    /// <summary>Whether <see cref="Comparable"/> are reference seconds, which all of them must have.</summary>
    public static bool AreReference(IReadOnlyList<FoldTimes> times) =>
        times.Count > 0 && times.All(of => double.IsFinite(of.ReferenceSeconds) || !double.IsFinite(of.Seconds));

    /// <summary>
    /// What <see cref="Comparable"/> times may differ by and still be one, as a share of them; more where a
    /// configuration's own folds differ by more.
    /// </summary>
    public static double MarginOf(IReadOnlyList<FoldTimes> times) =>
        AreReference(times) ? CalibrationError : RepetitionError;

    /// <summary>Of one configuration.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="configuration">Its index.</param>
    public static FoldTimes Of(SweepState state, int configuration)
    {
        ArgumentNullException.ThrowIfNull(state);
        const int OnTheStack = 64;
        var folds = state.Plan.TrialsPerConfiguration;
        var processor = folds <= OnTheStack ? stackalloc double[folds] : new double[folds];
        var (count, reference, measured, samples) = (0, 0.0, 0.0, 0L);
        var (fewest, most) = (int.MaxValue, 0);
        for (var fold = 0; fold < folds; fold++)
        {
            ref readonly var cell = ref state.Cell(new(configuration, fold));
            if (!cell.HasResult || cell.Outcome == TrainingOutcome.Diverged)
                continue;
            // What was kept before any trained together is 0.
            var together = Math.Max((int)cell.Together, 1);
            (fewest, most) = (Math.Min(fewest, together), Math.Max(most, together));
            measured += cell.TrainSeconds;
            samples += cell.Samples;
            processor[count] = Processor(in cell);
            reference += processor[count++] * (cell.SiloSpeed is > 0 and not 1 ? cell.SiloSpeed : double.NaN);
        }

        if (count == 0)
            return new(double.NaN, double.NaN, 0, double.NaN, 0);
        var (mean, deviation) = FoldScores.MeanAndDeviation(processor[..count]);
        return new(
            measured / count,
            reference / count,
            measured > 0 ? samples / measured : 0,
            mean,
            count < 2 || mean <= 0 ? 0 : 2 * deviation / Math.Sqrt(count) / mean)
        {
            Together = (fewest, most),
        };
    }

    private static double Processor(in TrialCell cell) =>
        cell.CpuSeconds > 0 && cell.Threads <= 1 ? cell.CpuSeconds : cell.TrainSeconds;
}
