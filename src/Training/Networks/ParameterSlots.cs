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
    public ParameterSlot Add(int layer, ParameterShape shape) => Add(layer, shape, shape.Size, null);

    /// <summary>Adds the weight of a dense layer, kept as [in, out], every row padded to whole vectors.</summary>
    public ParameterSlot AddDense(int layer, ParameterShape shape)
    {
        var (inputs, stride) = ((int)shape.Dimensions[1], FloatBuffer.RoundUp((int)shape.Dimensions[0]));
        return Add(layer, shape, shape.Dimensions[1] * stride, i => (i % inputs * stride) + (i / inputs));
    }

    /// <summary>
    /// Adds the kernels of a convolution, kept as [row, column, channel, filter], channels and filters padded.
    /// </summary>
    /// <param name="layer">The layer's place.</param>
    /// <param name="shape">[filters, channels, rows, columns].</param>
    /// <param name="channels">Floats of a pixel, padding included.</param>
    public ParameterSlot AddKernels(int layer, ParameterShape shape, int channels)
    {
        var (depth, area) = ((int)shape.Dimensions[1], (int)(shape.Dimensions[2] * shape.Dimensions[3]));
        var filters = FloatBuffer.RoundUp((int)shape.Dimensions[0]);
        return Add(layer, shape, (long)area * channels * filters, i =>
        {
            var (filter, channel, place) = (i / (depth * area), i / area % depth, i % area);
            return (((place * channels) + channel) * filters) + filter;
        });
    }

    private ParameterSlot Add(int layer, ParameterShape shape, long length, Func<int, int>? place)
    {
        var name = $"{layer}.{shape.Role.ToString().ToLowerInvariant()}";
        var same = _slots.Count(slot =>
            slot.Name == name || slot.Name.StartsWith(name + "_", StringComparison.Ordinal));
        var slot = new ParameterSlot(same == 0 ? name : $"{name}_{same + 1}", shape, checked((int)Length), place);
        _slots.Add(slot);
        Length += FloatBuffer.RoundUp(length);
        return slot;
    }
}
