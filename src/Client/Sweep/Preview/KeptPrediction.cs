using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile.Preview;

namespace Sweeps.Client.Sweep.Preview;

/// <summary>
/// What was predicted when a sweep began, kept beside its results until the report sets it against fact. It is no part
/// of the answer: where it is missing or of another sweep, the report leaves it out.
/// </summary>
/// <param name="Plan">Digest of what was predicted for.</param>
/// <param name="Prediction">The prediction.</param>
/// <param name="WallSeconds">
/// Seconds that the sweep took; null: it is not over, or was interrupted and its clock says nothing.
/// </param>
internal sealed record KeptPrediction(string Plan, SweepPrediction Prediction, double? WallSeconds = null)
{
    private const string FileName = "prediction.json";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>The prediction for a plan.</summary>
    public static KeptPrediction Of(SweepPlan plan, SweepPrediction prediction) => new(DigestOf(plan), prediction);

    /// <summary>Reads it; null: there is none for this plan.</summary>
    public static KeptPrediction? Read(string folder, SweepPlan plan)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, FileName));
            var kept = JsonSerializer.Deserialize<KeptPrediction>(file, s_json);
            return kept?.Plan == DigestOf(plan) && kept.Prediction is not null ? kept : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps it; a folder that cannot be written to costs the comparison and nothing else.</summary>
    public void Write(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, s_json));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The results' own error says it, when they are written there.
        }
    }

    /// <summary>The prediction beside what the sweep took; training without the refit's, which it leaves out.</summary>
    public PredictionCheck Against(SweepState state)
    {
        var refit = state.RefitTrial is { } trial ? state.ResultOf(trial)?.TrainSeconds ?? 0 : 0;
        return Prediction.Against(state.Totals.TrainSeconds - refit, WallSeconds);
    }

    private static string DigestOf(SweepPlan plan) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{plan.Id} {plan.Specification}")));
}
