using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Log;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(TrialIdConverter), typeof(SiloIdConverter), typeof(InstantConverter)])]
[JsonSerializable(typeof(SweepSubmitted))]
[JsonSerializable(typeof(ConfigurationsProposed))]
[JsonSerializable(typeof(RungDecided))]
[JsonSerializable(typeof(TrialFailed))]
[JsonSerializable(typeof(AttemptReleased))]
[JsonSerializable(typeof(AttemptExpired))]
[JsonSerializable(typeof(CheckpointLost))]
[JsonSerializable(typeof(TrialSetAside))]
[JsonSerializable(typeof(TrialStopped))]
[JsonSerializable(typeof(TrialsRequeued))]
[JsonSerializable(typeof(ConfigurationScored))]
[JsonSerializable(typeof(BestSelected))]
[JsonSerializable(typeof(SweepPaused))]
[JsonSerializable(typeof(SweepResumed))]
[JsonSerializable(typeof(SweepCancelled))]
[JsonSerializable(typeof(FingerprintSet))]
[JsonSerializable(typeof(SiloRefused))]
[JsonSerializable(typeof(PriorityChanged))]
[JsonSerializable(typeof(ConfigurationsAdded))]
[JsonSerializable(typeof(SweepCompleted))]
[JsonSerializable(typeof(TestReport))]
[JsonSerializable(typeof(MetricValues))]
internal sealed partial class EventJsonContext : JsonSerializerContext;

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

/// <summary>A moment as milliseconds since 1970 (UTC).</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToUnixTimeMilliseconds());
}

/// <summary>What the formats written by hand need beyond the reader and writer of the framework.</summary>
internal static class JsonReaderExtensions
{
    /// <summary>Throws unless the reader stands on <paramref name="token"/>.</summary>
    public static void Expect(this ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
            throw new JsonException($"Expected {token} at byte {reader.TokenStartIndex}, found {reader.TokenType}.");
    }

    /// <summary>
    /// Goes on to the next member's value and gives its name, up to four letters of it packed into a number so that a
    /// switch finds it at once; 0 for a longer name. False: the object has ended.
    /// </summary>
    public static bool TryReadName(this ref Utf8JsonReader reader, out int name)
    {
        name = 0;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
            return false;
        var letters = reader.ValueSpan;
        if (letters.Length <= sizeof(int))
        {
            foreach (var letter in letters)
                name = (name << 8) | letter;
        }

        reader.Read();
        return true;
    }

    /// <summary>A number, or the name of one that JSON cannot write.</summary>
    public static double ReadNumber(this ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.GetDouble();
        return reader.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var text => throw new JsonException($"'{text}' is not a number."),
        };
    }

    /// <summary>Writes what <see cref="ReadNumber"/> reads.</summary>
    public static void WriteFloat(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }
}
