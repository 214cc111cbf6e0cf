using System.Globalization;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Runs;

/// <summary>The ranges of a request's numbers; whatever read the user's text should have checked them before.</summary>
internal static class RequestCheck
{
    /// <summary>Throws if a number is out of range.</summary>
    /// <exception cref="TrainingException">The value, and what is allowed.</exception>
    public static void Check(TrainingRequest request)
    {
        var h = request.Hyperparameters;
        Need(IsFinite(h.LearningRate), "learning_rate", h.LearningRate, "a finite number from 0");
        Need(h.BatchSize >= 1, "batch_size", h.BatchSize, "a whole number from 1");
        Need(h.Epochs >= 1, "epochs", h.Epochs, "a whole number from 1");
        Need(h.Momentum is null or (>= 0 and < 1), "momentum", h.Momentum, "a number from 0 to below 1");
        Need(IsFinite(h.WeightDecay ?? 0), "weight_decay", h.WeightDecay, "a finite number from 0");
        Need(request.SampleLimit is null or >= 1, "sample limit", request.SampleLimit, "a whole number from 1");
        Need(request.Patience is null or >= 1, "patience", request.Patience, "a whole number from 1");
        var nesterov = !h.Nesterov || h is { Optimizer: OptimizerKind.Sgd, Momentum: > 0 };
        Need(nesterov, "nesterov", true, "SGD with a momentum above 0");
    }

    private static bool IsFinite(double value) => double.IsFinite(value) && value >= 0;

    private static void Need(bool holds, string name, object? value, string allowed)
    {
        if (!holds)
        {
            throw new TrainingException(
                TrainingFailure.Network,
                string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is out of range; allowed is {allowed}."));
        }
    }
}
