using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Space;

/// <summary>
/// The searched parameters of one configuration and their values. A parameter whose conditions do not hold is absent.
/// Equal by content, whatever the order.
/// </summary>
[JsonConverter(typeof(ParameterAssignmentConverter))]
public sealed class ParameterAssignment : IEquatable<ParameterAssignment>
{
    // Two arrays and no dictionary: a log has one of these for each of its configurations.
    private readonly string[] _names;
    private readonly ParameterValue[] _values;

    /// <summary>Creates the assignment.</summary>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public ParameterAssignment(IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        var sorted = values.OrderBy(value => value.Key, StringComparer.Ordinal).ToList();
        _names = [.. sorted.Select(value => string.Intern(value.Key))];
        _values = [.. sorted.Select(value => value.Value)];
        for (var i = 1; i < _names.Length; i++)
        {
            if (_names[i] == _names[i - 1])
                throw new ArgumentException($"The parameter '{_names[i]}' has two values.", nameof(values));
        }
    }

    private ParameterAssignment(string[] names, ParameterValue[] values) => (_names, _values) = (names, values);

    /// <summary>Of names that are interned and in order, and their values; both are kept.</summary>
    internal static ParameterAssignment OfSorted(string[] names, ParameterValue[] values) => new(names, values);

    /// <summary>The names, in order.</summary>
    internal IReadOnlyList<string> Names => _names;

    /// <summary>Their values.</summary>
    internal IReadOnlyList<ParameterValue> All => _values;

    /// <summary>No parameters.</summary>
    public static ParameterAssignment Empty { get; } = new([]);

    /// <summary>Names and values, by name.</summary>
    public IEnumerable<KeyValuePair<string, ParameterValue>> Values =>
        _names.Zip(_values, KeyValuePair.Create);

    /// <summary>The value of a parameter; null when it is absent.</summary>
    public ParameterValue? this[string name] =>
        Array.BinarySearch(_names, name, StringComparer.Ordinal) is >= 0 and var index ? _values[index] : null;

    /// <inheritdoc />
    public bool Equals(ParameterAssignment? other) => other is not null
        && _names.AsSpan().SequenceEqual(other._names) && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ParameterAssignment);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (name, value) in Values)
        {
            hash.Add(name, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary><c>learning_rate=0.01 optimizer=sgd</c>.</summary>
    public override string ToString() => string.Join(' ', Values.Select(v => $"{v.Key}={v.Value}"));
}

/// <summary>As an object: <c>{"learning_rate":0.01,"nesterov":true,"optimizer":"sgd"}</c>.</summary>
internal sealed class ParameterAssignmentConverter : JsonConverter<ParameterAssignment>
{
    public override ParameterAssignment Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var values = new List<KeyValuePair<string, ParameterValue>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            values.Add(new(name, reader.TokenType switch
            {
                JsonTokenType.Number => ParameterValue.Of(reader.GetDouble()),
                JsonTokenType.String => ParameterValue.Of(reader.GetString()!),
                JsonTokenType.True or JsonTokenType.False => ParameterValue.Of(reader.GetBoolean()),
                var token => throw new JsonException($"The parameter '{name}' has no value but {token}."),
            }));
        }

        return new(values);
    }

    public override void Write(Utf8JsonWriter writer, ParameterAssignment value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, item) in value.Values)
        {
            if (item.Text is { } text)
                writer.WriteString(name, text);
            else if (item.IsFlag)
                writer.WriteBoolean(name, item.Number == 1);
            else
                writer.WriteNumber(name, item.Number);
        }

        writer.WriteEndObject();
    }
}

/// <summary>A configuration as a searcher proposes it.</summary>
/// <param name="Hyperparameters">What is trained: the values with every name resolved and every default filled.</param>
/// <param name="Values">The values that were chosen, by parameter: what a searcher learns from.</param>
public sealed record Proposal(Hyperparameters Hyperparameters, ParameterAssignment Values);
