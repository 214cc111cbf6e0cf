using Sweeps.Core.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Networks;

/// <summary>Where one trainable tensor lies in the flat buffers.</summary>
/// <param name="Name">Layer number and role, as in saved models: <c>2.weight</c>.</param>
/// <param name="Shape">Its canonical shape, libtorch's.</param>
/// <param name="Offset">Its first float.</param>
/// <param name="Place">From the place of a value in the canonical order to its place here; null: the same.</param>
internal sealed record ParameterSlot(string Name, ParameterShape Shape, int Offset, Func<int, int>? Place)
{
    /// <summary>Copies the tensor out of a flat buffer, in canonical order.</summary>
    public void CopyFrom(ReadOnlySpan<float> flat, Span<float> canonical)
    {
        if (Place is null)
            flat.Slice(Offset, canonical.Length).CopyTo(canonical);
        for (var i = 0; Place is not null && i < canonical.Length; i++)
            canonical[i] = flat[Offset + Place(i)];
    }

    /// <summary>Copies a tensor in canonical order into a flat buffer.</summary>
    public void CopyTo(ReadOnlySpan<float> canonical, Span<float> flat)
    {
        if (Place is null)
            canonical.CopyTo(flat[Offset..]);
        for (var i = 0; Place is not null && i < canonical.Length; i++)
            flat[Offset + Place(i)] = canonical[i];
    }
}

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

/// <summary>Where one running statistic lies in its flat buffer.</summary>
/// <param name="Name">Layer number and kind, as in saved models: <c>1.running_mean</c>.</param>
/// <param name="Offset">Its first float.</param>
/// <param name="Length">Its floats.</param>
internal sealed record StatisticSlot(string Name, int Offset, int Length);
