using System.Text.Json.Serialization;
using Sweeps.Core.State;

namespace Sweeps.Core.Results;

/// <summary>What a sweep's schedule saved, the refit not counted.</summary>
/// <param name="Stopped">Configurations that were stopped early.</param>
/// <param name="Epochs">Epochs that the results took.</param>
/// <param name="EpochsInFull">Epochs of all configurations proposed on all folds.</param>
public sealed record SchedulePart(int Stopped, long Epochs, long EpochsInFull)
{
    /// <summary>Epochs that were not trained, as a share of all in full: of an ended sweep all that it proposed, before
    /// that of the configurations that are done.</summary>
    [JsonIgnore]
    public double Saved { get; init; }

    /// <summary>The part that was trained so far; null: the sweep has no schedule.</summary>
    public static SchedulePart? Of(SweepState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Plan.Schedule is null)
            return null;
        var folds = state.Plan.TrialsPerConfiguration;
        var (stopped, epochs, full) = (0, 0L, 0L);
        var (done, doneInFull) = (0L, 0L);
        for (var configuration = 0; configuration < state.Proposed; configuration++)
        {
            var score = state.ScoreOf(configuration);
            stopped += score is { Stopped: > 0 } ? 1 : 0;
            var inFull = (long)state.HyperparametersOf(configuration).Epochs * folds;
            var trained = 0L;
            for (var fold = 0; fold < folds; fold++)
                trained += state.Cell(new(configuration, fold)) is { HasResult: true } cell ? cell.Epochs : 0;
            (epochs, full) = (epochs + trained, full + inFull);
            if (state.IsOver || score is not null)
                (done, doneInFull) = (done + trained, doneInFull + inFull);
        }

        return new(stopped, epochs, full) { Saved = doneInFull > 0 ? 1 - ((double)done / doneInFull) : 0 };
    }
}
