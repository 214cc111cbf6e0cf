using System.Text.Json;
using Sweeps.Core.Sweeps.Events;

namespace Sweeps.Core.Sweeps.Codec;

/// <summary><see cref="TrialCompleted"/> as <c>{"at":..,"t":[c,f],"n":attempt,"r":{result}}</c>.</summary>
internal static class TrialCompletedFormat
{
    public static void Write(Utf8JsonWriter writer, TrialCompleted value)
    {
        writer.WriteStartObject();
        writer.WriteNumber("at"u8, value.At.ToUnixTimeMilliseconds());
        writer.WritePropertyName("t"u8);
        TrialIdConverter.Write(writer, value.Trial);
        writer.WriteNumber("n"u8, value.Attempt);
        writer.WritePropertyName("r"u8);
        TrialResultFormat.Write(writer, value.Result);
        writer.WriteEndObject();
    }

    public static SweepEvent Read(ref Utf8JsonReader reader)
    {
        long at = 0;
        var trial = default(TrialId);
        var attempt = 0;
        TrialResult? result = null;
        reader.Expect(JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("at"u8))
                at = reader.GetInt64();
            else if (name.SequenceEqual("t"u8))
                trial = TrialIdConverter.Read(ref reader);
            else if (name.SequenceEqual("n"u8))
                attempt = reader.GetInt32();
            else if (name.SequenceEqual("r"u8))
                result = TrialResultFormat.Read(ref reader);
            else
                reader.Skip();
        }

        if (result is null)
            throw new JsonException("A completed trial has no result.");
        return new TrialCompleted(trial, attempt, result) { At = DateTimeOffset.FromUnixTimeMilliseconds(at) };
    }
}
