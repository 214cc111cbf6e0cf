using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core.Searchers;
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
/// <param name="Metric">The metric it optimises; null: an earlier version wrote the header.</param>
/// <param name="Best">The best configuration so far; null: none yet.</param>
public sealed record SweepHeadline(
    string Name,
    SweepStatus Status,
    long Planned,
    long Completed,
    long Failed,
    string Data,
    string? Fingerprint = null,
    string? Metric = null,
    HeadlineBest? Best = null)
{
    /// <summary>Trials that the schedule stopped; 0 also where an earlier version wrote the header.</summary>
    public long Stopped { get; init; }

    /// <summary>Trials that are done, as <see cref="SweepTotals.Done"/>.</summary>
    [JsonIgnore]
    public long Done => Completed + Stopped;

    /// <summary>Trials whose results were taken over; 0 also where an earlier version wrote the header.</summary>
    public long Reused { get; init; }

    /// <summary>Silos that get no trials since their data are others: by incarnation, why; null: none.</summary>
    public IReadOnlyDictionary<string, string>? DataProblems { get; init; }

    /// <summary>Silos, by incarnation, that get no trials since they compute other numbers; null: none.</summary>
    public IReadOnlyList<string>? OtherNumerics { get; init; }
}

/// <summary>The best configuration of a sweep, as far as a listing shows it.</summary>
/// <param name="Configuration">Its index, from 0.</param>
/// <param name="Mean">Mean of the metric over the folds; finite.</param>
/// <param name="Architecture">The network's text.</param>
public sealed record HeadlineBest(int Configuration, double Mean, string Architecture)
{
    /// <summary>What a listing shows of a scored configuration; null where its mean is no number.</summary>
    public static HeadlineBest? Of(ScoredConfiguration? best) => best is not null && double.IsFinite(best.Score.Mean)
        ? new(best.Index, best.Score.Mean, best.Hyperparameters.Architecture)
        : null;
}

/// <summary>Makes and reads the header that each append leaves beside the log.</summary>
public static partial class SweepHeaders
{
    private const int OtherNumericsMost = 100;

    /// <summary>The header of a sweep as it is.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="best">Its best configuration so far; null: none.</param>
    public static SweepHeader Of(SweepState state, ScoredConfiguration? best)
    {
        ArgumentNullException.ThrowIfNull(state);
        var headline = HeadlineOf(state, best);
        return new(!state.IsOver, 0, JsonSerializer.Serialize(headline, HeadlineJson.Default.SweepHeadline));
    }

    /// <summary>What the header says, as <see cref="Read"/> gives it.</summary>
    /// <inheritdoc cref="Of" />
    public static SweepHeadline HeadlineOf(SweepState state, ScoredConfiguration? best)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(
            state.Plan.Title(), state.Status, state.Totals.Planned, state.Totals.Completed,
                state.Totals.Failed,
            state.Plan.Data, state.Plan.MixedNumerics ? null : state.Fingerprint,
            state.Plan.Metric.Name, HeadlineBest.Of(best))
        {
            Stopped = state.Totals.Stopped,
            Reused = state.Totals.Reused,
            OtherNumerics = state.OtherNumerics.Count > 0
                ? [.. state.OtherNumerics.Order(StringComparer.Ordinal).Take(OtherNumericsMost)] : null,
            DataProblems = state.DataProblems.Count > 0 ? state.DataProblems : null,
        };
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
