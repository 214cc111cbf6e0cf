using System.Collections.Immutable;
using Sweeps.Core.Networks;
using Sweeps.Core.Space;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>The hyperparameters that a sweep can search: the table that validates files and documents them in the
/// schema.</summary>
internal static class Parameters
{
    /// <summary>Characters of an architecture written in place; longer ones are files.</summary>
    internal const int ArchitectureLength = 10_000;

    private static readonly ChoiceRule Optimizers = new(
        new Choice("sgd", "stochastic gradient descent, with momentum and nesterov"),
        new Choice("rmsprop", "RMSprop, rho 0.9"),
        new Choice("adagrad", "Adagrad"),
        new Choice("adam", "Adam, beta 0.9 and 0.999"),
        new Choice("adamw", "Adam with decoupled weight decay"),
        new Choice("nadam", "Adam with Nesterov momentum"),
        new Choice("adadelta", "Adadelta, rho 0.9"),
        new Choice("adamax", "Adam by the largest gradient"))
    {
        Hints = ForeignNames.Values(ParameterNames.Optimizer),
    };

    private static readonly ChoiceRule Initializers = new(
        new Choice("xavier_uniform", "uniform in +-sqrt(6 / (fan_in + fan_out))", "glorot_uniform"),
        new Choice("xavier_normal", "normal, deviation sqrt(2 / (fan_in + fan_out))", "glorot_normal"),
        new Choice("he_uniform", "uniform in +-sqrt(6 / fan_in)", "kaiming_uniform"),
        new Choice("he_normal", "normal, deviation sqrt(2 / fan_in)", "kaiming_normal"),
        new Choice("zeros", "all zero: shows why symmetry must be broken", "zero"))
    {
        Hints = ForeignNames.Values(ParameterNames.Initializer),
    };

    private static readonly ChoiceRule Activations = new(
        new Choice("relu", "max(0, x)"),
        new Choice("leaky_relu", "x, or a small slope below 0"),
        new Choice("elu", "x, or exp(x) - 1 below 0"),
        new Choice("gelu", "x times the normal distribution function"),
        new Choice("sigmoid", "1 / (1 + exp(-x))", "logistic"),
        new Choice("tanh", "hyperbolic tangent"),
        new Choice("linear", "none: shows what the others are for", "identity"))
    {
        Hints = ForeignNames.Values(ParameterNames.Activation),
    };

    private static readonly ChoiceRule Losses = new(
        new Choice("cross_entropy", "softmax and negative log-likelihood", "categorical_crossentropy",
            "sparse_categorical_crossentropy", "crossentropy", "cross_entropy_loss", "ce"),
        new Choice(
            "binary_cross_entropy", "sigmoid and binary cross-entropy over the outputs", "binary_crossentropy", "bce",
            "bce_with_logits"),
        new Choice("mean_squared_error", "mean of squared differences", "mse", "mse_loss", "mean_square_error"))
    {
        Hints = ForeignNames.Values(ParameterNames.Loss),
    };

    private static readonly ChoiceRule LearningRates = new(
        new Choice("constant", "the same in all epochs", "none"),
        new Choice("step", "times learning_rate_decay after every learning_rate_step epochs", "step_lr", "step_decay"),
        new Choice("exponential", "times learning_rate_decay after every epoch", "exponential_lr", "exponential_decay"),
        new Choice("cosine", "along half a cosine to the end of the training", "cosine_annealing",
            "cosine_annealing_lr", "cosine_decay"),
        new Choice("linear", "along a line to the end of the training", "linear_lr", "linear_decay"),
        new Choice("one_cycle", "up from a 25th in the first 0.3 of the training, then down to nearly nothing",
            "one_cycle_lr", "1cycle"))
    {
        Hints = ForeignNames.Values(ParameterNames.LearningRateSchedule),
    };

    private static readonly NumberKind s_amounts = new("amount", new() { Min = 0, Max = 1e6 });

    private static readonly NumberKind s_shares = new("share", new() { Min = 0, Max = 1, ExcludesMax = true });

    private static readonly NumberKind s_parts = new("part", new() { Min = 0, Max = 1 });

    private static readonly NumberKind s_epochsLong = new("warmup_epochs", new() { Min = 0, Max = 100_000 });

    private static readonly NumberKind s_sizes =
        new("size", new() { IsInteger = true, Min = 0, Max = NetworkLimits.MaxSize });

