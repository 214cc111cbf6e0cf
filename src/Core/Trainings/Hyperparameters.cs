using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Sweeps.Core.Networks;

namespace Sweeps.Core.Trainings;

/// <summary>
/// One point of a search space: an architecture and the hyperparameters it is trained with, without a fold.
/// Every value that is null takes the default its member documents, so that a configuration stays readable.
/// </summary>
public sealed record Hyperparameters
{
    /// <summary>A built-in name (<c>mlp-128-128</c>) or a list of layers (<c>flatten | dense 128 relu | dense
    /// 10</c>), perhaps with placeholders (<c>dense {width} relu</c>).</summary>
    public required string Architecture { get; init; }

    /// <summary>What stands for the sizes among the placeholders of <see cref="Architecture"/>; null: it has
    /// none.</summary>
    public NetworkSizes? Sizes { get; init; }

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

    /// <summary>The weights to start with, where layers of the same name and shape have some; null: all are drawn.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public WeightsReference? InitialWeights { get; init; }

    /// <summary>The layers that keep their first weights, as <see cref="Freezing"/> reads it; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Freeze { get; init; }

    /// <summary>How the learning rate moves; null: it stays the same.</summary>
    public LearningRateSchedule? LearningRateSchedule { get; init; }

    /// <summary>Gradients are scaled so that their Euclidean norm, over all weights, is at most this (Pascanu et al.
    /// 2013); above 0; null: not at all.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Each gradient is cut to plus or minus this, before <see cref="ClipNorm"/>; above 0; null: not at
    /// all.</summary>
    public double? ClipValue { get; init; }

    /// <summary>Share of the target that is spread over all classes (Szegedy et al. 2016), in [0, 1); null: 0.
    /// </summary>
    public double? LabelSmoothing { get; init; }

    /// <summary>What a sample of each class counts (<see cref="Trainings.ClassWeights"/>); null: 1.</summary>
    public string? ClassWeights { get; init; }

    /// <summary>How pictures are changed while they are learned from; null: not at all.</summary>
    public Augmentation? Augment { get; init; }

    /// <summary>
    /// The configuration without its epochs, as far as they do not decide what each of them trains: of two that are
    /// equal so, one is the beginning of the other.
    /// </summary>
    public Hyperparameters WithoutEnd() =>
        LearningRateSchedule?.DependsOnEpochs() == true ? this : this with { Epochs = 0 };

    /// <summary>What is minimised: <see cref="Loss"/>, or the default of the task.</summary>
    public LossKind LossOf(TaskKind task) => Loss ?? LossKinds.DefaultOf(task);

    /// <summary>The layers as text: <see cref="Architecture"/> with its placeholders filled.</summary>
    /// <exception cref="SweepsException">A placeholder has no value.</exception>
    public string Layers() => ArchitectureTemplate.Find(Architecture)?.Fill(name => name switch
    {
        ArchitectureTemplate.Dropout => Dropout?.ToString("R", CultureInfo.InvariantCulture),
        ArchitectureTemplate.Activation => Activation,
        _ => Sizes?[name]?.ToString(CultureInfo.InvariantCulture),
    }) ?? Architecture;

    /// <summary>The architecture as tables name it: with its sizes, where it has some.</summary>
    public string SizedArchitecture() => Sizes is null ? Architecture : $"{Architecture} ({Sizes})";

    /// <summary>The architecture with the configuration's overrides applied.</summary>
    /// <exception cref="SweepsException">It cannot be read.</exception>
    public Architecture ReadArchitecture() => Networks.Architecture.Parse(Layers()).With(Dropout, Activation);

    /// <summary>
    /// The network that the configuration trains: its overrides applied, and what belongs to the loss taken off.
    /// </summary>
    /// <param name="input">The shape of one sample.</param>
    /// <param name="outputs">Classes, targets or labels of the data set.</param>
    /// <param name="loss">What is minimised, resolved.</param>
    /// <param name="task">What the data ask for: two classes may have one output, two targets or labels not.</param>
    /// <exception cref="SweepsException">The architecture cannot be read or does not fit the data.</exception>
    public NetworkShape NetworkOn(
        TensorShape input, int outputs, LossKind loss, TaskKind task = TaskKind.Classification)
    {
        var network = NetworkShape.Create(ReadArchitecture().WithoutOutputActivation(loss), input, outputs);
        var what = task == TaskKind.MultiLabel ? "labels" : "targets";
        if (network.Layers[^1].Output.Size == 1 && outputs == 2 && task != TaskKind.Classification)
            throw new SweepsException(
                ErrorKind.Usage,
                $"The network gives one number, and the data have 2 {what}; end it with 'dense', which has an output "
                + "for each.");
        if (task == TaskKind.MultiLabel && network.Layers[^1].Layer.OwnActivation.Kind == ActivationKind.Softmax)
            throw new SweepsException(
                ErrorKind.Usage,
                "The network ends with a softmax, by which one label takes from the others, and each of several labels "
                + "is there or not by itself; leave it out: the loss applies a sigmoid to each output.");
        return network.Layers[^1].Output.Size == 1 && outputs == 2 && loss != LossKind.BinaryCrossEntropy
            ? throw new SweepsException(
                ErrorKind.Usage,
                "One output tells two classes apart with binary_cross_entropy alone; write loss: binary_cross_entropy, "
                + "or end the network with 'dense', which has an output for each class.")
            : network;
    }
}

