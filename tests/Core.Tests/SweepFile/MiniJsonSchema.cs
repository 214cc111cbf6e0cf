using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>
/// Validates against the part of JSON Schema (draft 2020-12) that the generated schema uses; any other keyword is a
/// failure of the test, so that nothing goes unchecked.
/// </summary>
internal sealed class MiniJsonSchema(JsonObject root)
{
    private static readonly HashSet<string> s_annotations =
        ["$schema", "title", "description", "default", "$defs", "properties", "additionalProperties", "required",
            "propertyNames"];

    public bool IsValid(JsonNode? instance) => IsValid(root, instance);

    private bool IsValid(JsonNode schema, JsonNode? instance)
    {
        if (schema is JsonValue flag)
            return flag.GetValue<bool>();
        foreach (var (keyword, value) in schema.AsObject())
        {
            if (!s_annotations.Contains(keyword) && !Holds(keyword, value!, instance))
                return false;
        }

        return instance is not JsonObject map || IsValidObject(schema.AsObject(), map);
    }

    private bool Holds(string keyword, JsonNode value, JsonNode? instance) => keyword switch
    {
        "$ref" => IsValid(root["$defs"]![value.GetValue<string>()["#/$defs/".Length..]]!, instance),
        "type" => value is JsonArray types ? types.Any(t => IsOfType(t!.GetValue<string>(), instance))
            : IsOfType(value.GetValue<string>(), instance),
        "enum" => value.AsArray().Any(v => JsonNode.DeepEquals(v, instance)),
        "anyOf" => value.AsArray().Any(s => IsValid(s!, instance)),
        "minimum" => Number(instance) is not { } n || n >= Number(value),
        "exclusiveMinimum" => Number(instance) is not { } n || n > Number(value),
        "maximum" => Number(instance) is not { } n || n <= Number(value),
        "exclusiveMaximum" => Number(instance) is not { } n || n < Number(value),
        "maxLength" => Text(instance) is not { } text || text.EnumerateRunes().Count() <= value.GetValue<int>(),
        "pattern" => Text(instance) is not { } text || Regex.IsMatch(text, value.GetValue<string>()),
        "items" => instance is not JsonArray list || list.All(i => IsValid(value, i)),
        "minItems" => instance is not JsonArray list || list.Count >= value.GetValue<int>(),
        "maxItems" => instance is not JsonArray list || list.Count <= value.GetValue<int>(),
        "minProperties" => instance is not JsonObject map || map.Count >= value.GetValue<int>(),
        "maxProperties" => instance is not JsonObject map || map.Count <= value.GetValue<int>(),
        _ => throw new InvalidOperationException($"The schema uses '{keyword}', which this validator does not know."),
    };

    private bool IsValidObject(JsonObject schema, JsonObject map)
    {
        var properties = schema["properties"]?.AsObject();
        foreach (var (key, value) in map)
        {
            if (schema["propertyNames"] is { } names && !IsValid(names, JsonValue.Create(key)))
                return false;
            var rule = properties?[key] ?? schema["additionalProperties"];
            if (rule is not null && !IsValid(rule, value))
                return false;
        }

        return schema["required"]?.AsArray().All(r => map.ContainsKey(r!.GetValue<string>())) ?? true;
    }

    private static bool IsOfType(string type, JsonNode? instance) => type switch
    {
        "object" => instance is JsonObject,
        "array" => instance is JsonArray,
        "string" => Text(instance) is not null,
        "number" => Number(instance) is not null,
        "integer" => Number(instance) is { } n && n == Math.Truncate(n),
        "boolean" => instance?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => throw new InvalidOperationException($"The schema uses the type '{type}'."),
    };

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)
        : null;

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
