using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>One step of a network, in operations that libtorch can differentiate.</summary>
internal abstract class Operation : IDisposable
{
    /// <summary>The outputs for a batch; tensors made on the way belong to the caller's dispose scope.</summary>
    public abstract Tensor Forward(Tensor x, bool learning);

    /// <summary>Turns to the random streams of an epoch.</summary>
    public virtual void BeginEpoch(int epoch)
    {
    }

    /// <inheritdoc />
    public virtual void Dispose()
    {
    }
}
