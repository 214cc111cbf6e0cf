using System.Text.Json.Serialization;

namespace Sweeps.Core.Training;

/// <summary>The generated code behind <see cref="TrainingRequestJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(SplitJsonConverter)])]
[JsonSerializable(typeof(TrainingRequest))]
internal sealed partial class TrainingRequestJsonContext : JsonSerializerContext;
