using Sweeps.Core.Networks;

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
