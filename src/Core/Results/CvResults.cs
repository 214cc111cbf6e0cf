using System.Globalization;
using Sweeps.Core.Log;
using Sweeps.Core.State;

namespace Sweeps.Core.Results;

/// <summary>
/// The results as a table with the column names of scikit-learn's <c>cv_results_</c>, so that notebooks written for
/// it read a sweep. Rows are in the order of configurations. As there, deviations divide by n (ours, with n - 1, is
/// <c>standard_deviation</c>), equal means share the better rank, and what failed has the last one. What a schedule
/// stopped ranks after all that were trained in full: whoever was trained further comes first, then the better mean.
/// Unlike there, a metric to be minimised keeps its sign.
/// </summary>
public static class CvResults
{
    /// <summary>
    /// The table as CSV (RFC 4180, <c>\n</c> line ends, a header line); numbers round-trip, what is missing is empty.
    /// </summary>
    /// <param name="name">The user's name of an architecture; null: as it is trained.</param>
    public static void Write(SweepState state, TextWriter writer, Func<string, string>? name = null) =>
        Write(Standings.Of(state), writer, name);

    /// <summary>The same of standings that are known.</summary>
    public static void Write(Standings standings, TextWriter writer, Func<string, string>? name = null)
    {
        ArgumentNullException.ThrowIfNull(standings);
        ArgumentNullException.ThrowIfNull(writer);
        var (columns, rows) = Table(standings, name);
        WriteLine(writer, columns);
        foreach (var row in rows)
            WriteLine(writer, row.Select(cell => cell is null ? string.Empty : Plain(cell)));
    }

    /// <summary>
    /// The table by its columns and rows: numbers are <c>double</c> or <c>long</c>, flags <c>bool</c>, names
    /// <c>string</c>; what is missing is null. Rows are made anew each time they are gone through, so that a large
    /// table is never in memory.
    /// </summary>
    public static (IReadOnlyList<string> Columns, IEnumerable<object?[]> Rows) Table(
        Standings standings, Func<string, string>? name = null)
    {
        ArgumentNullException.ThrowIfNull(standings);
        var state = standings.State;
        var rows = standings.Rows.OrderBy(row => row.Index).ToList();
        var parameters = rows
            .SelectMany(row => ConfigurationText.Parameters(row.Hyperparameters), (_, parameter) => parameter.Key)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var ranks = Ranks(rows, state.Plan.Metric);
        return (
            Columns(state.Plan, parameters),
            rows.Select((row, index) => Cells(state, Named(row), parameters, ranks[index]).ToArray()));

        LeaderboardRow Named(LeaderboardRow row) => name is null ? row : row with
        {
            Hyperparameters = row.Hyperparameters with { Architecture = name(row.Hyperparameters.Architecture) },
        };
    }

