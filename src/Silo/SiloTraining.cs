using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Health;

namespace Sweeps.Silo;

/// <summary>What a silo's heartbeats say of its slots, as the store keeps it.</summary>
public static class SiloTraining
{
    /// <summary>As text.</summary>
    public static string Write(IReadOnlyList<TrialActivity> activities) =>
        JsonSerializer.Serialize(activities, SiloJsonContext.Default.IReadOnlyListTrialActivity);

    /// <summary>Reads it; empty where another version of the program wrote something else.</summary>
    public static IReadOnlyList<TrialActivity> Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, SiloJsonContext.Default.IReadOnlyListTrialActivity) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

/// <summary>Generated JSON of what a silo says of itself.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(IReadOnlyList<TrialActivity>))]
[JsonSerializable(typeof(SiloHealth))]
internal sealed partial class SiloJsonContext : JsonSerializerContext;
