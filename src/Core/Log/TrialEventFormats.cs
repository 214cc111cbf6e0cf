using System.Text.Json;

namespace Sweeps.Core.Log;

/// <summary>
/// <see cref="TrialStarted"/> as
/// <c>{"at":..,"t":[c,f],"n":attempt,"s":[name,incarnation],"c":claim,"x":exclusive}</c>.
/// </summary>
internal static class TrialStartedFormat
{
    public static void Write(Utf8JsonWriter writer, TrialStarted value)
    {
        writer.WriteStartObject();
        writer.WriteNumber("at"u8, value.At.ToUnixTimeMilliseconds());
        writer.WritePropertyName("t"u8);
        TrialIdConverter.Write(writer, value.Trial);
        writer.WriteNumber("n"u8, value.Attempt);
        writer.WritePropertyName("s"u8);
        SiloIdConverter.Write(writer, value.Silo);
        if (value.Claim != 0)
            writer.WriteNumber("c"u8, value.Claim);
        if (value.Exclusive)
            writer.WriteBoolean("x"u8, true);
        writer.WriteEndObject();
    }

    public static SweepEvent Read(ref Utf8JsonReader reader)
    {
        long at = 0, claim = 0;
        var trial = default(TrialId);
        var attempt = 0;
        var silo = new SiloId(string.Empty, string.Empty);
        var exclusive = false;
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
            else if (name.SequenceEqual("s"u8))
                silo = SiloIdConverter.Read(ref reader);
            else if (name.SequenceEqual("c"u8))
                claim = reader.GetInt64();
            else if (name.SequenceEqual("x"u8))
                exclusive = reader.GetBoolean();
            else
                reader.Skip();
        }

        return new TrialStarted(trial, attempt, silo, claim, exclusive)
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(at),
        };
    }
}

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
