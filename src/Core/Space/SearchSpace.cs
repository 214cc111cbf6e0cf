using Sweeps.Core.Specs.Rules;
using Sweeps.Core.Specs;
using Sweeps.Core.Training;

namespace Sweeps.Core.Space;

/// <summary>Turns the searched parameters of a configuration into what is trained, with the defaults that
/// <see cref="Parameters"/> documents.</summary>
public static class HyperparametersReader
{
    private const double SlowLearningRate = 0.01;
    private const double LearningRate = 0.001;
    private const int BatchSize = 100;

    /// <summary>The hyperparameters of one configuration.</summary>
    public static Hyperparameters Read(SweepSpecification specification, ParameterAssignment assignment)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(assignment);
        var optimizer = Named<OptimizerKind>(assignment, Parameters.Optimizer) ?? OptimizerKind.Adam;
        return new()
        {
            Architecture = specification.ArchitectureText(assignment[Parameters.Architecture]?.Text
                ?? throw new ArgumentException("A configuration has an architecture.", nameof(assignment))),
            LearningRate = assignment["learning_rate"]?.Number
                ?? (optimizer is OptimizerKind.Sgd or OptimizerKind.Adagrad ? SlowLearningRate : LearningRate),
            BatchSize = (int)(assignment["batch_size"]?.Number ?? BatchSize),
            Epochs = (int)(assignment[Parameters.Epochs]?.Number ?? specification.Epochs),
            Optimizer = optimizer,
            Momentum = assignment["momentum"]?.Number,
            Nesterov = assignment["nesterov"]?.Number == 1,
            WeightDecay = assignment["weight_decay"]?.Number,
            Dropout = assignment["dropout"]?.Number,
            Initializer = Named<InitializerKind>(assignment, "initializer"),
            Activation = assignment["activation"]?.Text,
            Loss = Named<LossKind>(assignment, "loss"),
        };
    }

    /// <summary>File names are the kinds' names with underscores: xavier_uniform is XavierUniform.</summary>
    private static TKind? Named<TKind>(ParameterAssignment assignment, string name)
        where TKind : struct, Enum =>
        assignment[name]?.Text is { } text
            ? Enum.Parse<TKind>(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true) : null;
}

/// <summary>A network of a sweep under its name.</summary>
/// <param name="Name">As it is called in the sweep's tables and in <c>parameters.architecture</c>.</param>
/// <param name="Text">What is trained: a built-in name, or layers (<c>flatten | dense 128 relu | dense 10</c>).</param>
public sealed record NamedArchitecture(string Name, string Text);
