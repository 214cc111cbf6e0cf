using Sweeps.Training.Data;
using Sweeps.Training.Native;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Networks;

/// <summary>
/// A network at work: its weights, and the passes that give outputs and gradients. Everything lies in buffers made
/// once; a step allocates nothing. Used by one thread at a time.
/// </summary>
internal abstract class Network : IDisposable
{
    private KeptForm? _kept;

    /// <summary>Where each trainable tensor lies, in layer order.</summary>
    public abstract IReadOnlyList<ParameterPlace> ParameterPlaces { get; }

    /// <summary>All trainable weights.</summary>
    public abstract FloatBuffer Weights { get; }

    /// <summary>
    /// The gradient of the loss with respect to <see cref="Weights"/>, float by float; padding is zero.
    /// </summary>
    public abstract FloatBuffer Gradients { get; }

    /// <summary>Running statistics: kept but not trained; empty without batch normalisation.</summary>
    public abstract FloatBuffer Statistics { get; }

    /// <summary>Where each running statistic lies, in layer order.</summary>
    public abstract IReadOnlyList<StatisticPlace> StatisticPlaces { get; }

    /// <summary>The most samples a batch may have.</summary>
    public abstract int Capacity { get; }

    /// <summary>Who computes its passes; the bits do not depend on how many they are.</summary>
    public ThreadTeam Team { get; } = new();

    /// <summary>The form in which checkpoints hold <see cref="Weights"/> and what is as long.</summary>
    public KeptForm Kept => _kept ??= new(ParameterPlaces, Weights.Length);

    /// <summary>Number of trainable weights.</summary>
    public long WeightCount => ParameterPlaces.Sum(place => place.Shape.Size);

    /// <summary>Turns to the random streams of an epoch.</summary>
    /// <param name="epoch">From 1.</param>
    public abstract void BeginEpoch(int epoch);

    /// <summary>The outputs for a batch, one row a sample; valid until the next pass.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="learning">Whether <see cref="Backward"/> follows: dropout drops, statistics move.</param>
    public abstract Matrix Forward(Batch batch, bool learning);

    /// <summary>
    /// Where the loss writes its gradient with respect to the outputs of the last <see cref="Forward"/>.
    /// </summary>
    public abstract Matrix OutputGradient { get; }

    /// <summary>Fills <see cref="Gradients"/> from <see cref="OutputGradient"/>.</summary>
    public abstract void Backward();

    /// <inheritdoc />
    public abstract void Dispose();
}
