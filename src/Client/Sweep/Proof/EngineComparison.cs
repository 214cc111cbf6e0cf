using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>
/// A trial on its own engine and on another one. Both begin with the same weights, batches and masks and round each sum
/// in their own order. Training enlarges that difference from step to step, until the two are different trainings of
/// the same kind; so gradients are compared closely, in a few steps that begin with the same weights, and the epochs by
/// what two trainings that differ in rounding alone may come to.
/// </summary>
/// <param name="Trial">The trial.</param>
/// <param name="Recorded">The engine that trained it; auto: not recorded.</param>
/// <param name="Again">The engine that trained it now.</param>
/// <param name="Gradients">
/// The norm of the difference between both gradients as a share of the gradient's norm: the median of
/// <see cref="Steps"/> steps. In a single one a pool may find another of two equal values the largest.
/// </param>
/// <param name="Largest">The difference nearest to its tolerance; null: there was no epoch to compare.</param>
/// <param name="Epochs">Epochs compared.</param>
/// <param name="TrainSeconds">Seconds of training now.</param>
internal sealed record EngineComparison(
    TrialId Trial,
    EngineKind Recorded,
    EngineKind Again,
    double Gradients,
    EpochDifference? Largest,
    int Epochs,
    double TrainSeconds)
{
    /// <summary>Steps whose gradients are compared.</summary>
    public const int Steps = 10;

    /// <summary>
    /// What <see cref="Gradients"/> may be. Rounding alone comes to a millionth, in a deep network to two thousandths,
    /// since it turns some relu on or off; a wrong derivative is off by its own size.
    /// </summary>
    public const double GradientsShare = 0.01;

    /// <summary>What training losses (and mean absolute errors) may differ by, as a share of the larger one.</summary>
    public const double TrainShare = 0.5;

    /// <summary>The same of validation losses, which a network that overfits has of few samples.</summary>
    public const double ValidationShare = 1;

    /// <summary>What losses near zero may differ by.</summary>
    public const double LossFloor = 0.02;

    /// <summary>What accuracies may differ by.</summary>
    public const double Accuracy = 0.1;

    /// <summary>The tolerance in words.</summary>
    public static string Tolerance => string.Create(
        CultureInfo.InvariantCulture,
        $"gradients of {Steps} steps within {100 * GradientsShare:0} % of their norm, each epoch's losses within "
            + $"{100 * TrainShare:0} % (validation {100 * ValidationShare:0} %) and {LossFloor}, accuracies within "
            + $"{Accuracy}");

    /// <summary>Whether all agree within the tolerance.</summary>
    public bool Holds => Gradients <= GradientsShare && Largest is { Share: <= 1 };

    /// <summary>Compares epoch by epoch.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="recorded">What the log has of it.</param>
    /// <param name="rows">Its stored epochs, one each; none: its result's epoch stands for them.</param>
    /// <param name="gradients">Of each step, the difference as a share of the gradient's norm.</param>
    /// <param name="again">The same request on another engine.</param>
    /// <param name="task">Decides what the metric is.</param>
    public static EngineComparison Of(
        TrialId trial,
        TrialResult recorded,
        IReadOnlyList<EpochReport> rows,
        IReadOnlyList<double> gradients,
        TrainingResult again,
        TaskKind task)
    {
        if (rows.Count == 0 && recorded.Epochs > 0)
        {
            rows = [new(
                recorded.BestEpoch > 0 ? recorded.BestEpoch : recorded.Epochs, recorded.TrainLoss,
                recorded.TrainMetric, recorded.ValidationLoss, recorded.ValidationMetric, 0, 0, 0, 0)];
        }

        var pairs = rows.Join(again.Epochs, row => row.Epoch, report => report.Epoch, (row, report) => (row, report));
        var differences = pairs.SelectMany(pair => Differences(pair.row, pair.report, task)).ToList();
        return new(
            trial, recorded.Engine, again.Engine, Median(gradients), differences.MaxBy(difference => difference.Share),
            differences.Select(difference => difference.Epoch).Distinct().Count(), again.TrainSeconds);
    }

    /// <summary>Two lines.</summary>
    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Holds ? "within the tolerance" : "DIFFERENT")}: gradients of {Steps} steps differ by "
            + $"{Gradients:0.0e-0} of their norm, {Figures.Seconds(TrainSeconds)} s\n               ")
        + (Largest is not { } largest
            ? "no epoch was recorded to compare with"
            : $"largest difference of {Figures.Count(Epochs, "epoch")}: {Figures.Metric(largest.Recorded)} and "
                + $"{Figures.Metric(largest.Again)} ({largest.What}, epoch {largest.Epoch})");

    /// <summary>For programs.</summary>
    public object Json() => new
    {
        trial = Trial.ToString(),
        holds = Holds,
        recorded_engine = Recorded == EngineKind.Auto ? null : ConfigurationText.Word(Recorded),
        engine = ConfigurationText.Word(Again),
        gradients_difference = Gradients,
        epochs = Epochs,
        largest = Largest is not { } largest ? null : new
        {
            what = largest.What,
            epoch = largest.Epoch,
            recorded = largest.Recorded,
            again = largest.Again,
            difference = Math.Abs(largest.Recorded - largest.Again),
            share_of_tolerance = largest.Share,
        },
        TrainSeconds,
    };

    private static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        // A NaN is the least of all; it must not hide.
        return sorted.Count == 0 || double.IsNaN(sorted[0]) ? double.NaN : sorted[sorted.Count / 2];
    }

    private static IEnumerable<EpochDifference> Differences(EpochReport one, EpochReport other, TaskKind task)
    {
        var metric = task.Quality();
        double? accuracy = task == TaskKind.Regression ? null : Accuracy;
        (string What, double One, double Other, double? Allowed, double LossShare)[] numbers =
        [
            ("training loss", one.TrainLoss, other.TrainLoss, null, TrainShare),
            ("validation loss", one.ValidationLoss, other.ValidationLoss, null, ValidationShare),
            ($"training {metric}", one.TrainMetric, other.TrainMetric, accuracy, TrainShare),
            ($"validation {metric}", one.ValidationMetric, other.ValidationMetric, accuracy, ValidationShare),
        ];
        return from number in numbers
               where !(double.IsNaN(number.One) && double.IsNaN(number.Other))
               let allowed = number.Allowed
                   ?? LossFloor + (number.LossShare * Math.Max(Math.Abs(number.One), Math.Abs(number.Other)))
               let share = Math.Abs(number.One - number.Other) / allowed
               select new EpochDifference(
                   number.What, one.Epoch, number.One, number.Other,
                   double.IsNaN(share) ? double.PositiveInfinity : share);
    }
}

/// <summary>One number of one epoch on two engines.</summary>
/// <param name="What">Which.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Recorded">In the sweep.</param>
/// <param name="Again">On the other engine.</param>
/// <param name="Share">The difference as a share of what is allowed.</param>
internal sealed record EpochDifference(string What, int Epoch, double Recorded, double Again, double Share);
