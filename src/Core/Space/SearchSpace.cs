using System.Collections.Immutable;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Space;

/// <summary>
/// What a sweep searches: its parameters, the networks that they name, and what holds where they say nothing.
/// </summary>
/// <param name="Parameters">In the file's order; <c>architecture</c> is always among them.</param>
/// <param name="Architectures">The networks that parameters can name; built-in ones need not be here.</param>
/// <param name="Epochs">Epochs of configurations whose parameters do not say.</param>
internal sealed record SearchSpace(
    ImmutableArray<SearchedParameter> Parameters, ImmutableArray<NamedArchitecture> Architectures, int Epochs)
{
    private const int BatchSize = 100;

    /// <summary>The text of the network that a configuration names.</summary>
    public string ArchitectureText(string name) => Architectures.FirstOrDefault(a => a.Name == name)?.Text ?? name;

    /// <summary>
    /// The name of the network with that text, as tables show it, or its names; the text where it has none.
    /// </summary>
    public string ArchitectureName(string text)
    {
        var names = Architectures.Where(a => a.Text == text).Select(a => a.Name).ToList();
        return names.Count == 0 ? text : string.Join(" = ", names);
    }

    /// <summary>A configuration as a searcher proposes it.</summary>
    public Proposal ProposalOf(ParameterAssignment assignment) => new(HyperparametersOf(assignment), assignment);

    /// <summary>What a configuration trains; where it says nothing, the documented defaults hold.</summary>
    public Hyperparameters HyperparametersOf(ParameterAssignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        var optimizer = Named<OptimizerKind>(assignment, ParameterNames.Optimizer) ?? OptimizerKind.Adam;
        var architecture = ArchitectureText(assignment[ParameterNames.Architecture]?.Text
            ?? throw new ArgumentException("A configuration has an architecture.", nameof(assignment)));
        return TrainingSettings.Complete(new()
        {
            Architecture = architecture,
            Sizes = SizesOf(architecture, name => assignment[name]?.Number),
            LearningRate = assignment[ParameterNames.LearningRate]?.Number ?? DefaultLearningRate(optimizer),
            BatchSize = (int)(assignment[ParameterNames.BatchSize]?.Number ?? BatchSize),
            Epochs = (int)(assignment[ParameterNames.Epochs]?.Number ?? Epochs),
            Optimizer = optimizer,
            Momentum = assignment[ParameterNames.Momentum]?.Number,
            Nesterov = assignment[ParameterNames.Nesterov]?.Number == 1,
            WeightDecay = assignment[ParameterNames.WeightDecay]?.Number,
            Dropout = assignment[ParameterNames.Dropout]?.Number,
            Initializer = Named<InitializerKind>(assignment, ParameterNames.Initializer),
            Activation = assignment[ParameterNames.Activation]?.Text,
            Loss = Named<LossKind>(assignment, ParameterNames.Loss),
        }, name => assignment[name]);
    }

    /// <summary>The learning rate where nothing is said.</summary>
    public static double DefaultLearningRate(OptimizerKind optimizer) => optimizer switch
    {
        OptimizerKind.Sgd or OptimizerKind.Adagrad => 0.01,
        OptimizerKind.Adadelta => 1,
        _ => 0.001,
    };

    /// <summary>The sizes that an architecture has among the values of a configuration; null: none.</summary>
    internal static NetworkSizes? SizesOf(string architecture, Func<string, double?> valueOf)
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in ArchitectureTemplate.Find(architecture)?.Sizes ?? [])
        {
            if (valueOf(name) is { } value)
                sizes.Add(name, (int)value);
        }

        return sizes.Count > 0 ? new(sizes) : null;
    }

    /// <summary>File names are the kinds' names with underscores: xavier_uniform is XavierUniform.</summary>
    private static TKind? Named<TKind>(ParameterAssignment assignment, string name)
        where TKind : struct, Enum => TrainingSettings.Kind<TKind>(assignment[name]?.Text);
}

/// <summary>A network of a sweep under its name.</summary>
/// <param name="Name">As it is called in the sweep's tables and in <c>parameters.architecture</c>.</param>
/// <param name="Text">What is trained: a built-in name, or layers (<c>flatten | dense 128 relu | dense 10</c>).</param>
public sealed record NamedArchitecture(string Name, string Text);

/// <summary>The names of the hyperparameters in sweep files.</summary>
internal static class ParameterNames
{
    /// <summary>Texts: a name, or layers.</summary>
    public const string Architecture = "architecture";

    internal const string LearningRate = "learning_rate";

    internal const string BatchSize = "batch_size";

    /// <summary>Whole numbers; where it is not searched, the file's key of the same name holds.</summary>
    public const string Epochs = "epochs";

    internal const string Optimizer = "optimizer";

    internal const string Momentum = "momentum";

    internal const string Nesterov = "nesterov";

    internal const string WeightDecay = "weight_decay";

    internal const string Dropout = "dropout";

    internal const string Initializer = "initializer";

    internal const string Activation = "activation";

    internal const string Loss = "loss";

    internal const string LearningRateSchedule = "learning_rate_schedule";

    internal const string LearningRateDecay = "learning_rate_decay";

    internal const string LearningRateStep = "learning_rate_step";

    internal const string LearningRateEnd = "learning_rate_end";

    internal const string WarmupEpochs = "warmup_epochs";

    internal const string ClipNorm = "clip_norm";

    internal const string ClipValue = "clip_value";

    internal const string LabelSmoothing = "label_smoothing";

    internal const string ClassWeights = "class_weights";

    internal const string AugmentShift = "augment_shift";

    internal const string AugmentRotation = "augment_rotation";

    internal const string AugmentZoom = "augment_zoom";

    internal const string AugmentFlip = "augment_flip";

    internal const string AugmentBrightness = "augment_brightness";

    internal const string AugmentCutout = "augment_cutout";

    /// <summary>What the names of changes of pictures begin with.</summary>
    internal const string Augment = "augment_";
}

/// <summary>
/// A parameter of the sweep. The first branch whose conditions hold gives its values; where none holds, the
/// configuration does not have the parameter and its default applies.
/// </summary>
/// <param name="Name">The name in sweep files: <c>learning_rate</c>.</param>
/// <param name="Branches">At least one.</param>
internal sealed record SearchedParameter(string Name, ImmutableArray<ParameterBranch> Branches);

/// <summary>The values of a parameter where all conditions hold.</summary>
/// <param name="When">The conditions; empty: always.</param>
/// <param name="Domain">The values.</param>
internal sealed record ParameterBranch(ImmutableArray<Condition> When, ParameterDomain Domain);

/// <summary>One line of a <c>when</c>: holds where another parameter has one of the values.</summary>
/// <param name="Parameter">The other parameter.</param>
/// <param name="Values">The values; any of them will do.</param>
internal sealed record Condition(string Parameter, ImmutableArray<ParameterValue> Values);
