namespace Sweeps.Core.Training;

/// <summary>
/// One point of a search space: an architecture and the hyperparameters it is trained with, without a fold.
/// Every value that is null takes the default its member documents, so that a configuration stays readable.
/// </summary>
public sealed record Hyperparameters
{
    /// <summary>A built-in name (<c>mlp-128-128</c>) or a list of layers (<c>flatten | dense 128 relu | dense
    /// 10</c>).</summary>
    public required string Architecture { get; init; }

    /// <summary>Step size of the optimizer; finite and at least 0.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Samples in one optimizer step; at least 1. The last batch of an epoch may be smaller.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Passes over the training samples; at least 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>The update rule.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>SGD and RMSprop: momentum in [0, 1); null: 0.</summary>
    public double? Momentum { get; init; }

    /// <summary>SGD: Nesterov's form of momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Decay of the weights: L2 in the gradient (SGD, RMSprop, Adagrad, Adam), decoupled (AdamW); null: 0,
    /// AdamW 0.01.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Replaces the rate of every dropout layer of the architecture, in [0, 1); null: as the architecture
    /// says.</summary>
    public double? Dropout { get; init; }

    /// <summary>How weights start; null: Xavier uniform with zero biases, as Keras.</summary>
    public InitializerKind? Initializer { get; init; }

    /// <summary>Replaces the activation of every hidden layer of the architecture (<c>relu</c>, <c>tanh</c>, ...);
    /// null: as it says.</summary>
    public string? Activation { get; init; }

    /// <summary>What is minimised; null: chosen from the task.</summary>
    public LossKind? Loss { get; init; }
}
