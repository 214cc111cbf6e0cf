using System.Buffers;
using System.Text.Json;

namespace Sweeps.Core.Log;

/// <summary>A plan as UTF-8 JSON: how it travels to the sweep's coordinator, in the form the log keeps.</summary>
public static class SweepPlanJson
{
    /// <summary>Writes a plan.</summary>
    public static byte[] Write(SweepPlan plan) =>
        JsonSerializer.SerializeToUtf8Bytes(plan, EventJsonContext.Default.SweepPlan);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static SweepPlan Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, EventJsonContext.Default.SweepPlan)
        ?? throw new JsonException("A plan is null.");
}

/// <summary>A trial's result as UTF-8 JSON: how it travels from its silo to its sweep, exact to the last bit.</summary>
public static class TrialResultJson
{
    /// <summary>Writes a result.</summary>
    public static byte[] Write(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer);
        TrialResultFormat.Write(writer, result);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static TrialResult Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return TrialResultFormat.Read(ref reader);
    }
}
