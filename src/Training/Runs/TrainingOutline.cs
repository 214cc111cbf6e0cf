using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Runs;

/// <summary>What a request comes to on its data, before anything is trained.</summary>
/// <param name="Learned">Samples that are learned from.</param>
/// <param name="Validated">Samples that are held out; 0: none.</param>
/// <param name="Tested">Samples of the test part.</param>
/// <param name="StepsPerEpoch">Steps of the optimizer in an epoch.</param>
/// <param name="Weights">Weights to learn.</param>
/// <param name="Loss">What is minimised.</param>
/// <param name="Classes">The classes' names; empty: a number to predict.</param>
public sealed record TrainingOutline(
    int Learned,
    int Validated,
    int Tested,
    int StepsPerEpoch,
    long Weights,
    LossKind Loss,
    IReadOnlyList<string> Classes)
{
    /// <summary>Works it out.</summary>
    /// <exception cref="TrainingException">The data or the network make the training impossible.</exception>
    public static TrainingOutline Of(TrainingRequest request, DataSets sets)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(sets);
        RequestCheck.Check(request);
        var setup = TrainingSetup.Of(request, sets);
        var batch = Math.Max(1, Math.Min(request.Hyperparameters.BatchSize, setup.Learning.Length));
        return new(
            setup.Learning.Length,
            setup.Validation.Length,
            setup.Data.Test.Count,
            (setup.Learning.Length + batch - 1) / batch,
            setup.Plan.Weights,
            setup.Loss,
            setup.Data.ClassNames);
    }
}
