using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Sweeps.Core.Networks;

/// <summary>
/// A network in the short notation with names in braces where numbers would stand:
/// <c>flatten | {depth} x dense {width} relu dropout {dropout} | dense</c>. Each configuration fills them.
/// </summary>
public sealed partial class ArchitectureTemplate
{
    /// <summary>The hyperparameter that a placeholder of this name stands for; all other names are sizes.</summary>
    public const string Dropout = "dropout";

    /// <summary>As <see cref="Dropout"/>.</summary>
    public const string Activation = "activation";

    private ArchitectureTemplate(string text)
    {
        Text = text;
        Names = [.. Placeholder().Matches(text).Select(match => match.Groups[1].Value).Distinct()];
    }

    /// <summary>The text with one space between words; equal for equal templates.</summary>
    public string Text { get; }

    /// <summary>The placeholders, in the order in which they first stand.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Those of them that are sizes.</summary>
    public IEnumerable<string> Sizes => Names.Where(name => name is not (Dropout or Activation));

    /// <summary>The template that a text is; null: it has no placeholders.</summary>
    public static ArchitectureTemplate? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = text.AsSpan().TrimStart();
        if (!start.Contains('{') || start[0] == '[' || !Placeholder().IsMatch(text))
            return null;
        // JSON begins with a brace too, but never with a bare name in braces.
        if (start[0] == '{' && !Leading().IsMatch(start))
            return null;
        var parts = Placeholder().Replace(text, "{$1}").Split('|')
            .Select(part => string.Join(' ', part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return new(string.Join(" | ", parts));
    }

    /// <summary>The placeholders of a text that may be anything.</summary>
    public static IEnumerable<string> NamesIn(string text) => Find(text)?.Names ?? [];

    /// <summary>Where the first placeholder of a text begins; -1: it has none.</summary>
    internal static int PlaceholderIn(string text) =>
        Placeholder().Match(text) is { Success: true } match ? match.Index : -1;

    /// <summary>The text with every placeholder filled, but for those in layers that are there 0 times.</summary>
    /// <param name="valueOf">What stands for a name; null: nothing.</param>
    /// <exception cref="SweepsException">Nothing stands for one of them.</exception>
    public string Fill(Func<string, string?> valueOf) => Placeholder().Replace(
        Without(name => valueOf(name) == "0"), match => valueOf(match.Groups[1].Value) ?? throw new SweepsException(
            ErrorKind.Usage, $"The placeholder {match.Value} of '{Quote.Short(Text)}' has no value."));

    /// <summary>A network of this form, to see what acts on it.</summary>
    public string Sample() => Fill(name => name switch
    {
        Dropout => "0.5",
        Activation => "relu",
        _ => "1",
    });

    /// <summary>The text without the layers that are there <c>{count}</c> times, where that is 0.</summary>
    public string Without(Func<string, bool> isZero)
    {
        var counts = Names.Where(isZero).Select(name => $"{{{name}}} x ").ToList();
        return counts.Count == 0 ? Text : string.Join(
            " | ",
            Text.Split(" | ").Where(part => !counts.Exists(c => part.StartsWith(c, StringComparison.Ordinal))));
    }

    [GeneratedRegex(@"\{\s*([A-Za-z_][A-Za-z0-9_]{0,63})\s*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\{\s*[A-Za-z_][A-Za-z0-9_]{0,63}\s*\}")]
    private static partial Regex Leading();
}

/// <summary>
/// The whole numbers that stand for the placeholders of an <see cref="ArchitectureTemplate"/>, by name. Equal by
/// content, whatever the order.
/// </summary>
[JsonConverter(typeof(NetworkSizesConverter))]
public sealed class NetworkSizes : IEquatable<NetworkSizes>
{
    private readonly ImmutableSortedDictionary<string, int> _values;

    /// <summary>Creates them.</summary>
    /// <exception cref="ArgumentException">A name comes twice with different numbers.</exception>
    public NetworkSizes(IEnumerable<KeyValuePair<string, int>> values) =>
        _values = values.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Names and numbers, by name.</summary>
    public IEnumerable<KeyValuePair<string, int>> Values => _values;

    /// <summary>The number of that name; null: there is none.</summary>
    public int? this[string name] => _values.TryGetValue(name, out var value) ? value : null;

    /// <inheritdoc />
    public bool Equals(NetworkSizes? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as NetworkSizes);

    /// <inheritdoc />
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

    /// <summary><c>depth 2, width 128</c>.</summary>
    public override string ToString() => string.Join(
        ", ", _values.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size.Key} {size.Value}")));
}

/// <summary>As an object: <c>{"depth":2,"width":128}</c>.</summary>
internal sealed class NetworkSizesConverter : JsonConverter<NetworkSizes>
{
    public override NetworkSizes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            values[name] = reader.GetInt32();
        }

        return new(values);
    }

    public override void Write(Utf8JsonWriter writer, NetworkSizes value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, size) in value.Values)
            writer.WriteNumber(name, size);
        writer.WriteEndObject();
    }
}
