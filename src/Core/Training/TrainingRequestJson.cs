using System.Text.Json;

namespace Sweeps.Core.Training;

/// <summary>A <see cref="TrainingRequest"/> as UTF-8 JSON: how an assignment travels, exact to the last bit.</summary>
public static class TrainingRequestJson
{
    /// <summary>Writes a request.</summary>
    public static byte[] Write(TrainingRequest request) =>
        JsonSerializer.SerializeToUtf8Bytes(request, TrainingRequestJsonContext.Default.TrainingRequest);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static TrainingRequest Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, TrainingRequestJsonContext.Default.TrainingRequest)
        ?? throw new JsonException("A training request is null.");
}
