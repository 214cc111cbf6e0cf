using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>An image as a vector: channels, rows, columns.</summary>
internal sealed class FlattenOperation : Operation
{
    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) => x.flatten(1);
}
