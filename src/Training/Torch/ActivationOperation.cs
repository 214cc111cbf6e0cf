using Sweeps.Core.Networks;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>An activation function.</summary>
internal sealed class ActivationOperation(Activation activation) : Operation
{
    /// <summary>Whether it is max(0, x).</summary>
    public bool IsRelu => activation.Kind == ActivationKind.Relu;

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) => activation.Kind switch
    {
        ActivationKind.Linear => x,
        ActivationKind.Relu => nn.functional.relu(x),
        ActivationKind.LeakyRelu => nn.functional.leaky_relu(x, activation.Slope),
        ActivationKind.Elu => nn.functional.elu(x, activation.Slope),
        ActivationKind.Gelu => nn.functional.gelu(x),
        ActivationKind.Sigmoid => nn.functional.sigmoid(x),
        ActivationKind.Tanh => nn.functional.tanh(x),
        ActivationKind.Softmax => nn.functional.softmax(x, 1),
        var kind => throw new InvalidOperationException($"Unknown activation {kind}."),
    };
}
