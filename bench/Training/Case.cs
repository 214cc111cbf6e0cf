using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sweeps.TrainingBench;

/// <summary>One network to race with.</summary>
/// <param name="Name">Its architecture here.</param>
/// <param name="LearningRate">Of Adam, which all sides use.</param>
/// <param name="Module">The same network as a user of TorchSharp writes it, on rows of pixels; null: the engines alone
/// race.</param>
internal sealed record Case(string Name, double LearningRate, Func<Module<Tensor, Tensor>>? Module)
{
    private const string Normalised =
        "conv 32 3x3 same no_bias | batch_norm | relu | conv 32 3x3 same no_bias | batch_norm | relu | max_pool 2 | "
        + "conv 64 3x3 same no_bias | batch_norm | relu | conv 64 3x3 same stride 2 no_bias | batch_norm | relu | "
        + "flatten | dense";

    public static IReadOnlyList<int> BatchSizes { get; } = [32, 100, 1_000];

    /// <summary>Its layers; null: what it is called.</summary>
    public string? Layers { get; init; }

    public static IReadOnlyList<Case> All { get; } =
    [
        new("mlp-5", 0.01, () => Sequential(Linear(784, 5), ReLU(), Linear(5, 10))),
        new("mlp-128-128", 0.001, () => Sequential(
            Linear(784, 128), ReLU(), Linear(128, 128), ReLU(), Linear(128, 10))),
        new("mlp-300-100", 0.001, () => Sequential(
            Linear(784, 300), ReLU(), Linear(300, 100), ReLU(), Linear(100, 10))),
        new("mlp-512x3", 0.001, () => Sequential(
            Linear(784, 512), ReLU(), Dropout(0.2),
            Linear(512, 512), ReLU(), Dropout(0.2),
            Linear(512, 512), ReLU(), Dropout(0.2),
            Linear(512, 10))),
        new("lenet-5", 0.001, () => Sequential(
            Unflatten(1, [1, 28, 28]),
            Conv2d(1, 6, 5, padding: 2), Tanh(), AvgPool2d(2),
            Conv2d(6, 16, 5), Tanh(), AvgPool2d(2),
            Flatten(), Linear(400, 120), Tanh(), Linear(120, 84), Tanh(), Linear(84, 10))),
        new("cnn-lab", 0.001, () => Sequential(
            Unflatten(1, [1, 28, 28]),
            Conv2d(1, 32, 5, padding: 2), ReLU(), MaxPool2d(2),
            Conv2d(32, 64, 5, padding: 2), ReLU(), MaxPool2d(2),
            Flatten(), Linear(64 * 7 * 7, 1024), ReLU(), Linear(1024, 10))),
        new("cnn-fashion", 0.0001, () => Sequential(
            Unflatten(1, [1, 28, 28]),
            Conv2d(1, 64, 7, padding: 3), ReLU(), MaxPool2d(2),
            Conv2d(64, 128, 3, padding: 1), ReLU(), Conv2d(128, 128, 3, padding: 1), ReLU(), MaxPool2d(2),
            Conv2d(128, 256, 3, padding: 1), ReLU(), Conv2d(256, 256, 3, padding: 1), ReLU(), MaxPool2d(2),
            Flatten(), Linear(256 * 3 * 3, 128), ReLU(), Dropout(0.5), Linear(128, 64), ReLU(), Dropout(0.5),
            Linear(64, 10))),
        new("cnn-cifar", 0.0001, () => Sequential(
            Unflatten(1, [3, 32, 32]),
            Conv2d(3, 32, 3, padding: 1), ReLU(), Conv2d(32, 32, 3), ReLU(), MaxPool2d(2), Dropout(0.25),
            Conv2d(32, 64, 3, padding: 1), ReLU(), Conv2d(64, 64, 3), ReLU(), MaxPool2d(2), Dropout(0.25),
            Flatten(), Linear(64 * 6 * 6, 512), ReLU(), Dropout(0.5), Linear(512, 10))),
        new("cnn-norm", 0.001, () => Sequential(
            Unflatten(1, [1, 28, 28]),
            Conv2d(1, 32, 3, padding: 1, bias: false), BatchNorm2d(32), ReLU(),
            Conv2d(32, 32, 3, padding: 1, bias: false), BatchNorm2d(32), ReLU(), MaxPool2d(2),
            Conv2d(32, 64, 3, padding: 1, bias: false), BatchNorm2d(64), ReLU(),
            Conv2d(64, 64, 3, padding: 1, stride: 2, bias: false), BatchNorm2d(64), ReLU(),
            Flatten(), Linear(64 * 7 * 7, 10)))
        {
            Layers = Normalised,
        },
        new("resnet-20", 0.001, null),
    ];

    /// <summary>A training of so many steps, in epochs of at most all samples.</summary>
    public TrainingRequest Request(BenchData data, int batch, int steps)
    {
        // Evaluation is not measured; a few samples held out keep the test set closed, which would take longer.
        const int Held = 20;
        var (name, digest, most) = data.Of(this);
        var perEpoch = Math.Clamp(steps, 1, (most - Held) / batch);
        var samples = (perEpoch * batch) + Held;
        return new()
        {
            Data = name,
            DataDigest = digest,
            Split = Split.Holdout((double)Held / samples),
            Seed = 1,
            SampleLimit = samples,
            Stages = NativeStages.Newest,
            Hyperparameters = new()
            {
                Architecture = Layers ?? Name,
                LearningRate = LearningRate,
                BatchSize = batch,
                Epochs = (steps + perEpoch - 1) / perEpoch,
            },
        };
    }
}

/// <summary>What the cases train on: grey pictures of 28x28, real ones where they are, and coloured noise.</summary>
/// <param name="Grey"><c>mnist</c> or <c>digits</c>.</param>
/// <param name="ColourDigest">Of the colour ones.</param>
/// <param name="Most">Most grey pictures to use; null: all.</param>
internal sealed record BenchData(string Grey, string ColourDigest, int? Most = null)
{
    /// <summary>The data set of a case, its digest where it is made here, and its number of samples.</summary>
    public (string Name, string? Digest, int Samples) Of(Case race) => race.Name == "cnn-cifar"
        ? (MadePictures.Name, ColourDigest, MadePictures.Samples)
        : (Grey, null, Most ?? (Grey == "digits" ? 12_000 : 60_000));
}
