using System.Text.Json.Nodes;
using Sweeps.Client.Sweep.Preview;
using Sweeps.Core.Analysis;
using Sweeps.Core.Sweeps;

namespace Sweeps.Client.Sweep.Run;

/// <summary>The one object of <c>run --json</c>: the results, and what was predicted where something was.</summary>
internal static class ResultsJson
{
    public static string Of(SweepState state, KeptPrediction? kept)
    {
        var results = ResultsDocument.Of(state, all: false).ToJson(indented: false);
        if (kept is null)
            return results;
        var document = JsonNode.Parse(results)!.AsObject();
        var check = kept.Against(state);
        document["prediction"] = new JsonObject
        {
            ["slots"] = kept.Prediction.Slots,
            ["wall_seconds"] = kept.Prediction.WallSeconds,
            ["train_seconds"] = kept.Prediction.TrainSeconds,
            ["measured_wall_seconds"] = check.WallSeconds,
            ["measured_train_seconds"] = check.TrainSeconds,
        };
        return document.ToJsonString();
    }
}
