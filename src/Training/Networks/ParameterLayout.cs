using Sweeps.Core.Networks;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Networks;

/// <summary>Where one trainable tensor lies in the flat buffers.</summary>
/// <param name="Name">Layer number and role, as in saved models: <c>2.weight</c>.</param>
/// <param name="Shape">Its canonical shape, libtorch's.</param>
/// <param name="Offset">Its first float.</param>
/// <param name="Position">From a value's position in canonical order to its position here; null: the same.</param>
internal sealed record ParameterPlace(string Name, ParameterShape Shape, int Offset, Func<int, int>? Position)
{
    /// <summary>The place of its layer, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary>Its floats here, padding included.</summary>
    public required int Length { get; init; }

    /// <summary>
    /// Whether it is the weight of a dense layer kept as [out, in], which <see cref="KeptForm"/> has as [in, out].
    /// </summary>
    public bool IsTurned { get; init; }

    /// <summary>Copies the tensor out of a flat buffer, in canonical order.</summary>
    public void CopyFrom(ReadOnlySpan<float> flat, Span<float> canonical)
    {
        if (Position is null)
            flat.Slice(Offset, canonical.Length).CopyTo(canonical);
        for (var i = 0; Position is not null && i < canonical.Length; i++)
            canonical[i] = flat[Offset + Position(i)];
    }

    /// <summary>Copies a tensor in canonical order into a flat buffer.</summary>
    public void CopyTo(ReadOnlySpan<float> canonical, Span<float> flat)
    {
        if (Position is null)
            canonical.CopyTo(flat[Offset..]);
        for (var i = 0; Position is not null && i < canonical.Length; i++)
            flat[Offset + Position(i)] = canonical[i];
    }
}

/// <summary>Lays the trainable tensors of a network out in one flat buffer, each from a cache line on.</summary>
internal sealed class ParameterLayout
{
    private readonly List<ParameterPlace> _places = [];

    /// <summary>The tensors in layer order.</summary>
    public IReadOnlyList<ParameterPlace> Places => _places;

    /// <summary>Floats in the flat buffer.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a tensor kept as its shape says.</summary>
    public ParameterPlace Add(int layer, ParameterShape shape) => Add(layer, shape, shape.Size, null);

    /// <summary>
    /// Adds the weight of a dense layer, kept as [in, out], every row padded to whole vectors, or turned: as [out, in],
    /// without padding, inputs being whole vectors.
    /// </summary>
    public ParameterPlace AddDense(int layer, ParameterShape shape, bool isTurned)
    {
        if (isTurned)
            return Add(layer, shape, shape.Size, null, isTurned);
        var (inputs, stride) = ((int)shape.Dimensions[1], FloatBuffer.RoundUp((int)shape.Dimensions[0]));
        return Add(layer, shape, shape.Dimensions[1] * stride, i => (i % inputs * stride) + (i / inputs));
    }

    /// <summary>
    /// Adds the kernels of a convolution, kept as [row, column, channel, filter], channels and filters padded.
    /// </summary>
    /// <param name="layer">The layer's place.</param>
    /// <param name="shape">[filters, channels, rows, columns].</param>
    /// <param name="channels">Floats of a pixel, padding included.</param>
    public ParameterPlace AddKernels(int layer, ParameterShape shape, int channels)
    {
        var (depth, area) = ((int)shape.Dimensions[1], (int)(shape.Dimensions[2] * shape.Dimensions[3]));
        var filters = FloatBuffer.RoundUp((int)shape.Dimensions[0]);
        return Add(layer, shape, (long)area * channels * filters, i =>
        {
            var (filter, channel, position) = (i / (depth * area), i / area % depth, i % area);
            return (((position * channels) + channel) * filters) + filter;
        });
    }

    /// <summary>A name that no other has: a layer of paths may have several of a kind.</summary>
    public static string Numbered(string name, IEnumerable<string> others)
    {
        var same = others.Count(other => other == name || other.StartsWith(name + "_", StringComparison.Ordinal));
        return same == 0 ? name : $"{name}_{same + 1}";
    }

    private ParameterPlace Add(
        int layer, ParameterShape shape, long length, Func<int, int>? position, bool isTurned = false)
    {
        var name = $"{layer}.{shape.Role.ToString().ToLowerInvariant()}";
        var place = new ParameterPlace(
            Numbered(name, _places.Select(place => place.Name)), shape, checked((int)Length), position)
        {
            Layer = layer,
            Length = checked((int)length),
            IsTurned = isTurned,
        };
        _places.Add(place);
        Length += FloatBuffer.RoundUp(length);
        return place;
    }
}

