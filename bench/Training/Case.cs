using Sweeps.Core.Trainings;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sweeps.TrainingBench;

/// <summary>One network to race with.</summary>
/// <param name="Name">Its architecture here.</param>
/// <param name="BatchSize">Samples in a step.</param>
/// <param name="LearningRate">Of Adam, which all sides use.</param>
/// <param name="Samples">Samples of a measured run.</param>
/// <param name="Module">The same network as a user of TorchSharp writes it, on rows of 784 pixels.</param>
internal sealed record Case(
    string Name, int BatchSize, double LearningRate, int Samples, Func<Module<Tensor, Tensor>> Module)
{
    public static IReadOnlyList<Case> All { get; } =
    [
        new("mlp-128-128", 100, 0.001, 180_000, () => Sequential(
            Linear(784, 128), ReLU(), Linear(128, 128), ReLU(), Linear(128, 10))),
        new("mlp-5", 100, 0.01, 300_000, () => Sequential(Linear(784, 5), ReLU(), Linear(5, 10))),
        new("mlp-512x3", 128, 0.001, 30_000, () => Sequential(
            Linear(784, 512), ReLU(), Dropout(0.2),
            Linear(512, 512), ReLU(), Dropout(0.2),
            Linear(512, 512), ReLU(), Dropout(0.2),
            Linear(512, 10))),
        new("cnn-lab", 100, 0.001, 4_000, () => Sequential(
            Unflatten(1, [1, 28, 28]),
            Conv2d(1, 32, 5, padding: 2), ReLU(), MaxPool2d(2),
            Conv2d(32, 64, 5, padding: 2), ReLU(), MaxPool2d(2),
            Flatten(), Linear(64 * 7 * 7, 1024), ReLU(), Linear(1024, 10))),
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
