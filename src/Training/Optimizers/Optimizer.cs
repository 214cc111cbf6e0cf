using Sweeps.Core.Trainings;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// An update rule over one flat buffer of weights: one pass a step over weights, gradients and state together. Equal
/// gradients give equal bits on every processor.
/// </summary>
internal abstract class Optimizer : IDisposable
{
    /// <summary>
    /// A rule with <paramref name="states"/> numbers of its own for each of <paramref name="length"/> weights, all zero
    /// at first.
    /// </summary>
    protected Optimizer(int length, int states) =>
        States = [.. Enumerable.Range(0, states).Select(_ => new FloatBuffer(length))];

    /// <summary>What the rule remembers between steps, one buffer a quantity; part of a checkpoint.</summary>
    public IReadOnlyList<FloatBuffer> States { get; }

    /// <summary>Steps done; part of a checkpoint.</summary>
    public long Steps { get; set; }

    /// <summary>
    /// The rule that a configuration asks for, with the defaults that <see cref="OptimizerKind"/> documents.
    /// </summary>
    /// <param name="hyperparameters">The configuration.</param>
    /// <param name="length">Length of the flat buffers.</param>
    public static Optimizer Create(Hyperparameters hyperparameters, int length)
    {
        var rate = (float)hyperparameters.LearningRate;
        var momentum = (float)(hyperparameters.Momentum ?? 0);
        var decay = (float)(hyperparameters.WeightDecay ?? 0);
        return hyperparameters.Optimizer switch
        {
            OptimizerKind.Sgd => new Sgd(length, rate, momentum, hyperparameters.Nesterov, decay),
            OptimizerKind.RmsProp => new RmsProp(length, rate, momentum, decay),
            OptimizerKind.Adagrad => new Adagrad(length, rate, decay),
            OptimizerKind.Adam => new Adam(length, rate, decay, decoupled: false),
            OptimizerKind.AdamW =>
                new Adam(length, rate, (float)(hyperparameters.WeightDecay ?? 0.01), decoupled: true),
            var kind => throw new ArgumentOutOfRangeException(nameof(hyperparameters), kind, "Unknown optimizer."),
        };
    }

    /// <summary>Changes the weights by one step against the gradient of the loss.</summary>
    public void Step(FloatBuffer weights, FloatBuffer gradients)
    {
        Steps++;
        Update(weights, gradients);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var state in States)
            state.Dispose();
    }

    /// <summary>The rule itself; <see cref="Steps"/> counts this step already.</summary>
    protected abstract void Update(FloatBuffer weights, FloatBuffer gradients);
}
