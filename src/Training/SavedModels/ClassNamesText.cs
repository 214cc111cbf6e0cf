using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sweeps.Training.SavedModels;

/// <summary>
/// The names of the classes in a model's metadata, whose values are texts: a JSON array, so that a name may hold
/// commas, quotes and line breaks.
/// </summary>
public static class ClassNamesText
{
    private static readonly JsonSerializerOptions s_options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IReadOnlyList<string> names) => JsonSerializer.Serialize(names, s_options);

    /// <summary>The names in the metadata of a model (safetensors); null: it has none, or is damaged.</summary>
    public static IReadOnlyList<string>? OfModel(ReadOnlySpan<byte> model)
    {
        try
        {
            using var header = SafeTensors.ReadHeader(model.ToArray(), out _);
            return header.RootElement.TryGetProperty(SafeTensors.MetadataName, out var metadata)
                && metadata.TryGetProperty("classes", out var classes)
                    ? Read(classes.GetString() ?? string.Empty)
                    : null;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Reads it; also what earlier versions wrote, names with commas between them.</summary>
    public static IReadOnlyList<string> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return text.StartsWith('[') ? JsonSerializer.Deserialize<List<string>>(text) ?? [] : text.Split(',');
        }
        catch (JsonException)
        {
            // An old name may begin with a bracket.
            return text.Split(',');
        }
    }
}
