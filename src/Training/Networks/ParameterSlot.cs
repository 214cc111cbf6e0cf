using Sweeps.Core.Networks;

namespace Sweeps.Training.Networks;

/// <summary>Where one trainable tensor lies in the flat buffers.</summary>
/// <param name="Name">Layer number and role, as in saved models: <c>2.weight</c>.</param>
/// <param name="Shape">Its canonical shape, libtorch's.</param>
/// <param name="Offset">Its first float.</param>
/// <param name="RowStride">0: kept as its shape says. Otherwise a dense weight kept transposed, [in, out], its rows this far apart.</param>
internal sealed record ParameterSlot(string Name, ParameterShape Shape, int Offset, int RowStride)
{
    /// <summary>Copies the tensor out of a flat buffer, in canonical order.</summary>
    public void CopyFrom(ReadOnlySpan<float> flat, Span<float> canonical)
    {
        if (RowStride == 0)
        {
            flat.Slice(Offset, (int)Shape.Size).CopyTo(canonical);
            return;
        }

        var (outputs, inputs) = ((int)Shape.Dimensions[0], (int)Shape.Dimensions[1]);
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
                canonical[(output * inputs) + input] = flat[Offset + (input * RowStride) + output];
        }
    }

    /// <summary>Copies a tensor in canonical order into a flat buffer.</summary>
    public void CopyTo(ReadOnlySpan<float> canonical, Span<float> flat)
    {
        if (RowStride == 0)
        {
            canonical.CopyTo(flat.Slice(Offset, (int)Shape.Size));
            return;
        }

        var (outputs, inputs) = ((int)Shape.Dimensions[0], (int)Shape.Dimensions[1]);
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
                flat[Offset + (input * RowStride) + output] = canonical[(output * inputs) + input];
        }
    }
}
