using Sweeps.Training.Numerics;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>
/// A tensor of floats and the same memory as a buffer; lives until disposed, outside every dispose scope.
/// </summary>
internal sealed unsafe class TensorMemory : IDisposable
{
    /// <summary>Zeros of that shape.</summary>
    public TensorMemory(params long[] shape)
    {
        Tensor = zeros(shape);
        // Inside somebody's scope the tensor would go with it.
        Tensor = Tensor.DetachFromDisposeScope();
        fixed (byte* memory = Tensor.bytes)
            Buffer = new FloatBuffer((float*)memory, checked((int)Tensor.numel()));
    }

    public Tensor Tensor { get; }

    /// <summary>Its memory; libtorch's own, which never moves.</summary>
    public FloatBuffer Buffer { get; }

    /// <summary>A part of it under another shape, likewise outside every scope.</summary>
    public Tensor View(long offset, params long[] shape)
    {
        var length = shape.Aggregate(1L, (product, size) => product * size);
        using var flat = Tensor.view(-1);
        using var part = flat.narrow(0, offset, length);
        return part.view(shape).DetachFromDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose() => Tensor.Dispose();
}
