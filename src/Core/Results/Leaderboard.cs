using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>All scored configurations, best first. It can be made at any moment of a sweep.</summary>
public static class Leaderboard
{
    /// <summary>The rows: those with a rank, then the others by index.</summary>
    /// <param name="top">At most this many rows.</param>
    public static IReadOnlyList<LeaderboardRow> Of(SweepState state, int top = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(state);
        var ranked = BestSelection.Ranked(state);
        var metric = state.Plan.Metric;
        var oneStandardError = BestSelection.OneStandardError(ranked, metric);
        var tied = BestSelection.Tied(state, ranked).ToHashSet();
        var timeFront = BestSelection.TimeFront(ranked, metric).ToHashSet();
        var weightsFront = BestSelection.WeightsFront(ranked, metric).ToHashSet();
        var rows = new List<LeaderboardRow>();
        foreach (var (index, _) in ranked.Take(top))
        {
            rows.Add(Row(state, index) with
            {
                Rank = rows.Count + 1,
                Tied = tied.Contains(index),
                OnTimeFront = timeFront.Contains(index),
                OnWeightsFront = weightsFront.Contains(index),
                IsOneStandardErrorChoice = oneStandardError == index,
            });
        }

        var withRank = ranked.Select(entry => entry.Index).ToHashSet();
        for (var index = 0; index < state.Proposed && rows.Count < top; index++)
        {
            if (state.ScoreOf(index) is not null && !withRank.Contains(index))
                rows.Add(Row(state, index));
        }

        return rows;
    }

    private static LeaderboardRow Row(SweepState state, int index) => new()
    {
        Index = index,
        Hyperparameters = state.HyperparametersOf(index),
        Score = state.ScoreOf(index)!.Value,
        Values = FoldScores.Values(state, index),
        DisturbedFolds = Disturbed(state, index),
    };

    private static int Disturbed(SweepState state, int index)
    {
        var count = 0;
        for (var fold = 0; fold < state.Plan.TrialsPerConfiguration; fold++)
        {
            ref readonly var cell = ref state.Cell(new(index, fold));
            if (TrialResult.IsDisturbedBy(cell.TrainSeconds, cell.CpuSeconds, cell.Threads))
                count++;
        }

        return count;
    }
}

/// <summary>One configuration as reports show it.</summary>
public sealed record LeaderboardRow
{
    /// <summary>The configuration's index.</summary>
    public required int Index { get; init; }

    /// <summary>What was trained.</summary>
    public required Hyperparameters Hyperparameters { get; init; }

    /// <summary>Its folds together.</summary>
    public required ConfigurationScore Score { get; init; }

    /// <summary>The metric of each fold, in fold order; NaN for a fold without a result.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>
    /// Place among the configurations that can be the best, from 1; null: it cannot (a fold is missing, or all
    /// diverged).
    /// </summary>
    public int? Rank { get; init; }

    /// <summary>The folds cannot tell it from the best.</summary>
    public bool Tied { get; init; }

    /// <summary>No other configuration is better in both the metric and the training time.</summary>
    public bool OnTimeFront { get; init; }

    /// <summary>No other configuration is better in both the metric and the number of weights.</summary>
    public bool OnWeightsFront { get; init; }

    /// <summary>Within one standard error of the best, with the fewest weights.</summary>
    public bool IsOneStandardErrorChoice { get; init; }

    /// <summary>Folds whose measured time is doubtful, since others took the processor meanwhile.</summary>
    public int DisturbedFolds { get; init; }
}
