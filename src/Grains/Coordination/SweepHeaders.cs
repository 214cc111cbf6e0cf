using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>What a listing shows of a sweep without reading its log.</summary>
/// <param name="Name">For people.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Planned">Trials planned.</param>
/// <param name="Completed">Trials with a result.</param>
/// <param name="Failed">Trials that failed for good.</param>
/// <param name="Data">The data set.</param>
/// <param name="Fingerprint">
/// The numerics fingerprint that a silo must have to train for it; null: any, or none is set yet.
/// </param>
public sealed record SweepHeadline(
    string Name,
    SweepStatus Status,
    long Planned,
    long Completed,
    long Failed,
    string Data,
    string? Fingerprint = null);

/// <summary>Makes and reads the header that each append leaves beside the log.</summary>
public static partial class SweepHeaders
{
    /// <summary>The header of a sweep as it is.</summary>
    public static SweepHeader Of(SweepState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var headline = new SweepHeadline(
            state.Plan.Name ?? state.Plan.Id, state.Status, state.Totals.Planned, state.Totals.Completed,
                state.Totals.Failed,
            state.Plan.Data, state.Plan.MixedNumerics ? null : state.Fingerprint);
        return new(!state.IsOver, 0, JsonSerializer.Serialize(headline, HeadlineJson.Default.SweepHeadline));
    }

    /// <summary>Reads the header of a listing; null: it has none of ours.</summary>
    public static SweepHeadline? Read(SweepHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        try
        {
            return JsonSerializer.Deserialize(header.Summary, HeadlineJson.Default.SweepHeadline);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(SweepHeadline))]
    private sealed partial class HeadlineJson : JsonSerializerContext;
}
