using Sweeps.Core.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Networks;

/// <summary>Lays the trainable tensors of a network out in one flat buffer, each from a cache line on.</summary>
internal sealed class ParameterSlots
{
    private readonly List<ParameterSlot> _slots = [];

    /// <summary>The tensors in layer order.</summary>
    public IReadOnlyList<ParameterSlot> Slots => _slots;

    /// <summary>Floats in the flat buffer.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a tensor kept as its shape says.</summary>
    public ParameterSlot Add(int layer, ParameterShape shape) => Add(layer, shape, 0, shape.Size);

    /// <summary>Adds a dense weight kept transposed, [in, out], every row padded to whole vectors.</summary>
    public ParameterSlot AddTransposed(int layer, ParameterShape shape)
    {
        var stride = FloatBuffer.RoundUp(checked((int)shape.Dimensions[0]));
        return Add(layer, shape, stride, shape.Dimensions[1] * stride);
    }

    private ParameterSlot Add(int layer, ParameterShape shape, int rowStride, long length)
    {
        var name = $"{layer}.{shape.Role.ToString().ToLowerInvariant()}";
        var same = _slots.Count(slot => slot.Name == name || slot.Name.StartsWith(name + "_", StringComparison.Ordinal));
        var slot = new ParameterSlot(same == 0 ? name : $"{name}_{same + 1}", shape, checked((int)Length), rowStride);
        _slots.Add(slot);
        Length += FloatBuffer.RoundUp(length);
        return slot;
    }
}
