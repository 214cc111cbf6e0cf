using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sweeps.Core.Training;

/// <summary>
/// A split as JSON: <c>"all"</c>, <c>{"folds": 5, "fold": 2}</c> or <c>{"holdout": 0.1}</c>; reading goes through the
/// same checks as making one.
/// </summary>
internal sealed class SplitJsonConverter : JsonConverter<Split>
{
    public override Split Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        try
        {
            if (root.ValueKind == JsonValueKind.String && root.GetString() == "all")
                return Split.All;
            return root.TryGetProperty("holdout", out var fraction)
                ? Split.Holdout(fraction.GetDouble())
                : Split.KFold(root.GetProperty("folds").GetInt32(), root.GetProperty("fold").GetInt32());
        }
        catch (Exception error) when (error is not JsonException)
        {
            throw new JsonException($"'{root.GetRawText()}' is no split.", error);
        }
    }

    public override void Write(Utf8JsonWriter writer, Split value, JsonSerializerOptions options)
    {
        if (value.Kind == SplitKind.All)
        {
            writer.WriteStringValue("all");
            return;
        }

        writer.WriteStartObject();
        if (value.Kind == SplitKind.Holdout)
        {
            writer.WriteNumber("holdout", value.Fraction);
        }
        else
        {
            writer.WriteNumber("folds", value.Folds);
            writer.WriteNumber("fold", value.Fold);
        }

        writer.WriteEndObject();
    }
}
