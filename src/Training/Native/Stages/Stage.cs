using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// One layer at work, its gradient derived by hand. It keeps what its backward pass needs from the last forward pass.
/// </summary>
internal abstract class Stage : IDisposable
{
    /// <summary>The outputs for <paramref name="input"/>, one row a sample; valid until the next pass.</summary>
    public abstract Matrix Forward(in Matrix input, bool learning);

    /// <summary>
    /// From the gradient with respect to the outputs, which it may overwrite, the gradients of its weights and, where
    /// wanted, that with respect to its inputs.
    /// </summary>
    public abstract Matrix Backward(in Matrix gradient, bool inputWanted);

    /// <summary>Turns to the random streams of an epoch.</summary>
    public virtual void BeginEpoch(int epoch)
    {
    }

    /// <inheritdoc />
    public abstract void Dispose();
}
