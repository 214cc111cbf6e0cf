using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Health;

namespace Sweeps.Silo;

/// <summary>What a slot does now.</summary>
/// <param name="Slot">The slot, from 0; -1: the trial waits for one.</param>
/// <param name="Key">The attempt it trains.</param>
/// <param name="Label">The configuration in a few words.</param>
/// <param name="Epoch">The running epoch, from 1; 0: loading.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Share">The share of the running epoch that is done, in [0, 1].</param>
/// <param name="Metric">Validation metric of the last epoch (training's where there is no validation set); NaN
/// before.</param>
/// <param name="ImagesPerSecond">Samples learned from in a second, of the last epoch.</param>
public sealed record TrialActivity(
    int Slot,
    AttemptKey Key,
    string Label,
    int Epoch,
    int Epochs,
    double Share,
    double Metric,
    double ImagesPerSecond)
{
    /// <summary>The silo, where several are shown together; otherwise null.</summary>
    public string? Silo { get; init; }
}

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
