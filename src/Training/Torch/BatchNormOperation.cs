using Sweeps.Core.Networks;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>Batch normalisation; it owns its views of the running statistics.</summary>
internal sealed class BatchNormOperation(BatchNormLayer layer, Tensor gamma, Tensor beta, Tensor mean, Tensor variance)
    : Operation
{
    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        // One value a channel has no variance; libtorch refuses it. The running statistics stand in.
        var measures = learning && x.numel() > x.shape[1];
        return nn.functional.batch_norm(x, mean, variance, gamma, beta, measures, 1 - layer.Momentum, layer.Epsilon);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        mean.Dispose();
        variance.Dispose();
        base.Dispose();
    }
}
