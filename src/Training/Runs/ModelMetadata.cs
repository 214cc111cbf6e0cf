using System.Globalization;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Runs;

/// <summary>What a saved model says about itself.</summary>
internal static class ModelMetadata
{
    /// <summary>Architecture, data and how it was trained, as texts.</summary>
    public static Dictionary<string, string> Of(TrainingSetup setup, TrainingResult result)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["architecture"] = setup.Plan.Architecture.ToString(),
            ["input"] = string.Join('x', setup.Data.InputShape),
            ["data"] = setup.Data.Name,
            ["split"] = setup.Request.Split.ToString(),
            ["seed"] = setup.Request.Seed.ToString(CultureInfo.InvariantCulture),
            ["epochs"] = result.Epochs.Count.ToString(CultureInfo.InvariantCulture),
            ["hyperparameters"] = HyperparametersKey.Canonical(setup.Request.Hyperparameters),
            ["weights_digest"] = result.WeightsDigest,
        };
        if (setup.Data.ClassNames.Count > 0)
            metadata["classes"] = string.Join(',', setup.Data.ClassNames);
        if (result.Test is { } test)
            metadata["test_metric"] = test.Metric.ToString("R", CultureInfo.InvariantCulture);
        return metadata;
    }
}
