using System.Text.Json.Serialization;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>What a sweep optimises, taken from the last epoch of each fold and averaged over folds.</summary>
/// <param name="Name">One of <see cref="Names"/>; of <see cref="Costs"/> where it is not the first objective.</param>
public sealed record SweepMetric(string Name, MetricGoal Goal)
{
    /// <summary>Share of the validation samples classified rightly, in [0, 1].</summary>
    public const string ValidationAccuracy = "validation_accuracy";

    /// <summary>Mean loss over the validation samples.</summary>
    public const string ValidationLoss = "validation_loss";

    /// <summary>Classification: 1 - accuracy; regression: mean absolute error over the validation samples.</summary>
    public const string ValidationError = "validation_error";

    /// <summary>Number of weights to learn.</summary>
    public const string Weights = "weights";

    /// <summary>Products of one sample's way forward, each added to a sum.</summary>
    public const string MultiplyAdds = "multiply_adds";

    /// <summary>The metrics a sweep can optimise.</summary>
    public static IReadOnlyList<string> Names { get; } = [ValidationAccuracy, ValidationLoss, ValidationError];

    /// <summary>What a network costs, the same on every fold: never the only objective.</summary>
    public static IReadOnlyList<string> Costs { get; } = [Weights, MultiplyAdds];

    /// <summary>Whether it is what a network costs, and no metric of a training.</summary>
    [JsonIgnore]
    public bool IsCost => Costs.Contains(Name);

    /// <summary>The metric or cost of that name; its name says which end is good.</summary>
    public static SweepMetric Of(string name) =>
        new(name, name == ValidationAccuracy ? MetricGoal.Maximize : MetricGoal.Minimize);

    /// <summary>
    /// What a sweep optimises when its file does not say: accuracy, or the mean absolute error of a regression.
    /// </summary>
    public static SweepMetric DefaultOf(TaskKind task) => task == TaskKind.Classification
        ? Of(ValidationAccuracy)
        : Of(ValidationError);

    /// <summary>The metric's value of one training; the worst value when it diverged.</summary>
    public double ValueOf(TrialResult result, TaskKind task)
    {
        ArgumentNullException.ThrowIfNull(result);
        return ValueOf(result.Outcome, result.ValidationLoss, result.ValidationMetric, task);
    }

    internal double ValueOf(TrainingOutcome outcome, double validationLoss, double validationMetric, TaskKind task)
    {
        var value = Name switch
        {
            ValidationLoss => validationLoss,
            ValidationError when task == TaskKind.Classification => 1 - validationMetric,
            _ => validationMetric,
        };
        // NaN must never win or spoil an order: a value that is none counts like a diverged one.
        return outcome == TrainingOutcome.Diverged || double.IsNaN(value) ? Worst(task) : value;
    }

    /// <summary>What a diverged fold counts as: the bad end of the metric's range, which may be infinite.</summary>
    public double Worst(TaskKind task)
    {
        if (Goal == MetricGoal.Maximize)
            return Name == ValidationAccuracy && task == TaskKind.Classification ? 0 : double.NegativeInfinity;
        return Name == ValidationError && task == TaskKind.Classification ? 1 : double.PositiveInfinity;
    }

    /// <summary>
    /// Negative where <paramref name="left"/> is better, positive where <paramref name="right"/> is, else 0.
    /// </summary>
    public int Compare(double left, double right) =>
        Goal == MetricGoal.Minimize ? left.CompareTo(right) : right.CompareTo(left);
}

/// <summary>Which end of a metric is good.</summary>
public enum MetricGoal
{
    /// <summary>Smaller is better.</summary>
    Minimize,

    /// <summary>Larger is better.</summary>
    Maximize,
}
