using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sweeps.Core.Trainings;

/// <summary>Named numbers in the order of their names; equal where all are, to the last bit.</summary>
[JsonConverter(typeof(MetricValuesConverter))]
public sealed class MetricValues : IEquatable<MetricValues>
{
    private readonly KeyValuePair<string, double>[] _values;

    /// <summary>The numbers; no name occurs twice.</summary>
    public MetricValues(IEnumerable<KeyValuePair<string, double>> values) =>
        _values = [.. values.OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>In the order of the names.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> All => _values;

    /// <summary>The number of that name; NaN: there is none.</summary>
    public double this[string name]
    {
        get
        {
            foreach (var pair in _values)
            {
                if (pair.Key == name)
                    return pair.Value;
            }

            return double.NaN;
        }
    }

    /// <inheritdoc />
    public bool Equals(MetricValues? other) => other is not null && _values.Length == other._values.Length
        && _values.Zip(other._values).All(pair => pair.First.Key == pair.Second.Key
            && BitConverter.DoubleToInt64Bits(pair.First.Value) == BitConverter.DoubleToInt64Bits(pair.Second.Value));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as MetricValues);

    /// <inheritdoc />
    public override int GetHashCode() =>
        _values.Aggregate(0, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));
}

/// <summary>As an object of numbers; those that JSON has no number for are texts.</summary>
internal sealed class MetricValuesConverter : JsonConverter<MetricValues>
{
    public override MetricValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new(document.RootElement.EnumerateObject().Select(member => KeyValuePair.Create(
            member.Name,
            member.Value.ValueKind == JsonValueKind.String
                ? double.Parse(member.Value.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
                : member.Value.GetDouble())));
    }

    public override void Write(Utf8JsonWriter writer, MetricValues value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, number) in value.All)
        {
            if (double.IsFinite(number))
                writer.WriteNumber(name, number);
            else
                writer.WriteString(name, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        writer.WriteEndObject();
    }
}
