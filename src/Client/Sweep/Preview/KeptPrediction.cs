using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile.Preview;

namespace Sweeps.Client.Sweep.Preview;

/// <summary>
/// What was predicted when a sweep began, kept beside its results so that the report can compare it with what the sweep
/// took. It is not part of the results: where it is missing or belongs to another sweep, the report leaves it out.
/// Plan is the digest of the plan it is for; WallSeconds is null while the sweep runs, and where it was interrupted, so
/// that its duration means nothing.
/// </summary>
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

    /// <summary>Null: there is none for this plan.</summary>
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

    /// <summary>Writes it; where the folder cannot be written, only the comparison is lost.</summary>
    public void Write(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, s_json));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Writing the results reports the error.
        }
    }

    /// <summary>The prediction beside the measured time; without the refit, which it does not include.</summary>
    public PredictionCheck Against(SweepState state)
    {
        var refit = state.RefitTrial is { } trial && state.SourceOf(trial) is null
            ? state.ResultOf(trial)?.TrainSeconds ?? 0
            : 0;
        return Prediction.Against(state.Totals.TrainSeconds - refit, WallSeconds);
    }

    private static string DigestOf(SweepPlan plan) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{plan.Id} {plan.Specification}")));
}