/// <summary>
/// What distinguishes the random numbers of one configuration from those of another: the first 8 bytes (little-endian)
/// of the SHA-256 of a canonical text. Settings that train the same network with the same rule have the same text: a
/// null and its default, a built-in name and its layers, a momentum that the optimizer does not use. The number of
/// epochs is left out, so that a training over 5 epochs is the beginning of one over 10.
/// </summary>
public static class HyperparametersKey
{
    /// <summary>The key of the random streams of the configuration with this canonical text.</summary>
    public static ulong Of(string canonical) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));

    /// <summary>
    /// The canonical text: one <c>name=value</c> a line, every field but the epochs in a fixed order with its effective
    /// value; numbers in the shortest form that reads back, in the invariant culture. The loss of the task, chosen when
    /// it is null, is <c>task</c>. The epochs are in it where the learning rate depends on how many there are.
    /// </summary>
    /// <param name="hyperparameters">The configuration.</param>
    /// <param name="architecture">What <see cref="Hyperparameters.ReadArchitecture"/> gave.</param>
    public static string Canonical(Hyperparameters hyperparameters, Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(hyperparameters);
        var h = hyperparameters;
        var usesMomentum = h.Optimizer is OptimizerKind.Sgd or OptimizerKind.RmsProp;
        var text = new StringBuilder("sweeps configuration 1\n");
        text.Append(CultureInfo.InvariantCulture, $"architecture={architecture}\n");
        text.Append(CultureInfo.InvariantCulture, $"learning_rate={h.LearningRate + 0.0:R}\n");
        text.Append(CultureInfo.InvariantCulture, $"batch_size={h.BatchSize}\n");
        text.Append(CultureInfo.InvariantCulture, $"optimizer={h.Optimizer}\n");
        text.Append(CultureInfo.InvariantCulture, $"momentum={(usesMomentum ? (h.Momentum ?? 0) + 0.0 : 0):R}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"nesterov={(h.Optimizer == OptimizerKind.Sgd && h.Nesterov ? "true" : "false")}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"weight_decay={(h.WeightDecay ?? DefaultWeightDecay(h.Optimizer)) + 0.0:R}\n");
        text.Append(CultureInfo.InvariantCulture, $"initializer={h.Initializer ?? InitializerKind.XavierUniform}\n");
        text.Append(CultureInfo.InvariantCulture, $"loss={h.Loss?.ToString() ?? "task"}\n");
        // Only where they are not the default: courses and streams of earlier versions stay.
        text.Append(h.LearningRateSchedule?.Canonical(h.Epochs));
        AppendNumber("clip_norm", h.ClipNorm ?? 0);
        AppendNumber("clip_value", h.ClipValue ?? 0);
        AppendNumber("label_smoothing", h.LabelSmoothing ?? 0);
        if (h.ClassWeights is { } weights)
            text.Append(CultureInfo.InvariantCulture, $"class_weights={weights}\n");
        text.Append(h.Augment?.Canonical());
        if (h.InitialWeights is { } initial)
            text.Append(CultureInfo.InvariantCulture, $"initial_weights={initial.Digest}\n");
        if (h.Freeze is { } freeze and not Freezing.None)
            text.Append(CultureInfo.InvariantCulture, $"freeze={freeze}\n");
        return text.ToString();

        void AppendNumber(string name, double value)
        {
            if (value != 0)
                text.Append(CultureInfo.InvariantCulture, $"{name}={value:R}\n");
        }
    }

    private static double DefaultWeightDecay(OptimizerKind optimizer) => optimizer == OptimizerKind.AdamW ? 0.01 : 0;
}