    /// <summary>All of them, in the order in which they are listed to the user.</summary>
    public static IReadOnlyList<ParameterDescription> All { get; } =
    [
        ParameterDescription.OfTexts(
            ParameterNames.Architecture,
            new TextRule
            {
                Noun = "the name of an architecture, or layers such as 'flatten | dense 128 relu | dense 10'",
                MaxLength = ArchitectureLength,
            },
            "The network: a name under 'architectures', a built-in name, or a list of layers.",
            "all of 'architectures'"),
        ParameterDescription.OfNumbers(
            ParameterNames.LearningRate,
            s_amounts,
            "The step size of the optimizer.",
            "0.01 with sgd and adagrad, 1 with adadelta, otherwise 0.001"),
        ParameterDescription.OfNumbers(
            ParameterNames.BatchSize,
            new("batch_size", new() { IsInteger = true, Min = 1, Max = 1_000_000 }),
            "Samples in one step of the optimizer.",
            "100"),
        ParameterDescription.OfNumbers(
            ParameterNames.Epochs,
            new("epochs", new() { IsInteger = true, Min = 1, Max = 100_000 }),
            "Passes over the training samples.",
            "the file's 'epochs'"),
        ParameterDescription.OfTexts(ParameterNames.Optimizer, Optimizers, "The update rule.", "adam"),
        ParameterDescription.OfNumbers(
            ParameterNames.Momentum,
            s_shares,
            "Momentum of sgd and rmsprop.",
            "0"),
        ParameterDescription.OfFlags(ParameterNames.Nesterov, "Nesterov's form of sgd's momentum.", "false"),
        ParameterDescription.OfNumbers(
            ParameterNames.WeightDecay,
            s_amounts,
            "Decay of the weights: in the gradient, with adamw decoupled from it.",
            "0, with adamw 0.01"),
        ParameterDescription.OfNumbers(
            ParameterNames.Dropout,
            s_shares,
            "Replaces the rate of every dropout layer.",
            "as the architecture says"),
        ParameterDescription.OfTexts(
            ParameterNames.Initializer, Initializers, "How weights start; biases start at zero.", "xavier_uniform"),
        ParameterDescription.OfTexts(
            ParameterNames.Activation,
            Activations,
            "Replaces the activation of every hidden layer.",
            "as the architecture says"),
        ParameterDescription.OfTexts(
            ParameterNames.Loss,
            Losses,
            "What is minimised.",
            "cross_entropy for classes, mean_squared_error for numbers"),
        ParameterDescription.OfTexts(
            ParameterNames.LearningRateSchedule,
            LearningRates,
            "How the learning rate moves: with each step of the optimizer, with step and exponential after whole "
                + "epochs.",
            "constant"),
        ParameterDescription.OfNumbers(
            ParameterNames.LearningRateDecay,
            new("factor", new() { Min = 0, ExcludesMin = true, Max = 1 }),
            "The factor of the schedules step and exponential.",
            "0.1 with step, 0.9 with exponential"),
        ParameterDescription.OfNumbers(
            ParameterNames.LearningRateStep,
            new("step_epochs", new() { IsInteger = true, Min = 1, Max = 100_000 }),
            "Epochs from one fall of the schedule step to the next.",
            "5"),
        ParameterDescription.OfNumbers(
            ParameterNames.LearningRateEnd,
            s_parts,
            "The rate at the end of the schedules cosine and linear, as a share of the learning rate.",
            "0"),
        ParameterDescription.OfNumbers(
            ParameterNames.WarmupEpochs,
            s_epochsLong,
            "Epochs, or a part of one, in which the rate rises to the learning rate, before any schedule.",
            "0, with one_cycle 0.3 of all"),
        ParameterDescription.OfNumbers(
            ParameterNames.ClipNorm,
            s_amounts,
            "The longest gradient over all weights; a longer one is shortened to it; 0: any.",
            "0"),
        ParameterDescription.OfNumbers(
            ParameterNames.ClipValue,
            s_amounts,
            "The largest gradient of a weight; a larger one is cut to it, before clip_norm; 0: any.",
            "0"),
        ParameterDescription.OfNumbers(
            ParameterNames.LabelSmoothing,
            s_shares,
            "Share of the target that is spread over all classes.",
            "0"),
        ParameterDescription.OfTexts(
            ParameterNames.ClassWeights,
            new ClassWeightsRule(),
            "What a sample of each class counts while it is learned from; balanced: samples / (classes x samples of "
                + "the class).",
            "none"),
        ParameterDescription.OfNumbers(
            ParameterNames.AugmentShift,
            s_shares,
            "Pictures are moved by up to this share of width and height, each time anew.",
            "0"),
        ParameterDescription.OfNumbers(
            ParameterNames.AugmentRotation,
            new("degrees", new() { Min = 0, Max = 180 }),
            "Pictures are turned by up to this many degrees either way.",
            "0"),
        ParameterDescription.OfNumbers(
            ParameterNames.AugmentZoom,
            s_shares,
            "Pictures are made larger or smaller by up to this share.",
            "0"),
        ParameterDescription.OfFlags(
            ParameterNames.AugmentFlip, "Pictures are mirrored, left for right, one time in two.", "false"),
        ParameterDescription.OfNumbers(
            ParameterNames.AugmentBrightness,
            s_parts,
            "Pictures are made brighter or darker by up to this share.",
            "0"),
        ParameterDescription.OfNumbers(
            ParameterNames.AugmentCutout,
            s_parts,
            "A square of this share of the shorter side is blackened somewhere in each picture.",
            "0"),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(p => p.Name)];

