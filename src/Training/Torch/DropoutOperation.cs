using System.Runtime.InteropServices;
using Sweeps.Core.Randomness;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>
/// Inverted dropout with masks from our own stream, sample after sample; libtorch's generator is shared by all threads.
/// </summary>
internal sealed class DropoutOperation(double rate, StreamKey key) : Operation
{
    private RandomStream _stream = new(key with { Epoch = 1 });

    /// <inheritdoc />
    public override void BeginEpoch(int epoch) => _stream = new(key with { Epoch = epoch });

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        if (!learning)
            return x;
        var mask = empty(x.shape);
        _stream.FillDropoutMask(MemoryMarshal.Cast<byte, float>(mask.bytes), (float)rate);
        return x.mul(mask);
    }
}
