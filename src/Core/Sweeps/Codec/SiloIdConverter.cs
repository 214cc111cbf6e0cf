using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sweeps.Core.Sweeps.Codec;

/// <summary>A silo as <c>[name, incarnation]</c>.</summary>
internal sealed class SiloIdConverter : JsonConverter<SiloId>
{
    // A log names the same few silos over and over: without this, opening it makes two strings a trial.
    [ThreadStatic]
    private static SiloId _last;

    public override SiloId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader);

    public override void Write(Utf8JsonWriter writer, SiloId value, JsonSerializerOptions options) =>
        Write(writer, value);

    public static SiloId Read(ref Utf8JsonReader reader)
    {
        var last = _last;
        reader.Expect(JsonTokenType.StartArray);
        reader.Read();
        var name = last.Name is not null && reader.ValueTextEquals(last.Name) ? last.Name : reader.GetString();
        reader.Read();
        var incarnation = last.Incarnation is not null && reader.ValueTextEquals(last.Incarnation)
            ? last.Incarnation
            : reader.GetString();
        reader.Read();
        reader.Expect(JsonTokenType.EndArray);
        return _last = new(name ?? string.Empty, incarnation ?? string.Empty);
    }

    public static void Write(Utf8JsonWriter writer, SiloId value)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Name);
        writer.WriteStringValue(value.Incarnation);
        writer.WriteEndArray();
    }
}
