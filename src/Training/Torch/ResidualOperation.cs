using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>activation(main(x) + shortcut(x)).</summary>
internal sealed class ResidualOperation(List<Operation> main, List<Operation> shortcut, ActivationOperation activation)
    : Operation
{
    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        var around = x;
        foreach (var operation in shortcut)
            around = operation.Forward(around, learning);
        foreach (var operation in main)
            x = operation.Forward(x, learning);
        return activation.Forward(x.add(around), learning);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (var operation in main.Concat(shortcut))
            operation.Dispose();
        base.Dispose();
    }
}
