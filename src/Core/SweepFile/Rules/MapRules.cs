using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>One key of a map in a sweep file.</summary>
/// <param name="name">The key.</param>
/// <param name="rule">What its value may be.</param>
/// <param name="doc">What it means, for people.</param>
internal abstract class Key(string name, Rule rule, string doc)
{
    public string Name => name;

    public Rule Rule => rule;

    public string Doc => doc;

    /// <summary>The map is wrong without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What holds when it is left out, as JSON; null: nothing, or it depends and <see cref="Doc"/> says
    /// how.</summary>
    public string? Default { get; init; }

    /// <summary>Told to whoever uses it: a key of another program that has no effect here.</summary>
    public string? Note { get; init; }

    /// <summary>Reads the key's value into <paramref name="values"/>.</summary>
    public abstract void Read(SourceNode node, string path, ReadingContext context, MapValues values);

    /// <summary>The same key where it may be left out.</summary>
    public abstract Key Optional();

    public JsonObject ToSchema(SchemaDefinitions definitions)
    {
        var schema = rule.ToSchema(definitions);
        var choices = schema["description"]?.GetValue<string>();
        schema["description"] = choices is null ? doc : $"{doc}\n{choices}";
        if (Default is not null)
            schema["default"] = JsonNode.Parse(Default);
        return schema;
    }
}

/// <inheritdoc cref="Key" />
internal sealed class Key<T>(string name, Rule<T> rule, string doc) : Key(name, rule, doc)
    where T : notnull
{
    public override void Read(SourceNode node, string path, ReadingContext context, MapValues values)
    {
        if (rule.Read(node, path, context, out var value))
            values.Add(this, value);
        else
            values.IsRight = false;
    }

    public override Key Optional() => new Key<T>(Name, rule, Doc) { Default = Default, Note = Note };
}

/// <summary>The values of a map's keys. A key whose value is wrong is absent, so that what is wrong elsewhere is still
/// found.</summary>
internal sealed class MapValues(SourceMap node)
{
    private readonly Dictionary<Key, object> _values = [];

    /// <summary>What the file says.</summary>
    public SourceMap Node => node;

    /// <summary>No key is unknown, wrong or missing.</summary>
    public bool IsRight { get; set; } = true;

    /// <summary>Of a value that has no map.</summary>
    public static MapValues Empty => new(new SourceMap(default, []));

    /// <summary>With one more value.</summary>
    public MapValues With<T>(Key<T> key, T value)
        where T : notnull
    {
        Add(key, value);
        return this;
    }

    public void Add<T>(Key<T> key, T value)
        where T : notnull => _values[key] = value;

    public bool TryGet<T>(Key<T> key, [MaybeNullWhen(false)] out T value)
        where T : notnull
    {
        var isThere = _values.TryGetValue(key, out var found);
        value = isThere ? (T)found! : default;
        return isThere;
    }

    /// <summary>The value of a key that is there.</summary>
    public T Get<T>(Key<T> key)
        where T : notnull => (T)_values[key];

    public T Get<T>(Key<T> key, T otherwise)
        where T : notnull => TryGet(key, out var value) ? value : otherwise;

    /// <summary>The value of a key; null when it is absent.</summary>
    public T? Find<T>(Key<T> key)
        where T : class => TryGet(key, out var value) ? value : null;

    /// <inheritdoc cref="Find" />
    public T? FindValue<T>(Key<T> key)
        where T : struct => TryGet(key, out var value) ? value : null;

    /// <summary>The key of that name that has a value; null: none.</summary>
    public Key<T>? KeyOf<T>(string name)
        where T : notnull => _values.Keys.OfType<Key<T>>().FirstOrDefault(key => key.Name == name);

    /// <summary>Where the value of a key is written, right or wrong; null when it is not.</summary>
    public SourceNode? NodeOf(Key key) => node.ValueOf(key.Name);
}

/// <summary>A map with known keys; any other key is an error with the nearest known one.</summary>
internal sealed class MapRule : Rule<MapValues>
{
    private readonly string[] _names;

