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
    public static IReadOnlyList<LeaderboardRow> Of(SweepState state, int top = int.MaxValue) => Of(state, out _, top);

    /// <summary>The rows, and what counted as a tie.</summary>
    /// <param name="threads">At most this many work on it: 1 where trainings need the others.</param>
    public static IReadOnlyList<LeaderboardRow> Of(
        SweepState state, out TieRule ties, int top = int.MaxValue, int threads = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentNullException.ThrowIfNull(state);
        var ranking = Ranking.Of(state, threads);
        ties = ranking.Ties;
        var ranked = ranking.Entries;
        var metric = state.Plan.Metric;
        var classes = state.Plan.ClassNames()?.Count ?? 0;
        var oneStandardError = BestSelection.OneStandardError(ranking, state.Plan);
        var timeFront = BestSelection.TimeFront(ranking, metric).ToHashSet();
        var weightsFront = BestSelection.WeightsFront(ranked, metric).ToHashSet();
        var front = ObjectiveValues.Front(state.Plan, ranked);
        var (onFront, chosen) = (front.ToHashSet(), FrontChoice.Of(state.Plan, ranking, front));
        var placed = new LeaderboardRow[Math.Min(ranked.Count, top)];
        Ranking.ForAll(placed.Length, threads, place =>
        {
            var index = ranked[place].Index;
            placed[place] = Row(state, index, ranking.ValuesAt(place), ranking.Times[place], classes, new()
            {
                Rank = place + 1,
                Tied = ranking.IsTied(place),
                CollapsedFolds = ranking.Collapsed(place),
                OnTimeFront = timeFront.Contains(index),
                OnWeightsFront = weightsFront.Contains(index),
                IsOneStandardErrorChoice = oneStandardError == index,
                OnFront = onFront.Contains(index),
                IsChosen = chosen == index,
            });
        });
        if (placed.Length == top)
            return placed;
        var others = Others(state, ranked, classes);
        if (others.Count == 0)
            return placed;
        FillWeights(others, placed);
        // Of those that the schedule stopped the best come first; values of other budgets are not compared.
        return
        [
            .. placed,
            .. others
                .OrderByDescending(row => row.StoppedAt is not null)
                .ThenByDescending(row => row.StoppedAt?.Folds)
                .ThenByDescending(row => row.StoppedAt?.Epochs)
                .ThenBy(row => row.AllDiverged)
                .ThenBy(row => row.StoppedAt is null ? 0 : row.Score.Mean, Comparer<double>.Create(metric.Compare))
                .ThenBy(row => row.Index)
                .Take(top - placed.Length),
        ];
    }

    // Those that cannot be chosen.
    private static List<LeaderboardRow> Others(
        SweepState state, IReadOnlyList<(int Index, ConfigurationScore Score)> ranked, int classes)
    {
        var others = new List<LeaderboardRow>();
        if (ranked.Count == state.Scored)
            return others;
        var withRank = new bool[state.Proposed];
        foreach (var (index, _) in ranked)
            withRank[index] = true;
        for (var index = 0; index < withRank.Length; index++)
        {
            if (!withRank[index] && state.ScoreOf(index) is not null)
            {
                others.Add(Row(
                    state, index, FoldScores.Values(state, index), FoldTimes.Of(state, index), classes, default));
            }
        }

        return others;
    }

    // Where the data's shape or the user's code is not known, the same network may have been trained elsewhere.
    private static void FillWeights(List<LeaderboardRow> others, LeaderboardRow[] placed)
    {
        if (others.TrueForAll(row => row.Weights is not null))
            return;
        var known = placed.Concat(others).Where(row => row.Weights is not null)
            .DistinctBy(row => row.Hyperparameters.SizedArchitecture())
            .ToDictionary(row => row.Hyperparameters.SizedArchitecture(), row => row.Weights);
        for (var place = 0; place < others.Count; place++)
        {
            var row = others[place];
            if (row.Weights is null)
                others[place] = row with
                {
                    Weights = known.GetValueOrDefault(row.Hyperparameters.SizedArchitecture()),
                };
        }
    }

    // What a row has of its place among the others; nothing of one that has none.
    private readonly record struct Standing
    {
        public int? Rank { get; init; }
        public bool Tied { get; init; }
        public IReadOnlyList<int>? CollapsedFolds { get; init; }
        public bool OnTimeFront { get; init; }
        public bool OnWeightsFront { get; init; }
        public bool IsOneStandardErrorChoice { get; init; }
        public bool OnFront { get; init; }
        public bool IsChosen { get; init; }
    }

    private static LeaderboardRow Row(
        SweepState state, int index, double[] values, FoldTimes times, int classes, in Standing standing)
    {
        var row = RowOf(state, index, values, times, classes, standing);
        // The worst value stands for a diverged fold in a mean with others; of nothing but them there is no mean.
        return !row.AllDiverged ? row : row with
        {
            Score = row.Score with { Mean = double.NaN, Deviation = double.NaN, StandardError = double.NaN },
            Values = [.. row.Values.Select(_ => double.NaN)],
        };
    }

    private static LeaderboardRow RowOf(
        SweepState state, int index, double[] values, FoldTimes times, int classes, in Standing standing)
    {
        var score = state.ScoreOf(index)!.Value;
        var (disturbed, infinite, stoppedEarly, hasResult) = (0, 0, 0, false);
        for (var fold = 0; fold < values.Length; fold++)
        {
            ref readonly var cell = ref state.Cell(new(index, fold));
            hasResult |= cell.HasResult;
            disturbed += TrialResult.IsDisturbedBy(cell.TrainSeconds, cell.CpuSeconds, cell.Threads) ? 1 : 0;
            infinite += cell.HasResult && cell.Outcome != TrainingOutcome.Diverged
                && !double.IsFinite(cell.ValidationLoss) ? 1 : 0;
            stoppedEarly += cell is { Status: TrialStatus.Completed, Outcome: TrainingOutcome.StoppedEarly } ? 1 : 0;
        }

        var configuration = state.HyperparametersOf(index);
        var costs = hasResult ? null : ObjectiveValues.CostsOf(state.Plan, configuration);
        return new()
        {
            Index = index,
            Hyperparameters = configuration,
            Weights = hasResult ? score.Weights : costs?.Weights,
            // Measured times, also where an earlier version wrote the score.
            Score = score with
            {
                TrainSeconds = times.Seconds,
                ImagesPerSecond = times.ImagesPerSecond,
                Further = costs is null ? score.Further : ObjectiveValues.With(score.Further, costs, state.Plan),
            },
            Values = values,
            Times = times,
            AllDiverged = score.Diverged > 0 && score.Diverged == values.Count(value => !double.IsNaN(value)),
            DisturbedFolds = disturbed,
            IsGuess = GuessLevel.Holds(state, index, classes),
            StoppedAt = StoppedAt(state, index),
            InfiniteLosses = infinite,
            StoppedEarly = stoppedEarly,
            Rank = standing.Rank,
            Tied = standing.Tied,
            CollapsedFolds = standing.CollapsedFolds ?? [],
            OnTimeFront = standing.OnTimeFront,
            OnWeightsFront = standing.OnWeightsFront,
            IsOneStandardErrorChoice = standing.IsOneStandardErrorChoice,
            OnFront = standing.OnFront,
            IsChosen = standing.IsChosen,
        };
    }

    private static (int Folds, int Epochs)? StoppedAt(SweepState state, int index)
    {
        if (state.ScoreOf(index) is not { Stopped: > 0 })
            return null;
        var results = Enumerable.Range(0, state.Plan.TrialsPerConfiguration)
            .Select(fold => state.ResultOf(new(index, fold))?.Epochs)
            .OfType<int>()
            .ToList();
        return (results.Count, results.DefaultIfEmpty(0).Max());
    }
}

