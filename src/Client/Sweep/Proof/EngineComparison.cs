using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Sweep.Proof;

/// <summary>
/// A trial on its own engine and on another one. Both begin with the same weights, batches and masks and round each sum
/// in their own order. Training enlarges that difference from step to step, with a large learning rate until the two
/// are different trainings of the same kind; so the weights after a few steps are compared closely, and the epochs by
/// what two trainings that differ in rounding alone may come to.
/// </summary>
/// <param name="Trial">The trial.</param>
/// <param name="Recorded">The engine that trained it; auto: not recorded.</param>
/// <param name="Again">The engine that trained it now.</param>
/// <param name="Weights">
/// The norm of the difference between the weights after <see cref="Steps"/> steps, as a share of their norm.
/// </param>
/// <param name="Largest">The difference nearest to its tolerance; null: there was no epoch to compare.</param>
/// <param name="Epochs">Epochs compared.</param>
/// <param name="TrainSeconds">Seconds of training now.</param>
internal sealed record EngineComparison(
    TrialId Trial,
    EngineKind Recorded,
    EngineKind Again,
    double Weights,
    EpochDifference? Largest,
    int Epochs,
    double TrainSeconds)
{
    /// <summary>Steps after which weights are compared.</summary>
    public const int Steps = 10;

    /// <summary>What <see cref="Weights"/> may be: a thousand times the rounding of one number.</summary>
    public const double WeightsShare = 1e-4;

    /// <summary>
    /// What <see cref="FirstStep"/> may be, where the ten steps are apart by more: rounding turns some relu of a deep
    /// network on or off, which ten steps enlarge beyond any bound. A wrong gradient is off by its own size.
    /// </summary>
    public const double FirstStepShare = 0.1;

    /// <summary>What training losses (and mean absolute errors) may differ by, as a share of the larger one.</summary>
    public const double TrainShare = 0.25;

    /// <summary>The same of validation losses, which a network that overfits has of few samples.</summary>
    public const double ValidationShare = 0.5;

    /// <summary>What losses near zero may differ by.</summary>
    public const double LossFloor = 0.02;

    /// <summary>What accuracies may differ by.</summary>
    public const double Accuracy = 0.05;

    /// <summary>The tolerance in words.</summary>
    public static string Tolerance => string.Create(
        CultureInfo.InvariantCulture,
        $"weights after {Steps} steps within {WeightsShare:0e-0} of their norm, or after the first within "
            + $"{100 * FirstStepShare:0} % of what it changed; then each epoch's losses within "
            + $"{100 * TrainShare:0} % (validation {100 * ValidationShare:0} %) and {LossFloor}, accuracies within "
            + $"{Accuracy}");

    /// <summary>
    /// By how much the weights differ after the first step, as a share of what it changed; null: not asked, since ten
    /// steps agree.
    /// </summary>
    public double? FirstStep { get; init; }

    /// <summary>Whether all agree within the tolerance.</summary>
    public bool Holds =>
        (Weights <= WeightsShare || FirstStep <= FirstStepShare) && Largest is { Share: <= 1 };

    /// <summary>Compares epoch by epoch.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="recorded">What the log has of it.</param>
    /// <param name="rows">Its stored epochs, one each; none: its result's epoch stands for them.</param>
    /// <param name="weights">As <see cref="Weights"/>.</param>
    /// <param name="again">The same request on another engine.</param>
    /// <param name="task">Decides what the metric is.</param>
    public static EngineComparison Of(
        TrialId trial,
        TrialResult recorded,
        IReadOnlyList<EpochReport> rows,
        double weights,
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
            trial, recorded.Engine, again.Engine, weights, differences.MaxBy(difference => difference.Share),
            differences.Select(difference => difference.Epoch).Distinct().Count(), again.TrainSeconds);
    }

    /// <summary>The share by which the tensors of two models of one network differ, in the Euclidean norm.</summary>
    public static double Distance(SavedModel one, SavedModel other)
    {
        var difference = SquaresOf(one, other, all: true);
        return difference == 0 ? 0 : Math.Sqrt(difference / one.Tensors.Sum(
            tensor => tensor.Values.Sum(value => (double)value * value)));
    }

    /// <summary>By how much two models differ, as a share of what made one of a third; weights alone.</summary>
    public static double ShareOfStep(SavedModel before, SavedModel one, SavedModel other)
    {
        var difference = SquaresOf(one, other, all: false);
        return difference == 0 ? 0 : Math.Sqrt(difference / SquaresOf(before, one, all: false));
    }

    // Running statistics move by themselves.
    private static double SquaresOf(SavedModel one, SavedModel other, bool all) => one.Tensors.Zip(other.Tensors)
        .Where(pair => all || !pair.First.Name.Contains(".running_", StringComparison.Ordinal))
        .Sum(pair => pair.First.Values.Zip(
            pair.Second.Values, (mine, its) => ((double)mine - its) * ((double)mine - its)).Sum());

    /// <summary>Two lines.</summary>
    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Holds ? "within the tolerance" : "DIFFERENT")}: weights after {Steps} steps differ by "
            + $"{Weights:0.0e-0} of their norm, ")
        + (FirstStep is { } share
            ? string.Create(CultureInfo.InvariantCulture, $"after the first by {share:0.0 %} of what it changed, ")
            : "")
        + $"{Figures.Seconds(TrainSeconds)} s\n               "
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
        weights_difference = Weights,
        first_step_difference = FirstStep,
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
