using System.Collections.Immutable;

namespace Sweeps.Core.Space;

/// <summary>
/// The searched parameters of one configuration and their values. A parameter whose conditions do not hold is absent.
/// Equal by content, whatever the order.
/// </summary>
internal sealed class ParameterAssignment : IEquatable<ParameterAssignment>
{
    private readonly ImmutableSortedDictionary<string, ParameterValue> _values;

    /// <summary>Creates the assignment.</summary>
    public ParameterAssignment(IEnumerable<KeyValuePair<string, ParameterValue>> values) =>
        _values = values.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Names and values, by name.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Values => _values;

    /// <summary>The value of a parameter; null when it is absent.</summary>
    public ParameterValue? this[string name] => _values.TryGetValue(name, out var value) ? value : null;

    public bool Equals(ParameterAssignment? other) => other is not null && _values.SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as ParameterAssignment);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (name, value) in _values)
        {
            hash.Add(name, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary><c>learning_rate=0.01 optimizer=sgd</c>.</summary>
    public override string ToString() => string.Join(' ', _values.Select(v => $"{v.Key}={v.Value}"));
}