/// <summary>
/// The flat form that checkpoints hold, and by which sums over all weights are taken: dense weights as [in, out], every
/// row padded to whole vectors. It stays as it is, however they lie at work.
/// </summary>
/// <param name="places">Where the tensors lie at work.</param>
/// <param name="length">Floats of the buffer at work.</param>
internal sealed class KeptForm(IReadOnlyList<ParameterPlace> places, int length)
{
    /// <summary>Whether it differs from that at work.</summary>
    public bool IsOther { get; } = places.Any(place => place.IsTurned);

    /// <summary>Its floats.</summary>
    public int Length { get; } = places.Any(place => place.IsTurned)
        ? checked((int)places.Sum(place => (long)LengthOf(place))) : length;

    /// <summary>Brings a buffer at work into this form.</summary>
    public float[] Of(ReadOnlySpan<float> flat)
    {
        var kept = new float[Length];
        Copy(flat, kept);
        return kept;
    }

    /// <summary>
    /// Brings a buffer at work into this form. Where it lay turned, padding is zero, whatever an optimizer would have
    /// made of it.
    /// </summary>
    public unsafe void Copy(ReadOnlySpan<float> flat, Span<float> kept)
    {
        if (!IsOther)
        {
            flat.CopyTo(kept);
            return;
        }

        for (var i = 0; i < places.Count; i++)
        {
            var place = places[i];
            if (place.IsTurned)
            {
                var (outputs, inputs, stride) = SizesOf(place);
                fixed (float* source = flat.Slice(place.Offset, outputs * inputs))
                fixed (float* target = kept[..(inputs * stride)])
                    MatrixPanel.CopyTransposed(source, inputs, inputs, outputs, stride, target);
            }
            else
            {
                flat.Slice(place.Offset, FloatBuffer.RoundUp(place.Length)).CopyTo(kept);
            }

            kept = kept[LengthOf(place)..];
        }
    }

    /// <summary>Brings this form back into a buffer at work.</summary>
    public void CopyBack(ReadOnlySpan<float> kept, Span<float> flat)
    {
        if (!IsOther)
        {
            kept.CopyTo(flat);
            return;
        }

        foreach (var place in places)
        {
            if (place.IsTurned)
            {
                var (outputs, inputs, stride) = SizesOf(place);
                for (var at = 0; at < outputs * inputs; at++)
                    flat[place.Offset + at] = kept[(at % inputs * stride) + (at / inputs)];
            }
            else
            {
                kept[..FloatBuffer.RoundUp(place.Length)].CopyTo(flat[place.Offset..]);
            }

            kept = kept[LengthOf(place)..];
        }
    }

    private static (int Outputs, int Inputs, int Stride) SizesOf(ParameterPlace place)
    {
        var outputs = (int)place.Shape.Dimensions[0];
        return (outputs, (int)place.Shape.Dimensions[1], FloatBuffer.RoundUp(outputs));
    }

    private static int LengthOf(ParameterPlace place) => place.IsTurned
        ? (int)place.Shape.Dimensions[1] * FloatBuffer.RoundUp((int)place.Shape.Dimensions[0])
        : FloatBuffer.RoundUp(place.Length);
}

/// <summary>Where one running statistic lies in its flat buffer.</summary>
/// <param name="Name">Layer number and kind, as in saved models: <c>1.running_mean</c>.</param>
/// <param name="Offset">Its first float.</param>
/// <param name="Length">Its floats.</param>
/// <param name="First">What they are before the first batch.</param>
internal sealed record StatisticPlace(string Name, int Offset, int Length, float First = 0);

/// <summary>Lays the running statistics of a network out in one flat buffer.</summary>
/// <param name="isPadded">Whether each takes whole vectors.</param>
internal sealed class StatisticLayout(bool isPadded)
{
    private readonly List<StatisticPlace> _places = [];

    /// <summary>The statistics in layer order.</summary>
    public IReadOnlyList<StatisticPlace> Places => _places;

    /// <summary>Floats in the flat buffer.</summary>
    public int Length { get; private set; }

    /// <summary>Adds the mean and the variance of a normalisation.</summary>
    public (StatisticPlace Mean, StatisticPlace Variance) AddMoments(int layer, int channels) =>
        (Add($"{layer}.running_mean", channels, 0), Add($"{layer}.running_var", channels, 1));

    /// <summary>Writes the first values.</summary>
    public void Fill(FloatBuffer buffer)
    {
        foreach (var place in _places)
            buffer.Span.Slice(place.Offset, place.Length).Fill(place.First);
    }

    private StatisticPlace Add(string name, int length, float first)
    {
        var place = new StatisticPlace(
            ParameterLayout.Numbered(name, _places.Select(other => other.Name)), Length, length, first);
        _places.Add(place);
        Length += isPadded ? FloatBuffer.RoundUp(length) : length;
        return place;
    }
}
