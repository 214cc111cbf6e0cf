using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sweeps.TrainingBench;

/// <summary>One network to race with.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Layers">Its architecture here.</param>
/// <param name="BatchSize">Samples in a step.</param>
/// <param name="LearningRate">Of Adam, which all sides use.</param>
/// <param name="Samples">Samples of a measured run.</param>
/// <param name="Module">The same network as a user of TorchSharp writes it, on rows of 784 pixels; null: its engines
/// alone race.</param>
internal sealed record Case(
    string Name, string Layers, int BatchSize, double LearningRate, int Samples, Func<Module<Tensor, Tensor>>? Module)
{
    private const string Normalised =
        "conv 32 3x3 same no_bias | batch_norm | relu | conv 32 3x3 same no_bias | batch_norm | relu | max_pool 2 | "
        + "conv 64 3x3 same no_bias | batch_norm | relu | conv 64 3x3 same stride 2 no_bias | batch_norm | relu | "
        + "flatten | dense";

    private Case(
        string name, int batchSize, double learningRate, int samples, Func<Module<Tensor, Tensor>>? module)
        : this(name, name, batchSize, learningRate, samples, module)
    {
    }

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
        new("lenet-5", 100, 0.001, 20_000, () => Sequential(
            Unflatten(1, [1, 28, 28]),
            Conv2d(1, 6, 5, padding: 2), Tanh(), AvgPool2d(2),
            Conv2d(6, 16, 5), Tanh(), AvgPool2d(2),
            Flatten(), Linear(400, 120), Tanh(), Linear(120, 84), Tanh(), Linear(84, 10))),
        new("cnn-norm", Normalised, 100, 0.001, 2_000, () => Sequential(
            Unflatten(1, [1, 28, 28]),
            Conv2d(1, 32, 3, padding: 1, bias: false), BatchNorm2d(32), ReLU(),
            Conv2d(32, 32, 3, padding: 1, bias: false), BatchNorm2d(32), ReLU(), MaxPool2d(2),
            Conv2d(32, 64, 3, padding: 1, bias: false), BatchNorm2d(64), ReLU(),
            Conv2d(64, 64, 3, padding: 1, stride: 2, bias: false), BatchNorm2d(64), ReLU(),
            Flatten(), Linear(64 * 7 * 7, 10))),
        new("resnet-20", 100, 0.001, 1_000, null),
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
            Stages = NativeStages.Newest,
            Hyperparameters = new()
            {
                Architecture = Layers,
                LearningRate = LearningRate,
                BatchSize = BatchSize,
                Epochs = Math.Max(1, samples / limit),
            },
        };
    }
}
