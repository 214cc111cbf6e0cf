using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>x W' + b.</summary>
internal sealed class DenseOperation(Tensor weight, Tensor? bias) : Operation
{
    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) => nn.functional.linear(x, weight, bias);
}