    /// <summary>The column names, in order.</summary>
    /// <param name="plan">The sweep's plan; each fold has columns of its own.</param>
    /// <param name="parameters">The names of all parameters that any configuration sets.</param>
    public static IReadOnlyList<string> Columns(SweepPlan plan, IReadOnlyList<string> parameters)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var folds = Enumerable.Range(0, plan.TrialsPerConfiguration);
        return
        [
            "mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time",
            .. parameters.Select(name => $"param_{name}"),
            "params",
            .. folds.Select(fold => FormattableString.Invariant($"split{fold}_test_score")),
            "mean_test_score", "std_test_score", "rank_test_score",
            .. folds.Select(fold => FormattableString.Invariant($"split{fold}_train_score")),
            "mean_train_score", "std_train_score",
            "configuration", "standard_deviation", "standard_error", "weights",
            "mean_fit_time_reference", "images_per_second",
            "diverged_folds", "missing_folds", "disturbed_folds", "tied_with_best", "on_time_front", "on_weights_front",
            "stopped_early_folds", "unstable_folds", "stopped_folds", "reused_folds", "engine",
            "trained_folds", "trained_epochs", "together",
            .. ObjectiveColumns(plan),
        ];
    }

    private static IEnumerable<object?> Cells(
        SweepState state, LeaderboardRow row, List<string> parameters, int rank)
    {
        var plan = state.Plan;
        var results = Enumerable.Range(0, plan.TrialsPerConfiguration)
            .Select(fold => state.ResultOf(new(row.Index, fold)))
            .ToArray();
        var fit = MeanAndSpread(results.Select(result => result?.TrainSeconds));
        var score = MeanAndSpread(results.Select(result => result?.EvaluationSeconds));
        var trained = results.Select(result => result is null ? (double?)null : TrainScore(result, plan)).ToArray();
        var train = MeanAndSpread(trained);
        var test = MeanAndSpread(row.Values.Select(value => double.IsNaN(value) ? (double?)null : value));
        var set = ConfigurationText.Parameters(row.Hyperparameters).ToDictionary(pair => pair.Key, pair => pair.Value);
        return
        [
            Number(fit.Mean), Number(fit.Spread), Number(score.Mean), Number(score.Spread),
            .. parameters.Select(name => set.GetValueOrDefault(name)),
            Dictionary(set),
            .. row.Values.Select(Number),
            Number(test.Mean), Number(test.Spread), (long)rank,
            .. trained.Select(value => Number(value ?? double.NaN)),
            Number(train.Mean), Number(train.Spread),
            (long)row.Index, Number(row.Score.Deviation), Number(row.Score.StandardError), row.Weights,
            Number(row.Times.ReferenceSeconds), Number(row.Score.ImagesPerSecond),
            (long)row.Score.Diverged, (long)row.Score.Missing, (long)row.DisturbedFolds,
            row.Tied, row.OnTimeFront, row.OnWeightsFront,
            (long)row.StoppedEarly, Folds(row.CollapsedFolds),
            (long)row.Score.Stopped,
            (long)state.ReusedOf(row.Index),
            state.EngineOf(row.Index) is { } engine ? ConfigurationText.Word(engine) : string.Empty,
            (long)results.Count(result => result is not null),
            (long)results.Max(result => result?.Epochs ?? 0),
            row.Times.Together.Most > 0 ? (long)row.Times.Together.Most : null,
            .. ObjectiveCells(plan, row),
        ];
    }

    /// <summary>Those of further objectives and of another choice than the best.</summary>
    private static IEnumerable<string> ObjectiveColumns(SweepPlan plan) => plan.Objectives is null ? [] :
    [
        .. plan.Objectives.Further.SelectMany(metric => metric switch
        {
            { Name: SweepMetric.Weights } => (string[])[],
            { IsCost: true } => [metric.Name],
            _ => [$"mean_{metric.Name}", $"standard_deviation_{metric.Name}"],
        }),
        .. plan.HasSeveralObjectives ? ["on_front"] : (string[])[],
        "chosen",
    ];

    private static IEnumerable<object?> ObjectiveCells(SweepPlan plan, LeaderboardRow row) =>
        plan.Objectives is null ? [] :
    [
        .. plan.Objectives.Further.Zip(row.Score.Further ?? []).SelectMany(pair => pair.First switch
        {
            { Name: SweepMetric.Weights } => (object?[])[],
            { IsCost: true } => [Number(pair.Second.Mean)],
            _ => [Number(pair.Second.Mean), Number(pair.Second.Deviation)],
        }),
        .. plan.HasSeveralObjectives ? [row.OnFront] : (object?[])[],
        row.IsChosen,
    ];

    private static double TrainScore(TrialResult result, SweepPlan plan) =>
        plan.Metric.IsAsked
            ? double.NaN
            : plan.Metric.ValueOf(result.Outcome, result.TrainLoss, result.TrainMetric, plan.Task);

    // scikit-learn ranks means alone, with the least rank for equals; a configuration without a result is last. Means
    // of stopped ones are compared among equal budgets only.
    private static int[] Ranks(List<LeaderboardRow> rows, SweepMetric metric)
    {
        var ranks = new int[rows.Count];
        var ranked = Enumerable.Range(0, rows.Count).Where(index => rows[index].Rank is not null).ToList();
        ranked.Sort((left, right) => metric.Compare(rows[left].Score.Mean, rows[right].Score.Mean));
        for (var place = 0; place < ranked.Count; place++)
        {
            var equal = place > 0 && rows[ranked[place]].Score.Mean.Equals(rows[ranked[place - 1]].Score.Mean);
            ranks[ranked[place]] = equal ? ranks[ranked[place - 1]] : place + 1;
        }

        var stopped = Enumerable.Range(0, rows.Count).Except(ranked)
            .Where(index => rows[index] is { StoppedAt.Epochs: > 0, AllDiverged: false })
            .OrderByDescending(index => rows[index].StoppedAt!.Value.Folds)
            .ThenByDescending(index => rows[index].StoppedAt!.Value.Epochs)
            .ThenBy(index => rows[index].Score.Mean, Comparer<double>.Create(metric.Compare))
            .ToList();
        foreach (var (place, index) in stopped.Index())
        {
            var equal = place > 0 && rows[index].StoppedAt == rows[stopped[place - 1]].StoppedAt
                && rows[index].Score.Mean.Equals(rows[stopped[place - 1]].Score.Mean);
            ranks[index] = equal ? ranks[stopped[place - 1]] : ranked.Count + place + 1;
        }

        foreach (var index in Enumerable.Range(0, rows.Count).Except(ranked).Except(stopped))
            ranks[index] = ranked.Count + stopped.Count + 1;
        return ranks;
    }

    private static (double Mean, double Spread) MeanAndSpread(IEnumerable<double?> values)
    {
        var present = values.OfType<double>().ToArray();
        var (mean, deviation) = FoldScores.MeanAndDeviation(present);
        var biased = deviation * Math.Sqrt((present.Length - 1.0) / present.Length);
        return (mean, present.Length < 2 ? mean - mean : biased);
    }

    private static string Dictionary(IReadOnlyDictionary<string, object> set) =>
        "{" + string.Join(", ", set.Select(pair => $"'{pair.Key}': {Python(pair.Value)}")) + "}";

    private static string Python(object value) => value switch
    {
        bool flag => Flag(flag),
        string text => $"'{Escaped(text)}'",
        _ => Plain(value),
    };

    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("'", "\\'", StringComparison.Ordinal);

    private static string Plain(object value) => value switch
    {
        bool flag => Flag(flag),
        double real => Text(real),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private static string Flag(bool value) => value ? "True" : "False";

    private static object? Number(double value) => double.IsNaN(value) ? null : value;

    // Of none there is no text.
    private static string? Folds(IReadOnlyList<int> folds) => folds.Count == 0
        ? null : string.Join(' ', folds.Select(fold => fold.ToString(CultureInfo.InvariantCulture)));

    private static string Text(double value) => value switch
    {
        double.NaN => string.Empty,
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void WriteLine(TextWriter writer, IEnumerable<string> cells)
    {
        writer.Write(string.Join(',', cells.Select(Quote)));
        writer.Write('\n');
    }

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\n\r") < 0
        ? cell
        : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