    /// <summary>Creates the rule.</summary>
    /// <param name="noun">What the map is: <c>a sweep</c>.</param>
    /// <param name="keys">Its keys.</param>
    public MapRule(string noun, params IReadOnlyList<Key> keys)
    {
        Noun = noun;
        Keys = keys;
        _names = [.. keys.Where(k => k.Note is null).Select(k => k.Name)];
    }

    public string Noun { get; }

    public IReadOnlyList<Key> Keys { get; }

    /// <summary>What to write instead of a key that people try; null: nothing is known of it.</summary>
    public Func<string, Hint?> Hint { get; init; } = _ => null;

    /// <summary>The key of a name that the file makes itself: a placeholder of an architecture; null: there are none.
    /// </summary>
    public Func<string, Key>? Placeholder { get; init; }

    /// <summary>The same rule that gives no value where anything in the map is wrong.</summary>
    public Rule<MapValues> Whole => new WholeMapRule(this);

    public override string Allowed => $"a map with the keys {string.Join(", ", _names)}";

    /// <inheritdoc />
    /// <returns>False when it is not a map; <see cref="MapValues.IsRight"/> tells whether all of it is right.</returns>
    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out MapValues value)
    {
        if (node is SourceScalar { IsQuoted: false } text
            && Array.Exists(_names, n => text.Text.StartsWith($"{n}:", StringComparison.Ordinal)))
        {
            return Refuse(
                node, path, $"{node.Found} is a text and no map; write a space after the ':'", context, out value);
        }

        if (node is not SourceMap map)
            return Reject(node, path, context, out value);
        value = new(map);
        foreach (var (index, entry) in map.Entries.Index())
        {
            var key = Find(entry.Key)
                ?? (context.Placeholders.Contains(entry.Key) ? Placeholder?.Invoke(entry.Key) : null);
            if (key is null)
            {
                var before = index > 0 ? map.Entries[index - 1] : null;
                // Whether a name is a placeholder takes another key to see: an editor's schema cannot refuse it.
                Action<SourcePosition, string, string> refuse =
                    Placeholder is null ? context.Refuse : context.Errors.Add;
                refuse(
                    entry.KeyPosition, Join(path, Quote.Short(entry.Key)),
                    DecimalComma(before, entry) ?? Unknown(entry.Key, context));
                value.IsRight = false;
            }
            else if (entry.Value is not SourceScalar { IsNull: true } || key.IsRequired)
            {
                key.Read(entry.Value, Join(path, key.Name), context, value);
            }
            else if (entry.Value is SourceScalar { IsQuoted: false, Text: "" } && key.Note is null)
            {
                context.Note(entry.Value, Join(path, key.Name),
                    $"'{key.Name}' has no value, so its default applies; write one, or leave the key out");
            }
        }

        foreach (var key in Keys.Where(k => k.IsRequired && map.Find(k.Name) is null))
        {
            context.Refuse(map.Position, path, $"{Noun} needs the key '{key.Name}': {key.Rule.Allowed}");
            value.IsRight = false;
        }

        return true;
    }

    /// <summary>Adds the note of every key that has no effect.</summary>
    public void NoteForeignKeys(SourceMap map, string path, ReadingContext context)
    {
        foreach (var entry in map.Entries)
        {
            if (Find(entry.Key)?.Note is { } note)
                context.Notes.Add(entry.KeyPosition, Join(path, entry.Key), $"'{entry.Key}' {note}");
        }
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions)
    {
        var properties = new JsonObject();
        foreach (var key in Keys)
            properties[key.Name] = key.ToSchema(definitions);
        var schema =
            new JsonObject
            {
                ["type"] = "object",
                ["properties"] = properties,
                ["additionalProperties"] = Placeholder is null
                    ? JsonValue.Create(false)
                    : Placeholder("size").Rule.ToSchema(definitions),
            };
        var required = Keys.Where(k => k.IsRequired).Select(k => JsonValue.Create(k.Name)).ToArray();
        if (required.Length > 0)
            schema["required"] = new JsonArray([.. required]);
        return schema;
    }

    /// <summary>{min: 0,5}: YAML ends the value at the comma and takes the rest for a key without a value.</summary>
    private static string? DecimalComma(SourceEntry? before, SourceEntry entry) =>
        entry.Value is SourceScalar { IsNull: true } && entry.Key.All(char.IsAsciiDigit)
        && before?.Value is SourceScalar { IsQuoted: false } whole && whole.Text.TrimStart('-').All(char.IsAsciiDigit)
        && whole.Text.Length > 0
            ? $"'{Quote.Short(before.Key)}' has a decimal comma; write {whole.Text}.{Quote.Short(entry.Key)}"
            : null;

    private Key? Find(string name) => Keys.FirstOrDefault(k => k.Name == name);

    private string Unknown(string key, ReadingContext context)
    {
        var start = $"'{Quote.Short(key)}' is not a key of {Noun}";
        if (Hint(key) is { } hint)
            return $"{start}; {hint}";
        // {min: 1, max 2}: YAML takes the last two words for a key without a value.
        return key.Split(' ') is [var first, _, ..] && _names.Contains(first)
            ? $"{start}; a ':' is missing after '{first}'"
            : start + context.NamesInstead(
                key, Placeholder is null ? _names : [.. _names, .. context.Placeholders], _names);
    }
}

