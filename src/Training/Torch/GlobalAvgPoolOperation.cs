using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>The mean of each channel.</summary>
internal sealed class GlobalAvgPoolOperation : Operation
{
    private static readonly long[] s_pixels = [2, 3];

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) => x.mean(s_pixels);
}
