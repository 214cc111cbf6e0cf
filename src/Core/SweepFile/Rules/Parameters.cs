using Sweeps.Core.Space;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>The hyperparameters that a sweep can search: the table that validates files and documents them in the
/// schema.</summary>
public static class Parameters
{
    /// <summary>Characters of an architecture written in place; longer ones are files.</summary>
    internal const int ArchitectureLength = 10_000;

    private static readonly ChoiceRule Optimizers = new(
        new Choice("sgd", "stochastic gradient descent, with momentum and nesterov"),
        new Choice("rmsprop", "RMSprop, rho 0.9"),
        new Choice("adagrad", "Adagrad"),
        new Choice("adam", "Adam, beta 0.9 and 0.999"),
        new Choice("adamw", "Adam with decoupled weight decay"));

    private static readonly ChoiceRule Initializers = new(
        new Choice("xavier_uniform", "uniform in +-sqrt(6 / (fan_in + fan_out))", "glorot_uniform"),
        new Choice("xavier_normal", "normal, deviation sqrt(2 / (fan_in + fan_out))", "glorot_normal"),
        new Choice("he_uniform", "uniform in +-sqrt(6 / fan_in)", "kaiming_uniform"),
        new Choice("he_normal", "normal, deviation sqrt(2 / fan_in)", "kaiming_normal"),
        new Choice("zeros", "all zero: shows why symmetry must be broken"));

    private static readonly ChoiceRule Activations = new(
        new Choice("relu", "max(0, x)"),
        new Choice("leaky_relu", "x, or a small slope below 0"),
        new Choice("elu", "x, or exp(x) - 1 below 0"),
        new Choice("gelu", "x times the normal distribution function"),
        new Choice("sigmoid", "1 / (1 + exp(-x))"),
        new Choice("tanh", "hyperbolic tangent"),
        new Choice("linear", "none: shows what the others are for"));

    private static readonly ChoiceRule Losses = new(
        new Choice("cross_entropy", "softmax and negative log-likelihood", "categorical_crossentropy",
            "sparse_categorical_crossentropy"),
        new Choice(
            "binary_cross_entropy", "sigmoid and binary cross-entropy over the outputs", "binary_crossentropy", "bce"),
        new Choice("mean_squared_error", "mean of squared differences", "mse"));

    /// <summary>All of them, in the order in which they are listed to the user.</summary>
    public static IReadOnlyList<ParameterDescription> All { get; } =
    [
        new(
            ParameterNames.Architecture,
            new TextRule
            {
                Noun = "the name of an architecture, or layers such as 'flatten | dense 128 relu | dense 10'",
                MaxLength = ArchitectureLength,
            },
            "The network: a name under 'architectures', a built-in name, or a list of layers.",
            "all of 'architectures'"),
        new(
            ParameterNames.LearningRate,
            new NumberRule { Min = 0, Max = 1e6 },
            "The step size of the optimizer.",
            "0.01 with sgd and adagrad, otherwise 0.001"),
        new(
            ParameterNames.BatchSize,
            new NumberRule { IsInteger = true, Min = 1, Max = 1_000_000 },
            "Samples in one step of the optimizer.",
            "100"),
        new(
            ParameterNames.Epochs,
            new NumberRule { IsInteger = true, Min = 1, Max = 100_000 },
            "Passes over the training samples.",
            "the file's 'epochs'"),
        new(ParameterNames.Optimizer, Optimizers, "The update rule.", "adam"),
        new(
            ParameterNames.Momentum,
            new NumberRule { Min = 0, Max = 1, ExcludesMax = true },
            "Momentum of sgd and rmsprop.",
            "0"),
        new(ParameterNames.Nesterov, new FlagRule(), "Nesterov's form of sgd's momentum.", "false"),
        new(
            ParameterNames.WeightDecay,
            new NumberRule { Min = 0, Max = 1e6 },
            "Decay of the weights: in the gradient, with adamw decoupled from it.",
            "0, with adamw 0.01"),
        new(
            ParameterNames.Dropout,
            new NumberRule { Min = 0, Max = 1, ExcludesMax = true },
            "Replaces the rate of every dropout layer.",
            "as the architecture says"),
        new(ParameterNames.Initializer, Initializers, "How weights start; biases start at zero.", "xavier_uniform"),
        new(ParameterNames.Activation, Activations, "Replaces the activation of every hidden layer.", "as the architecture says"),
        new(ParameterNames.Loss, Losses, "What is minimised.", "cross_entropy for classes, mean_squared_error for numbers"),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(p => p.Name)];

    /// <summary>What others call them; a typing aid in messages, not accepted.</summary>
    internal static IReadOnlyDictionary<string, string> OtherNames { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["lr"] = "learning_rate",
            ["learn_rate"] = "learning_rate",
            ["eta"] = "learning_rate",
            ["decay"] = "weight_decay",
            ["wd"] = "weight_decay",
            ["l2"] = "weight_decay",
            ["bs"] = "batch_size",
            ["batch"] = "batch_size",
            ["epoch"] = "epochs",
            ["opt"] = "optimizer",
            ["dropout_rate"] = "dropout",
            ["model"] = "architecture",
            ["network"] = "architecture",
            ["init"] = "initializer",
            ["kernel_initializer"] = "initializer",
            ["criterion"] = "loss",
        };

    /// <summary>The parameter of that name.</summary>
    public static ParameterDescription Get(string name) => All.First(p => p.Name == name);
}

/// <summary>One of the hyperparameters that a sweep can search.</summary>
/// <param name="Name">Its name in sweep files.</param>
/// <param name="Rule">What a value of it may be.</param>
/// <param name="Doc">What it means.</param>
/// <param name="Default">What holds when a file does not name it.</param>
public sealed record ParameterDescription(string Name, Rule Rule, string Doc, string Default)
{
    /// <summary>Its values are numbers, so that ranges and distributions make sense.</summary>
    public bool IsNumeric => Rule is NumberRule;

    /// <summary>Its values are whole numbers.</summary>
    public bool IsInteger => Rule is NumberRule { IsInteger: true };

    /// <summary>The numbers it allows.</summary>
    public Bounds Bounds => Rule is NumberRule rule
        ? new(rule.Min, rule.Max, rule.ExcludesMin, rule.ExcludesMax)
        : new(double.NegativeInfinity, double.PositiveInfinity, false, false);
}
