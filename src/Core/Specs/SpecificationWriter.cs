using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sweeps.Core.Specs;

/// <summary>
/// Writes specifications in canonical form: fixed order, defaults written out, names canonical. Reading it gives an
/// equal specification, so that the file reproduces the sweep and two sweeps are the same if their texts are.
/// </summary>
public static class SpecificationWriter
{
    private static readonly JsonSerializerOptions Compact =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Words that YAML 1.1 takes for something other than a text.</summary>
    private static readonly HashSet<string> Words =
        new(["true", "false", "yes", "no", "on", "off", "null", "y", "n"], StringComparer.OrdinalIgnoreCase);

    /// <summary>One line of JSON, as the log keeps it.</summary>
    public static string ToJson(SweepSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return CanonicalTree.Of(specification).ToJsonString(Compact);
    }

    /// <summary>YAML for people and for the next run; ends in a line feed.</summary>
    public static string ToYaml(SweepSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var text = new StringBuilder();
        foreach (var (key, value) in CanonicalTree.Of(specification))
            WriteEntry(text, key, value!, "");
        return text.ToString();
    }

    private static void WriteEntry(StringBuilder text, string key, JsonNode value, string indent)
    {
        text.Append(CultureInfo.InvariantCulture, $"{indent}{Text(key)}:");
        switch (value)
        {
            case JsonObject map:
                text.Append('\n');
                foreach (var (name, child) in map)
                    WriteEntry(text, name, child!, indent + "  ");
                break;
            case JsonArray list when list.Any(i => i is JsonObject):
                text.Append('\n');
                foreach (var item in list)
                    text.Append(CultureInfo.InvariantCulture, $"{indent}  - {Flow(item!)}\n");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $" {Flow(value)}\n");
                break;
        }
    }

    private static string Flow(JsonNode node) => node switch
    {
        JsonObject map => $"{{{string.Join(", ", map.Select(e => $"{Text(e.Key)}: {Flow(e.Value!)}"))}}}",
        JsonArray list => $"[{string.Join(", ", list.Select(i => Flow(i!)))}]",
        _ => node.GetValueKind() == JsonValueKind.String ? Text(node.GetValue<string>()) : node.ToJsonString(Compact),
    };

    /// <summary>Without quotes where nothing else can be meant; otherwise as JSON, which YAML reads alike.</summary>
    private static string Text(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] != ' ' && !Words.Contains(text)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ' ' or '|');
        return isPlain ? text : JsonSerializer.Serialize(text, Compact);
    }
}
