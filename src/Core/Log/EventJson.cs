using System.Text.Json.Serialization;
using Sweeps.Core.Sweeps.Events;

namespace Sweeps.Core.Sweeps.Codec;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(TrialIdConverter), typeof(SiloIdConverter), typeof(InstantConverter)])]
[JsonSerializable(typeof(SweepSubmitted))]
[JsonSerializable(typeof(ConfigurationsProposed))]
[JsonSerializable(typeof(TrialStopped))]
[JsonSerializable(typeof(TrialFailed))]
[JsonSerializable(typeof(AttemptReleased))]
[JsonSerializable(typeof(AttemptExpired))]
[JsonSerializable(typeof(TrialSetAside))]
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
internal sealed partial class EventJsonContext : JsonSerializerContext;
