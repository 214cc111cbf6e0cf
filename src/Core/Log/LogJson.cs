using System.Text.Json;

namespace Sweeps.Core.Sweeps.Codec;

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
