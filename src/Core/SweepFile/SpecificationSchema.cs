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
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
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
        foreach (var (key, value) in SweepRules.File.ToSchema())
            schema[key] = value?.DeepClone();
        var definitions = new JsonObject();
        foreach (var rule in SweepRules.Shared)
        {
            foreach (var (name, definition) in rule.ToDefinitions())
                definitions[name] = definition;
        }

        schema["$defs"] = definitions;
        return schema.ToJsonString(Indented) + "\n";
    }
}
