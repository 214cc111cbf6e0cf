using Sweeps.Core.Trainings;

namespace Sweeps.TrainingBench;

/// <summary>One network to race with.</summary>
/// <param name="Name">Its architecture here.</param>
/// <param name="Raw">Its architecture in raw_libtorch.cpp.</param>
/// <param name="BatchSize">Samples in a step.</param>
/// <param name="LearningRate">Of Adam, which both use.</param>
/// <param name="Samples">Samples of a measured run.</param>
/// <param name="Target">Least ratio of images/s.</param>
internal sealed record Case(string Name, string Raw, int BatchSize, double LearningRate, int Samples, double Target)
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("mlp-128-128", "784-128-128-10", 100, 0.001, 180_000, 1.05),
        new("mlp-5", "784-5-10", 100, 0.01, 300_000, 1.3),
        new("mlp-512x3", "784-512-512-512-10", 128, 0.001, 30_000, 0.95),
        new("cnn-lab", "cnn", 100, 0.001, 4_000, 0.95),
    ];

    /// <summary>Epochs of at most the 60,000 training samples that make up the run.</summary>
    public TrainingRequest Request(string data, int samples)
    {
        var limit = Math.Min(samples, data == "digits" ? 12_000 : 60_000);
        return new()
        {
            Data = data,
            // Evaluation is not measured; a few samples held out keep the test set closed, which would take longer.
            Split = Split.Holdout(20.0 / limit),
            Seed = 1,
            SampleLimit = limit,
            Hyperparameters = new()
            {
                Architecture = Name,
                LearningRate = LearningRate,
                BatchSize = BatchSize,
                Epochs = Math.Max(1, samples / limit),
            },
        };
    }
}
