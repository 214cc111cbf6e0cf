using System.Text.Json.Serialization;
using Sweeps.Grains.Contracts;

namespace Sweeps.Silo;

/// <summary>Generated JSON of what a silo says of itself.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(IReadOnlyList<TrialActivity>))]
internal sealed partial class SiloJsonContext : JsonSerializerContext;