/// <summary>A map that is right as a whole or has no value.</summary>
internal sealed class WholeMapRule(MapRule map) : Rule<MapValues>
{
    public override string Allowed => map.Allowed;

    public override bool Read(
        SourceNode node, string path, ReadingContext context, [MaybeNullWhen(false)] out MapValues value) =>
        map.Read(node, path, context, out value) && value.IsRight;

    public override JsonObject ToSchema(SchemaDefinitions definitions) => map.ToSchema(definitions);
}

/// <summary>A map whose keys are names that the user gives, and whose values all follow one rule. Names and values that
/// are wrong are left out.</summary>
/// <param name="noun">What the names are of: <c>an architecture</c>.</param>
/// <param name="named">The values' rule.</param>
/// <param name="max">Most names.</param>
internal sealed partial class NamedMapRule<T>(string noun, Rule<T> named, int max)
    : Rule<ImmutableArray<(SourceEntry Entry, T Value)>>
    where T : notnull
{
    private const string NamePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

    public override string Allowed =>
        string.Create(CultureInfo.InvariantCulture, $"a map of 1 to {max} names, each with {named.Allowed}");

    public override bool Read(
        SourceNode node, string path, ReadingContext context, out ImmutableArray<(SourceEntry Entry, T Value)> value)
    {
        if (node is not SourceMap map || map.Entries.IsEmpty)
            return Reject(node, path, context, out value);
        if (map.Entries.Length > max)
        {
            context.Refuse(node.Position, path, string.Create(
                CultureInfo.InvariantCulture, $"{map.Entries.Length} names are too many; allowed: at most {max}"));
        }

        var values = ImmutableArray.CreateBuilder<(SourceEntry, T)>(map.Entries.Length);
        foreach (var entry in map.Entries)
        {
            if (!Name().IsMatch(entry.Key))
            {
                context.Refuse(
                    entry.KeyPosition, path, $"'{Quote.Short(entry.Key)}' cannot name {noun}; allowed: 1 to 64 "
                        + $"letters, digits, '.', '_', '-'");
            }
            else if (named.Read(entry.Value, Join(path, entry.Key), context, out var read))
            {
                values.Add((entry, read));
            }
        }

        value = values.ToImmutable();
        return true;
    }

    public override JsonObject ToSchema(SchemaDefinitions definitions) => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["maxProperties"] = max,
        ["propertyNames"] = new JsonObject { ["pattern"] = NamePattern },
        ["additionalProperties"] = named.ToSchema(definitions),
    };

    [GeneratedRegex(NamePattern)]
    private static partial Regex Name();
}
