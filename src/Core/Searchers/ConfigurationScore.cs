using System.Text.Json.Serialization;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Searchers;

/// <summary>The folds of one configuration together. Folds that gave no result are left out of every mean.</summary>
/// <param name="Mean">
/// Mean of the metric over folds; a diverged fold counts as the metric's worst value. NaN without any result.
/// </param>
/// <param name="Deviation">
/// Sample standard deviation over folds (divisor n - 1); NaN with fewer than two results.
/// </param>
/// <param name="StandardError">Deviation / sqrt(n); NaN with fewer than two results.</param>
/// <param name="TrainSeconds">
/// Mean training seconds of a fold as measured, diverged folds left out; in logs of earlier versions times the silos'
/// speeds. Reports take it from the trials' own results.
/// </param>
/// <param name="ImagesPerSecond">Samples learned from in a second of training, over the same folds.</param>
/// <param name="Weights">Number of trainable weights.</param>
/// <param name="Diverged">Folds whose training diverged.</param>
/// <param name="Missing">
/// Folds without a result: failed or set aside. Such a configuration is never the best.
/// </param>
/// <param name="Stopped">
/// Folds that the schedule stopped, with the value they had or before they began. Such a configuration is never the
/// best.
/// </param>
/// <param name="Further">What the further objectives gave, in their order; null: there are none.</param>
public readonly record struct ConfigurationScore(
    double Mean,
    double Deviation,
    double StandardError,
    double TrainSeconds,
    double ImagesPerSecond,
    long Weights,
    int Diverged,
    int Missing,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Stopped = 0,
    IReadOnlyList<ObjectiveScore>? Further = null)
{
    /// <summary>Whether every fold was trained to its end.</summary>
    public bool IsComplete => Missing == 0 && Stopped == 0;
}

/// <summary>One further objective of a configuration.</summary>
/// <param name="Mean">
/// Its mean over folds, as that of the first objective; a cost of the network as it is. NaN without any result.
/// </param>
/// <param name="Deviation">Sample standard deviation over folds; NaN for a cost, and with fewer than two.</param>
/// <param name="StandardError">Standard error of the mean, likewise.</param>
public readonly record struct ObjectiveScore(double Mean, double Deviation, double StandardError);

/// <summary>A configuration whose folds are all in.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Hyperparameters">What was trained.</param>
/// <param name="Score">What its folds gave together.</param>
public sealed record ScoredConfiguration(int Index, Hyperparameters Hyperparameters, ConfigurationScore Score);

/// <summary>A configuration that was proposed.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Values">
/// The values that its searcher chose; null where an earlier version proposed it, which did not keep them.
/// </param>
/// <param name="Score">What its folds gave together; null where that may not be known yet.</param>
public sealed record ProposedConfiguration(int Index, ParameterAssignment? Values, ConfigurationScore? Score)
{
    /// <summary>Where its schedule stopped it; the end, where nothing did.</summary>
    public Reached Reached { get; init; } = Reached.End;
}

/// <summary>How far a configuration was trained before it was stopped.</summary>
/// <param name="Folds">So many folds.</param>
/// <param name="Epochs">So many epochs each; the largest number: all.</param>
public readonly record struct Reached(int Folds, int Epochs)
{
    /// <summary>All epochs on all folds.</summary>
    public static Reached End { get; } = new(int.MaxValue, int.MaxValue);

    /// <summary>Larger for more training: no rung has fewer folds or epochs than one before.</summary>
    internal long Order => ((long)Folds << 32) | (uint)Epochs;
}
