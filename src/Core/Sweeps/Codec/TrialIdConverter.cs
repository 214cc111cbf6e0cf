using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sweeps.Core.Sweeps.Codec;

/// <summary>A trial as <c>[configuration, fold]</c>.</summary>
internal sealed class TrialIdConverter : JsonConverter<TrialId>
{
    public override TrialId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader);

    public override void Write(Utf8JsonWriter writer, TrialId value, JsonSerializerOptions options) =>
        Write(writer, value);

    public static TrialId Read(ref Utf8JsonReader reader)
    {
        reader.Expect(JsonTokenType.StartArray);
        reader.Read();
        var configuration = reader.GetInt32();
        reader.Read();
        var fold = reader.GetInt32();
        reader.Read();
        reader.Expect(JsonTokenType.EndArray);
        return new(configuration, fold);
    }

    public static void Write(Utf8JsonWriter writer, TrialId value)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Configuration);
        writer.WriteNumberValue(value.Fold);
        writer.WriteEndArray();
    }
}