/// <summary>
/// All scored configurations with what counted as a tie, made once where several tables, files and pages show them.
/// </summary>
/// <param name="State">The sweep, as it was then.</param>
/// <param name="Rows">Its leaderboard.</param>
/// <param name="Ties">What counted as a tie.</param>
public sealed record Standings(SweepState State, IReadOnlyList<LeaderboardRow> Rows, TieRule Ties)
{
    /// <summary>The standings of a sweep at this moment.</summary>
    public static Standings Of(SweepState state) => new(state, Leaderboard.Of(state, out var ties), ties);
}

/// <summary>One configuration as reports show it.</summary>
public sealed record LeaderboardRow
{
    /// <summary>The configuration's index.</summary>
    public required int Index { get; init; }

    /// <summary>What was trained.</summary>
    public required Hyperparameters Hyperparameters { get; init; }

    /// <summary>Its folds together; of its weights those of the log, 0 without any result.</summary>
    public required ConfigurationScore Score { get; init; }

    /// <summary>
    /// Number of trainable weights, also of what was stopped before any result; null: the data's shape or the user's
    /// own code is not known here.
    /// </summary>
    public required long? Weights { get; init; }

    /// <summary>What its folds took.</summary>
    public required FoldTimes Times { get; init; }

    /// <summary>The metric of each fold, in fold order; NaN for a fold without a result.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Every fold that was trained diverged; its mean and values are then NaN.</summary>
    public bool AllDiverged { get; init; }

    /// <summary>
    /// Place among the configurations that can be the best, from 1; null: it cannot (a fold is missing, or all
    /// diverged).
    /// </summary>
    public int? Rank { get; init; }

    /// <summary>Its mean is no further from the best than chance explains (<see cref="TieRule"/>).</summary>
    public bool Tied { get; init; }

    /// <summary>
    /// Folds, from 0, on which it fell far behind its own best fold: it is unstable. Diverged folds are counted apart.
    /// </summary>
    public IReadOnlyList<int> CollapsedFolds { get; init; } = [];

    /// <summary>Its accuracy is no clear gain over a guess: it learned nothing.</summary>
    public bool IsGuess { get; init; }

    /// <summary>
    /// Folds that have a value and the epochs behind it, where the schedule stopped it; null: it did not.
    /// </summary>
    public (int Folds, int Epochs)? StoppedAt { get; init; }

    /// <summary>
    /// Folds that ended with a validation loss that is no finite number, though their weights are: the next step might
    /// have been the end.
    /// </summary>
    public int InfiniteLosses { get; init; }

    /// <summary>Folds whose training stopped early at a plateau.</summary>
    public int StoppedEarly { get; init; }

    /// <summary>No other configuration is better in the metric and not measurably slower.</summary>
    public bool OnTimeFront { get; init; }

    /// <summary>No other configuration is better in both the metric and the number of weights.</summary>
    public bool OnWeightsFront { get; init; }

    /// <summary>Within one standard error of the best, with the fewest weights.</summary>
    public bool IsOneStandardErrorChoice { get; init; }

    /// <summary>
    /// Of several objectives: no other configuration is as good in all of them and better in one.
    /// </summary>
    public bool OnFront { get; init; }

    /// <summary>The one that the plan's rule chooses.</summary>
    public bool IsChosen { get; init; }

    /// <summary>Folds whose measured time is doubtful, since others took the processor meanwhile.</summary>
    public int DisturbedFolds { get; init; }
}
