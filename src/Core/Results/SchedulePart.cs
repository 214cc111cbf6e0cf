using Sweeps.Core.State;

namespace Sweeps.Core.Results;

/// <summary>What a sweep's schedule saved, the refit not counted.</summary>
/// <param name="Stopped">Configurations that were stopped early.</param>
/// <param name="Epochs">Epochs that the results took.</param>
/// <param name="EpochsInFull">Epochs of all configurations proposed on all folds.</param>
public sealed record SchedulePart(int Stopped, long Epochs, long EpochsInFull)
{
    /// <summary>Epochs that were not trained, as a share of all; 0 to 1.</summary>
    public double Saved => EpochsInFull > 0 ? 1 - ((double)Epochs / EpochsInFull) : 0;

    /// <summary>The part that was trained so far; null: the sweep has no schedule.</summary>
    public static SchedulePart? Of(SweepState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Plan.Schedule is null)
            return null;
        var folds = state.Plan.TrialsPerConfiguration;
        var (stopped, epochs, full) = (0, 0L, 0L);
        for (var configuration = 0; configuration < state.Proposed; configuration++)
        {
            stopped += state.ScoreOf(configuration) is { Stopped: > 0 } ? 1 : 0;
            full += (long)state.HyperparametersOf(configuration).Epochs * folds;
            for (var fold = 0; fold < folds; fold++)
                epochs += state.ResultOf(new(configuration, fold))?.Epochs ?? 0;
        }

        return new(stopped, epochs, full);
    }
}
