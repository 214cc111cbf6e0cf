using System.Text.Json.Serialization;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

/// <summary>What a sweep optimises, taken from the last epoch of each fold and averaged over folds.</summary>
/// <param name="Name">One of <see cref="Names"/>; of <see cref="Costs"/> where it is not the first objective.</param>
public sealed record SweepMetric(string Name, MetricGoal Goal)
{
    /// <summary>Share of the validation samples classified rightly, in [0, 1]; of several labels the share of all their
    /// answers that are right (Keras's binary accuracy).</summary>
    public const string ValidationAccuracy = "validation_accuracy";

    /// <summary>Mean loss over the validation samples.</summary>
    public const string ValidationLoss = "validation_loss";

    /// <summary>Classes and labels: 1 - accuracy; regression: mean absolute error over the validation samples.
    /// </summary>
    public const string ValidationError = "validation_error";

    /// <summary>Mean over the classes, or labels, of the share of what is named so that is.</summary>
    public const string ValidationPrecision = "validation_precision";

    /// <summary>Mean over the classes of the share of each that is named so.</summary>
    public const string ValidationRecall = "validation_recall";

    /// <summary>Mean over the classes of F1, the harmonic mean of precision and recall.</summary>
    public const string ValidationF1 = "validation_f1";

    /// <summary>The same as <see cref="ValidationRecall"/>, under the name that it has where classes differ in
    /// size.</summary>
    public const string ValidationBalancedAccuracy = "validation_balanced_accuracy";

    /// <summary>Mean over the classes of the area under the ROC curve of each against all others.</summary>
    public const string ValidationRocAuc = "validation_roc_auc";

    /// <summary>Share of the samples whose class is among the three that are named first.</summary>
    public const string ValidationTop3 = "validation_top_3_accuracy";

    /// <summary>Share of the samples whose class is among the five that are named first.</summary>
    public const string ValidationTop5 = "validation_top_5_accuracy";

    /// <summary>Several labels: share of the samples of which all labels are answered rightly (subset accuracy).
    /// </summary>
    public const string ValidationExactMatch = "validation_exact_match";

    /// <summary>Regression: mean squared error, whatever the loss.</summary>
    public const string ValidationSquaredError = "validation_squared_error";

    /// <summary>Regression: 1 - squared errors / squared deviations from the mean of the validation samples.</summary>
    public const string ValidationR2 = "validation_r2";

    /// <summary>Number of weights to learn.</summary>
    public const string Weights = "weights";

    /// <summary>Products of one sample's way forward, each added to a sum.</summary>
    public const string MultiplyAdds = "multiply_adds";

    /// <summary>The metrics a sweep can optimise.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        ValidationAccuracy, ValidationLoss, ValidationError, ValidationPrecision, ValidationRecall, ValidationF1,
        ValidationBalancedAccuracy, ValidationRocAuc, ValidationTop3, ValidationTop5, ValidationExactMatch,
        ValidationSquaredError, ValidationR2,
    ];

    /// <summary>Whether a training works it out only where it is asked for.</summary>
    [JsonIgnore]
    public bool IsAsked =>
        Names.Contains(Name) && Name is not (ValidationAccuracy or ValidationLoss or ValidationError);

    /// <summary>Whether data of a task have it.</summary>
    public static bool Fits(string name, TaskKind task) => task switch
    {
        TaskKind.Classification => name is not (ValidationSquaredError or ValidationR2 or ValidationExactMatch),
        TaskKind.MultiLabel => name is not (ValidationSquaredError or ValidationR2 or ValidationBalancedAccuracy
            or ValidationTop3 or ValidationTop5),
        _ => !Names.Contains(name)
            || name is ValidationLoss or ValidationError or ValidationSquaredError or ValidationR2,
    };

    /// <summary>The metrics that data of a task have, for a message.</summary>
    public static string Allowed(TaskKind task) => string.Join(", ", Names.Where(name => Fits(name, task)));

    /// <summary>How many classes a metric looks at; 0: it does not count them.</summary>
    public static int ClassesOf(string name) => name switch
    {
        ValidationTop3 => 3,
        ValidationTop5 => 5,
        _ => 0,
    };

    /// <summary>What a network costs, the same on every fold: never the only objective.</summary>
    public static IReadOnlyList<string> Costs { get; } = [Weights, MultiplyAdds];

    /// <summary>Whether it is what a network costs, and no metric of a training.</summary>
    [JsonIgnore]
    public bool IsCost => Costs.Contains(Name);

    /// <summary>The metric or cost of that name; its name says which end is good.</summary>
    public static SweepMetric Of(string name) =>
        new(name, !Names.Contains(name) || name is ValidationLoss or ValidationError or ValidationSquaredError
            ? MetricGoal.Minimize
            : MetricGoal.Maximize);

    /// <summary>
    /// What a sweep optimises when its file does not say: accuracy, or the mean absolute error of a regression.
    /// </summary>
    public static SweepMetric DefaultOf(TaskKind task) =>
        Of(task == TaskKind.Regression ? ValidationError : ValidationAccuracy);

    /// <summary>The metric's value of one training; the worst value when it diverged.</summary>
    public double ValueOf(TrialResult result, TaskKind task)
    {
        ArgumentNullException.ThrowIfNull(result);
        return IsAsked
            ? Known(result.Outcome, result.Metrics?[Name] ?? double.NaN, task)
            : ValueOf(result.Outcome, result.ValidationLoss, result.ValidationMetric, task);
    }

    /// <summary>The metric's value on the test set; NaN: it was not worked out there.</summary>
    public double ValueOf(TestReport test, TaskKind task)
    {
        ArgumentNullException.ThrowIfNull(test);
        return Name switch
        {
            _ when IsAsked => test.Metrics?[Name] ?? double.NaN,
            _ when IsCost => double.NaN,
            ValidationLoss => test.Loss,
            ValidationError when task != TaskKind.Regression => 1 - test.Metric,
            _ => test.Metric,
        };
    }

    internal double ValueOf(TrainingOutcome outcome, double validationLoss, double validationMetric, TaskKind task)
    {
        var value = Name switch
        {
            ValidationLoss => validationLoss,
            ValidationError when task != TaskKind.Regression => 1 - validationMetric,
            _ => validationMetric,
        };
        return Known(outcome, value, task);
    }

    // NaN must never win or spoil an order: a value that is none counts like a diverged one.
    internal double Known(TrainingOutcome outcome, double value, TaskKind task) =>
        outcome == TrainingOutcome.Diverged || double.IsNaN(value) ? Worst(task) : value;

    /// <summary>What a diverged fold counts as: the bad end of the metric's range, which may be infinite.</summary>
    public double Worst(TaskKind task)
    {
        if (Goal == MetricGoal.Maximize)
            return Name != ValidationR2 && task != TaskKind.Regression ? 0 : double.NegativeInfinity;
        return Name == ValidationError && task != TaskKind.Regression ? 1 : double.PositiveInfinity;
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
