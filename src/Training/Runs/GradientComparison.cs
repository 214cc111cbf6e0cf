using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;

namespace Sweeps.Training.Runs;

/// <summary>
/// The first steps of a training with the gradients of another engine beside them. The other network gets the same
/// weights before each step, so that no difference of rounding is enlarged by the steps after it.
/// </summary>
internal sealed class GradientComparison : ITrainingObserver, IDisposable
{
    private readonly Network _other;
    private readonly int _steps;
    private readonly IReadOnlySet<int> _frozen;
    private readonly List<double> _differences = [];

    /// <summary>A network beside that of the training.</summary>
    /// <param name="setup">The training on the other engine.</param>
    /// <param name="steps">How many.</param>
    public GradientComparison(TrainingSetup setup, int steps)
        : this(
            NetworkFactory.Create(
                setup.Engine.Engine, setup.Plan, setup.Streams,
                Math.Min(setup.Request.Hyperparameters.BatchSize, setup.Learning.Length), setup.Frozen,
                setup.Request.Stages),
            steps,
            setup.Frozen)
    {
    }

    /// <summary>A network beside another.</summary>
    /// <param name="other">The network; disposed of with this.</param>
    /// <param name="steps">How many.</param>
    /// <param name="frozen">Layers whose gradients do not count.</param>
    public GradientComparison(Network other, int steps, IReadOnlySet<int> frozen)
    {
        (_other, _steps, _frozen) = (other, steps, frozen);
        other.BeginEpoch(1);
    }

    /// <summary>
    /// For each step the Euclidean norm of the difference between both gradients, as a share of the gradient's norm.
    /// </summary>
    public IReadOnlyList<double> Differences => _differences;

    /// <inheritdoc />
    public string? StopReason => _differences.Count < _steps ? null : "as many steps as are compared";

    /// <inheritdoc />
    public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint) => "one epoch is enough";

    /// <summary>Compares one step.</summary>
    /// <param name="network">After its backward pass.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="batch">The samples of the step.</param>
    public void Compare(Network network, Loss loss, Batch batch)
    {
        var places = network.ParameterPlaces.Zip(_other.ParameterPlaces).ToList();
        foreach (var (mine, its) in places)
        {
            var values = new float[mine.Shape.Size];
            mine.CopyFrom(network.Weights.Span, values);
            its.CopyTo(values, _other.Weights.Span);
        }

        loss.ScoreWithGradient(_other.Forward(batch, learning: true), batch, _other.OutputGradient);
        _other.Backward();
        var (difference, norm) = (0.0, 0.0);
        foreach (var (mine, its) in places.Where(pair => !_frozen.Contains(pair.First.Layer)))
        {
            float[] one = new float[mine.Shape.Size], two = new float[mine.Shape.Size];
            mine.CopyFrom(network.Gradients.Span, one);
            its.CopyFrom(_other.Gradients.Span, two);
            for (var i = 0; i < one.Length; i++)
            {
                difference += ((double)one[i] - two[i]) * ((double)one[i] - two[i]);
                norm += (double)one[i] * one[i];
            }
        }

        _differences.Add(difference == 0 ? 0 : Math.Sqrt(difference / norm));
    }

    /// <inheritdoc />
    public void Dispose() => _other.Dispose();
}