    /// <summary>A size of a network, which stands as a placeholder in an architecture.</summary>
    public static ParameterDescription Size(string name) => ParameterDescription.OfNumbers(
        name, s_sizes, "What stands for the placeholder of that name in 'architectures'.", "none");

    /// <summary>The parameter of that name.</summary>
    public static ParameterDescription Get(string name) => All.First(p => p.Name == name);
}

/// <summary>One of the hyperparameters that a sweep can search.</summary>
internal sealed class ParameterDescription
{
    /// <summary>Values in a list, and points of a range.</summary>
    public const int MaxValues = 10_000;

    private readonly NumberRule? _numbers;
    private readonly SharedRule<double>? _ends;

    private ParameterDescription(
        string name, string kind, Rule<ParameterValue> rule, string doc, string defaultValue)
    {
        (Name, Kind, Rule, Doc, Default) = (name, kind, rule, doc, defaultValue);
        Values = new SharedRule<ImmutableArray<ParameterValue>>(
            $"{kind}_values", new ListRule<ParameterValue>(rule, MaxValues));
    }

    private ParameterDescription(
        string name, NumberKind numbers, SharedRule<double> ends, string doc, string defaultValue)
        : this(name, numbers.Name, ends.Select(ParameterValue.Of), doc, defaultValue) =>
        (_numbers, _ends) = (numbers.Rule, ends);

    /// <summary>Its name in sweep files.</summary>
    public string Name { get; }

    /// <summary>Parameters of one kind allow the same; the schema writes it once.</summary>
    public string Kind { get; }

    /// <summary>What a value of it may be.</summary>
    public Rule<ParameterValue> Rule { get; }

    /// <summary>What a list of its values may be.</summary>
    public Rule<ImmutableArray<ParameterValue>> Values { get; }

    /// <summary>What it means.</summary>
    public string Doc { get; }

    /// <summary>What holds when a file does not name it.</summary>
    public string Default { get; }

    /// <summary>Its values are numbers, so that ranges and distributions make sense.</summary>
    public bool IsNumeric => _numbers is not null;

    /// <summary>Its values are whole numbers.</summary>
    public bool IsInteger => _numbers?.IsInteger == true;

    /// <summary>The numbers it allows.</summary>
    public Bounds Bounds => _numbers is { } rule
        ? new(rule.Min, rule.Max, rule.ExcludesMin, rule.ExcludesMax)
        : new(double.NegativeInfinity, double.PositiveInfinity, false, false);

    public static ParameterDescription OfNumbers(string name, NumberKind numbers, string doc, string defaultValue) =>
        new(name, numbers, new SharedRule<double>($"{numbers.Name}_value", numbers.Rule), doc, defaultValue);

    public static ParameterDescription OfFlags(string name, string doc, string defaultValue) =>
        new(name, name, new FlagRule().Select(ParameterValue.Of), doc, defaultValue);

    public static ParameterDescription OfTexts(string name, Rule<string> texts, string doc, string defaultValue) =>
        new(name, name, new SharedRule<string>($"{name}_value", texts).Select(ParameterValue.Of), doc, defaultValue);

    /// <summary>What the ends of a range may be: what a value may be, but whole, or above 0, where the distribution
    /// asks for it.</summary>
    public Rule<double> EndOf(DistributionDescription? distribution)
    {
        var numbers = _numbers ?? throw new InvalidOperationException($"{Name} has no ranges.");
        var isInteger = numbers.IsInteger || distribution?.IsInteger == true;
        var isAboveZero = distribution?.IsLog == true && numbers.Min <= 0;
        if (isInteger == numbers.IsInteger && !isAboveZero)
            return _ends!;
        return new NumberRule
        {
            IsInteger = isInteger,
            Min = isAboveZero ? 0 : numbers.Min,
            ExcludesMin = isAboveZero || numbers.ExcludesMin,
            Max = numbers.Max,
            ExcludesMax = numbers.ExcludesMax,
        };
    }
}

/// <summary>Numbers that several parameters allow.</summary>
/// <param name="Name">The name of the kind in the schema.</param>
/// <param name="Rule">The numbers.</param>
internal sealed record NumberKind(string Name, NumberRule Rule);
