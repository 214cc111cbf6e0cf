using Sweeps.Core.Trainings;
using Sweeps.Training.Native;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Optimizers;

/// <summary>
/// An update rule over one flat buffer of weights: one pass a step over weights, gradients and state together. Equal
/// gradients give equal bits on every processor.
/// </summary>
internal abstract class Optimizer : IDisposable
{
    // Numbers that a rule reads and writes for each weight wait for memory longer than one elementwise pass.
    private const long PassesEach = 3;

    // Weights of which it is known whether what the rule remembers of them fades, and steps until that is looked at
    // anew. No bit depends on it.
    private const int Block = 64 * FloatBuffer.Lane;
    private const int LookEvery = 16;

    private readonly double _rate;
    private readonly ThreadTeam.TeamLoop _update;
    private readonly bool[] _isFading;
    private long _lookedAt = -LookEvery;
    private FloatBuffer? _weights;
    private FloatBuffer? _gradients;

    /// <summary>
    /// A rule with <paramref name="states"/> numbers of its own for each of <paramref name="length"/> weights, all zero
    /// at first.
    /// </summary>
    protected Optimizer(int length, int states, float rate)
    {
        _rate = Rate = rate;
        _isFading = new bool[(length + Block - 1) / Block];
        _update = (_, first, end) => UpdateBlocks(_weights!, _gradients!, first, end);
        States = [.. Enumerable.Range(0, states).Select(_ => new FloatBuffer(length))];
    }

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
            OptimizerKind.Nadam => new Nadam(length, rate, decay),
            OptimizerKind.Adadelta => new Adadelta(length, rate, decay),
            OptimizerKind.Adamax => new Adamax(length, rate, decay),
            var kind => throw new ArgumentOutOfRangeException(nameof(hyperparameters), kind, "Unknown optimizer."),
        };
    }

    /// <summary>Changes the weights by one step against the gradient of the loss.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradients">The gradient of the loss with respect to them.</param>
    /// <param name="factor">On the learning rate, in this step.</param>
    /// <param name="team">Who shares the work; null: nobody does.</param>
    public void Step(FloatBuffer weights, FloatBuffer gradients, double factor = 1, ThreadTeam? team = null)
    {
        Steps++;
        Rate = (float)(_rate * factor);
        BeginStep();
        // A resume may go back.
        if (Steps - _lookedAt is < 0 or >= LookEvery)
            Look();
        if (team is null)
        {
            UpdateBlocks(weights, gradients, 0, _isFading.Length);
            return;
        }

        (_weights, _gradients) = (weights, gradients);
        var work = weights.Length * ThreadTeam.ElementWork * PassesEach;
        team.For(_isFading.Length, work, _update);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var state in States)
            state.Dispose();
    }

    /// <summary>The learning rate of this step.</summary>
    protected float Rate { get; private set; }

    /// <summary>x to a whole power by squaring: the platform's pow may round differently from machine to machine.
    /// </summary>
    protected static double Power(double x, long exponent)
    {
        var power = 1.0;
        for (; exponent > 0; exponent >>= 1, x *= x)
        {
            if ((exponent & 1) != 0)
                power *= x;
        }

        return power;
    }

    /// <summary>What a step does once, before its parts.</summary>
    protected virtual void BeginStep()
    {
    }

    /// <summary>The rule itself, on some of the weights; <see cref="Steps"/> counts this step already.</summary>
    /// <param name="weights">All weights.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="first">The first weight of this part; whole vectors.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="isFading">Whether some of what is remembered of them was subnormal lately.</param>
    protected abstract void Update(FloatBuffer weights, FloatBuffer gradients, int first, int end, bool isFading);

    private void Look()
    {
        _lookedAt = Steps;
        for (var block = 0; block < _isFading.Length; block++)
        {
            var isFading = false;
            for (var i = 0; i < States.Count; i++)
                isFading |= Fading.IsIn(States[i], block * Block, Math.Min((block + 1) * Block, States[i].Length));
            _isFading[block] = isFading;
        }
    }

    private void UpdateBlocks(FloatBuffer weights, FloatBuffer gradients, int first, int end)
    {
        for (var next = first; first < end; first = next)
        {
            while (++next < end && _isFading[next] == _isFading[first])
            {
            }

            Update(weights, gradients, first * Block, Math.Min(next * Block, weights.Length), _isFading[first]);
        }
    }
}
