using System.Text.Json.Nodes;
using Sweeps.Core.Specs.Source;

namespace Sweeps.Core.Specs.Rules;

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
