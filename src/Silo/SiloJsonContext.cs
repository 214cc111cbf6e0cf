using System.Text.Json.Serialization;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Health;

namespace Sweeps.Silo;

/// <summary>Generated JSON of what a silo says of itself.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(IReadOnlyList<TrialActivity>))]
[JsonSerializable(typeof(SiloHealth))]
internal sealed partial class SiloJsonContext : JsonSerializerContext;
