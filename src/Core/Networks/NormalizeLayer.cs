using System.Collections.Immutable;
using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// <c>normalize mean 0.485,0.456,0.406 std 0.229,0.224,0.225</c>: takes the mean from each channel and divides by the
/// deviation, as torchvision's Normalize: what pictures went through in front of a network that was trained elsewhere.
/// A pixel is from 0 to 1 here. <c>normalize torch</c>, <c>caffe</c> and <c>tf</c> are the three ways of
/// keras.applications (imagenet_utils.preprocess_input).
/// </summary>
/// <param name="Means">One for each channel, in the order in which they go out; or one for all.</param>
/// <param name="Deviations">Likewise, above 0.</param>
/// <param name="IsReversed">Whether red, green, blue become blue, green, red (<c>channels bgr</c>).</param>
public sealed record NormalizeLayer(
    ImmutableArray<double> Means, ImmutableArray<double> Deviations, bool IsReversed = false) : Layer
{
    /// <summary>The three ways by name, of pixels from 0 to 255 there and from 0 to 1 here.</summary>
    private static readonly Dictionary<string, NormalizeLayer> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["torch"] = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ["caffe"] = new([103.939 / 255, 116.779 / 255, 123.68 / 255], [1.0 / 255], IsReversed: true),
        ["tf"] = new([0.5], [0.5]),
    };

    /// <summary>The names that <see cref="As"/> knows.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. s_known.Keys];

    /// <summary>One of the known ways.</summary>
    internal static NormalizeLayer As(string name) => s_known.TryGetValue(name, out var known)
        ? known
        : throw new LayerException(
            $"there is no '{Quote.Short(name)}'{NearestName.Suggest(name, Known)} Known are "
                + string.Join(", ", Known));

    /// <inheritdoc />
    public bool Equals(NormalizeLayer? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc />
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    internal override IEnumerable<string> Words()
    {
        yield return $"normalize mean {Text(Means)} std {Text(Deviations)}";
        if (IsReversed)
            yield return "channels bgr";
    }

    internal override void Validate()
    {
        if (Means.Any(mean => !(Math.Abs(mean) <= NetworkLimits.MaxSize)))
            throw new LayerException($"mean: '{Text(Means)}' is out of range");
        if (Deviations.Any(deviation => !(deviation is >= 1e-6 and <= NetworkLimits.MaxSize)))
            throw new LayerException($"std: '{Text(Deviations)}' is out of range; allowed are numbers from 0.000001");
    }

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        foreach (var count in (int[])[Means.Length, Deviations.Length])
        {
            if (count != 1 && count != input.Channels)
                throw new LayerException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"it has {count} numbers and the image before it {input.Channels} channels; write one for each "
                        + $"channel, or one for all"));
        }

        if (IsReversed && input.Channels != 3)
            throw new LayerException($"'bgr' is of pictures with 3 channels, not {input.Channels}");
        return LayerResult.WithoutWeights(input);
    }

    private static string Text(ImmutableArray<double> values) =>
        string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
