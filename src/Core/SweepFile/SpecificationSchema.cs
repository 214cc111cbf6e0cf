using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweeps.Core.SweepFile.Rules;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// The JSON Schema (draft 2020-12) of sweep files, for editors; made from the same tables that validate. It refuses
/// every unknown key, wrong type and value out of range that <see cref="SpecificationReader"/> refuses, and a little
/// more: numbers in quotes and empty keys, which the reader forgives. What takes two keys to see (min above max) only
/// the reader sees.
/// </summary>
public static class SpecificationSchema
{
    private const int LineLength = 120;

    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema's text, ending in a line feed.</summary>
    public static string Generate()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Sweeps: a sweep file",
            ["description"] = "One search over architectures and hyperparameters, cross-validated. Speaks the "
                + "vocabulary of W&B sweeps.",
        };
        var definitions = new SchemaDefinitions();
        foreach (var (key, value) in SweepRules.File.ToSchema(definitions))
            schema[key] = value?.DeepClone();
        schema["$defs"] = definitions.ToJson();
        var text = new StringBuilder();
        Write(text, schema, "", 0);
        return text.Append('\n').ToString();
    }

    /// <summary>Maps and lists on one line where they fit, else an entry a line.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="node">What.</param>
    /// <param name="indent">Of the line that the node starts on.</param>
    /// <param name="used">Characters of that line before the node, and after it.</param>
    private static void Write(StringBuilder text, JsonNode node, string indent, int used)
    {
        var flow = Flow(node);
        if (node is JsonValue || used + flow.Length <= LineLength)
        {
            text.Append(flow);
            return;
        }

        var inner = indent + "  ";
        var entries = node is JsonObject map
            ? map.Select(e => ($"{Flow(e.Key)}: ", e.Value!)).ToList()
            : [.. node.AsArray().Select(item => ("", item!))];
        text.Append(node is JsonObject ? '{' : '[');
        for (var i = 0; i < entries.Count; i++)
        {
            var (key, value) = entries[i];
            text.Append(i == 0 ? "\n" : ",\n").Append(inner).Append(key);
            Write(text, value, inner, inner.Length + key.Length + 1);
        }

        text.Append('\n').Append(indent).Append(node is JsonObject ? '}' : ']');
    }

    private static string Flow(JsonNode node) => node switch
    {
        JsonObject map => $"{{ {string.Join(", ", map.Select(e => $"{Flow(e.Key)}: {Flow(e.Value!)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(item => Flow(item!)))}]",
        _ => node.ToJsonString(Compact),
    };
}
