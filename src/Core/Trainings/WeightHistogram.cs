using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sweeps.Core.Trainings;

/// <summary>How the values of one tensor are distributed, in bins of one width.</summary>
/// <param name="Tensor">Its name, as in saved models: <c>2.weight</c>.</param>
/// <param name="Min">The smallest value: where the first bin begins.</param>
/// <param name="Max">The largest value: where the last bin ends.</param>
/// <param name="Sum">Of all values.</param>
/// <param name="SquareSum">Of their squares.</param>
/// <param name="Counts">Values of each bin; a single one where all values are equal.</param>
public sealed record WeightHistogram(
    string Tensor, double Min, double Max, double Sum, double SquareSum, IReadOnlyList<long> Counts)
{
    /// <summary>Bins where values differ.</summary>
    public const int Bins = 40;

    /// <summary>Number of values.</summary>
    [JsonIgnore]
    public long Count => Counts.Sum();

    /// <summary>Of some values; null: there is none, or one is not finite.</summary>
    public static WeightHistogram? Of(string tensor, ReadOnlySpan<float> values)
    {
        var (low, high, sum, squares) = (double.PositiveInfinity, double.NegativeInfinity, 0.0, 0.0);
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                return null;
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
            (sum, squares) = (sum + value, squares + ((double)value * value));
        }

        if (values.Length == 0)
            return null;
        var width = (high - low) / Bins;
        var counts = new long[width > 0 ? Bins : 1];
        foreach (var value in values)
            counts[width > 0 ? Math.Min(Bins - 1, (int)((value - low) / width)) : 0]++;
        return new(tensor, low, high, sum, squares, counts);
    }
}

/// <summary>How the weights of a network were distributed after an epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Tensors">A histogram of each tensor, in the order of saved models.</param>
public sealed record EpochWeights(int Epoch, IReadOnlyList<WeightHistogram> Tensors)
{
    /// <summary>About so many epochs of a training are kept: of a longer one every so many-th.</summary>
    public const int EpochsMost = 100;

    /// <summary>Whether an epoch of a training is one of those that are kept.</summary>
    public static bool IsKept(int epoch, int epochs) => epoch == 1 || epoch % (((epochs - 1) / EpochsMost) + 1) == 0;

    /// <summary>As bytes to store.</summary>
    public static byte[] Write(IEnumerable<EpochWeights> epochs) =>
        JsonSerializer.SerializeToUtf8Bytes([.. epochs], EpochWeightsJson.Default.EpochWeightsArray);

    /// <summary>What <see cref="Write"/> wrote; empty where another version of the program wrote something else.
    /// </summary>
    public static IReadOnlyList<EpochWeights> Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, EpochWeightsJson.Default.EpochWeightsArray) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EpochWeights[]))]
internal sealed partial class EpochWeightsJson : JsonSerializerContext;
