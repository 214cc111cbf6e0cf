using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>A map with known keys; any other key is an error with the nearest known one.</summary>
public sealed class MapRule : Rule
{
    private readonly string[] _names;

    /// <summary>Creates the rule.</summary>
    /// <param name="noun">What the map is: <c>a sweep</c>.</param>
    /// <param name="keys">Its keys.</param>
    public MapRule(string noun, params IReadOnlyList<KeyDescription> keys)
    {
        Noun = noun;
        Keys = keys;
        _names = [.. keys.Where(k => k.Note is null).Select(k => k.Name)];
    }

    /// <summary>What the map is.</summary>
    public string Noun { get; }

    /// <summary>The keys it may have.</summary>
    public IReadOnlyList<KeyDescription> Keys { get; }

    /// <summary>Keys that people try, each with what to write instead.</summary>
    public IReadOnlyDictionary<string, string> Instead { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc />
    public override string Allowed => $"a map with the keys {string.Join(", ", _names)}";

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        if (node is not SourceMap map)
        {
            Reject(node, path, problems);
            return;
        }

        foreach (var entry in map.Entries)
        {
            var key = Keys.FirstOrDefault(k => k.Name == entry.Key);
            if (key is null)
                problems.Add(entry.KeyPosition, Join(path, Shown.Text(entry.Key)), Unknown(entry.Key));
            else if (entry.Value is not SourceScalar { IsNull: true } || key.IsRequired)
                key.Rule.Check(entry.Value, Join(path, key.Name), problems);
        }

        foreach (var key in Keys)
        {
            if (key.IsRequired && map.Find(key.Name) is null)
                problems.Add(map.Position, path, $"{Noun} needs the key '{key.Name}': {key.Rule.Allowed}");
        }
    }

    internal override JsonObject ToSchema()
    {
        var properties = new JsonObject();
        foreach (var key in Keys)
            properties[key.Name] = key.ToSchema();
        var schema =
            new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        var required = Keys.Where(k => k.IsRequired).Select(k => JsonValue.Create(k.Name)).ToArray();
        if (required.Length > 0)
            schema["required"] = new JsonArray([.. required]);
        return schema;
    }

    private string Unknown(string key)
    {
        if (Instead.TryGetValue(key, out var instead))
            return $"'{Shown.Text(key)}' is not a key of {Noun}; {instead}";
        var nearest = NearestName.Find(key, _names);
        return $"'{Shown.Text(key)}' is not a key of {Noun}; "
            + $"{(nearest is null ? "" : $"did you mean '{nearest}'? ")}allowed: {string.Join(", ", _names)}";
    }
}

/// <summary>One key of a map in a sweep file.</summary>
/// <param name="Name">The key.</param>
/// <param name="Rule">What its value may be.</param>
/// <param name="Doc">What it means, for people.</param>
public sealed record KeyDescription(string Name, Rule Rule, string Doc)
{
    /// <summary>The map is wrong without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What holds when it is left out, as JSON; null: nothing, or it depends and <see cref="Doc"/> says
    /// how.</summary>
    public string? Default { get; init; }

    /// <summary>Told to whoever uses it: a key of another program that has no effect here.</summary>
    public string? Note { get; init; }

    internal JsonObject ToSchema()
    {
        var schema = Rule.ToSchema();
        var choices = schema["description"]?.GetValue<string>();
        schema["description"] = choices is null ? Doc : $"{Doc}\n{choices}";
        if (Default is not null)
            schema["default"] = JsonNode.Parse(Default);
        return schema;
    }
}

/// <summary>A map whose keys are names that the user gives, and whose values all follow one rule.</summary>
/// <param name="noun">What the names are of: <c>an architecture</c>.</param>
/// <param name="value">The values' rule.</param>
/// <param name="max">Most names.</param>
public sealed partial class NamedMapRule(string noun, Rule value, int max) : Rule
{
    private const string NamePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

    /// <inheritdoc />
    public override string Allowed =>
        string.Create(CultureInfo.InvariantCulture, $"a map of 1 to {max} names, each with {value.Allowed}");

    internal override void Check(SourceNode node, string path, ProblemList problems)
    {
        if (node is not SourceMap map || map.Entries.IsEmpty)
        {
            Reject(node, path, problems);
            return;
        }

        if (map.Entries.Length > max)
        {
            problems.Add(node.Position, path, string.Create(
                CultureInfo.InvariantCulture, $"{map.Entries.Length} names are too many; allowed: at most {max}"));
        }

        foreach (var entry in map.Entries)
        {
            if (!Name().IsMatch(entry.Key))
            {
                problems.Add(
                    entry.KeyPosition, path, $"'{Shown.Text(entry.Key)}' cannot name {noun}; allowed: 1 to 64 "
                        + $"letters, digits, '.', '_', '-'");
            }
            else
            {
                value.Check(entry.Value, Join(path, entry.Key), problems);
            }
        }
    }

    internal override JsonObject ToSchema() => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["maxProperties"] = max,
        ["propertyNames"] = new JsonObject { ["pattern"] = NamePattern },
        ["additionalProperties"] = value.ToSchema(),
    };

    [GeneratedRegex(NamePattern)]
    private static partial Regex Name();
}
