using System.Globalization;
using System.Text.Json;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Preview;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Silo;
using Sweeps.Store.Contract;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Report;

/// <summary>Everything that the report page of a sweep shows, as one JSON object in the page.</summary>
internal sealed record SweepReport
{
    // Learning curves of these many configurations, the best: more would be read by nobody, and the file grows.
    private const int CurvesMax = 12;

    // Configurations in it: some kilobytes each, and a browser that opens 200,000 of them is of no use to anybody.
    private const int Shown = 10_000;
    private const int BestShown = 5_000;

    /// <summary>The sweep's name.</summary>
    public required string Title { get; init; }

    /// <summary>What deviations are over: <c>5 folds</c>; null: a configuration is trained once.</summary>
    public required string? Repetition { get; init; }

    /// <summary>A number is predicted, not a class.</summary>
    public required bool IsRegression { get; init; }

    /// <summary>The answer in sentences.</summary>
    public required IReadOnlyList<string> Answer { get; init; }

    /// <summary>As <c>results.json</c>, with all configurations: the numbers of all tables and charts.</summary>
    public required JsonElement Results { get; init; }

    /// <summary>The searched parameters.</summary>
    public required IReadOnlyList<string> Searched { get; init; }

    /// <summary>What a configuration is, in words, by its index.</summary>
    public required IReadOnlyDictionary<int, string> Names { get; init; }

    /// <summary>Training times that can be compared, by configuration.</summary>
    public required CostPart Costs { get; init; }

    /// <summary>What the searched parameters have to do with the result; empty: too few configurations.</summary>
    public required IReadOnlyList<ParameterImportance> Importance { get; init; }

    /// <summary>How many configurations the importance compares.</summary>
    public required ComparedPart Compared { get; init; }

    /// <summary>What the schedule did; null: there is none.</summary>
    public ScheduleReport? Schedule { get; init; }

    /// <summary>How the best configurations learned.</summary>
    public required IReadOnlyList<LearningCurves> Curves { get; init; }

    /// <summary>Who trained what when.</summary>
    public required SlotTimeline Timeline { get; init; }

    /// <summary>The model; null: there is none yet.</summary>
    public ModelPart? Model { get; init; }

    /// <summary>What was predicted beside what it took; null: nothing was predicted.</summary>
    public PredictionPart? Prediction { get; init; }

    /// <summary>Names and values for the end of the page: audit, digest, versions.</summary>
    public required IReadOnlyList<string[]> Facts { get; init; }

    /// <summary>The sweep file that gives the same again.</summary>
    public required string File { get; init; }

    /// <summary>What the page lacks, and why.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Seconds of each configuration in one unit.</summary>
    /// <param name="Unit">The unit.</param>
    /// <param name="Margin">Times that differ by less than this share of them are not told apart.</param>
    /// <param name="Seconds">By the configuration's index.</param>
    /// <param name="WhyNone">Why there are none, since they cannot be compared; null: there are.</param>
    public sealed record CostPart(
        string Unit, double Margin, IReadOnlyDictionary<int, double> Seconds, string? WhyNone = null);

    /// <summary>Configurations of equal budget, and how many of them importance needs.</summary>
    public sealed record ComparedPart(int Configurations, int Needed);

    /// <summary>Predicted and measured seconds.</summary>
    public sealed record PredictionPart(
        int Slots, double WallSeconds, double TrainSeconds, double? MeasuredWallSeconds, double MeasuredTrainSeconds);

    /// <summary>Reads all of it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The sweep.</param>
    /// <param name="folder">Where the sweep's prediction may lie.</param>
    /// <param name="test">
    /// Loads the data set; its result is null, with a reason among the notes, where it cannot be had.
    /// </param>
    /// <param name="limit">What takes longer on the test set is left out; null: nothing is.</param>
    /// <param name="curvesOf">The only configuration whose learning curves are read; null: the best ones'.</param>
    /// <param name="cancellation">Cancels reading.</param>
    public static async Task<SweepReport> ReadAsync(
        ISweepStore store, string id, string folder, Func<SweepPlan, CancellationToken, Task<DataSet>> test,
        TimeSpan? limit = null, int? curvesOf = null, CancellationToken cancellation = default)
    {
        var history = new TrialHistory();
        var state = (await SweepView.OpenAsync(store, id, history, cancellation)).State;
        return await OfAsync(Standings.Of(state), history, store, folder, test, limit, curvesOf, cancellation);
    }

    /// <summary>The same of a sweep that is read already.</summary>
    public static async Task<SweepReport> OfAsync(
        Standings standings, TrialHistory history, ISweepStore store, string folder,
        Func<SweepPlan, CancellationToken, Task<DataSet>> test, TimeSpan? limit = null, int? curvesOf = null,
        CancellationToken cancellation = default)
    {
        var (state, rows, ties) = standings;
        var names = ArchitectureNames.Of(state.Plan);
        var searched = SearchedParameters.Of(rows);
        string Name(LeaderboardRow row) => NameOf(row, names, searched);
        var notes = new List<string>();
        var shown = ShownConfigurations.Of(rows, searched, Shown, BestShown);
        var isPart = shown.Count < rows.Count;
        IReadOnlyList<LeaderboardRow> drawn = isPart ? [.. rows.Where(row => shown.Contains(row.Index))] : rows;
        if (isPart)
            notes.Add(ShownConfigurations.Note("The page shows", shown.Count, rows.Count, BestShown)
                + " results.csv has all of them.");
        using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit is { } time)
            moment.CancelAfter(time);
        var slots = (await store.Silos.ListAsync(cancellation)).Where(silo => silo.Slots > 0)
            .GroupBy(silo => silo.Name).ToDictionary(group => group.Key, group => group.Max(silo => silo.Slots));
        var (compared, order) = ParameterImportance.Comparable(rows);
        var model = await ModelAsync(store, state, test, notes, moment.Token);
        cancellation.ThrowIfCancellationRequested();
        return new()
        {
            Title = state.Plan.Title(),
            Repetition = state.Plan.TrialsPerConfiguration > 1 ? state.Plan.TrialsText() : null,
            IsRegression = state.Plan.Task == TaskKind.Regression,
            Answer = Findings.Of(state, rows, ties, Name),
            Results = JsonSerializer.Deserialize<JsonElement>(
                ResultsDocument.Of(standings, shown.Contains, names.Full).ToJson(indented: false)),
            Searched = searched,
            Names = drawn.ToDictionary(row => row.Index, Name),
            Costs = CostsOf([.. drawn.Where(row => row.Rank is not null)]),
            Importance = ParameterImportance.Of(compared, order),
            Compared = new(compared.Count, ParameterImportance.ConfigurationsMin),
            Schedule = ScheduleReport.Of(state, isPart ? shown.Contains : null),
            Curves = await LearningCurves.ReadAsync(
                store, state, curvesOf is null ? rows.Take(CurvesMax) : rows.Where(row => row.Index == curvesOf), Name,
                cancellation),
            Timeline = SlotTimeline.Of(
                state.Trials(), history, silo => slots.TryGetValue(silo, out var count) ? count : null,
                trial => SlotTimeline.TimeOf(state, trial),
                state.SubmittedAt, state.LastAt),
            Model = model,
            Prediction = PredictionOf(KeptPrediction.Read(folder, state.Plan), state),
            Facts = FactsOf(state, names),
            File = FileOf(state.Plan),
            Notes = notes,
        };
    }

    /// <summary>A configuration in words: its architecture and what was searched.</summary>
    public static string NameOf(LeaderboardRow row, ArchitectureNames names, IReadOnlyList<string> searched)
    {
        var values = searched.Union(["learning_rate", "batch_size"])
            .Select(name => (Name: Findings.Words(name), Text: SearchedParameters.Text(row.Hyperparameters, name)))
            .Where(value => value.Text.Length > 0)
            .Select(value => $"{value.Name} {value.Text}");
        return $"{names.Of(row.Hyperparameters)} with {string.Join(", ", values)}";
    }

    internal static CostPart CostsOf(List<LeaderboardRow> ranked)
    {
        List<FoldTimes> times = [.. ranked.Select(row => row.Times)];
        return new(
            FoldTimes.AreReference(times) ? "reference seconds" : "processor seconds",
            FoldTimes.MarginOf(times),
            FoldTimes.WhyNotComparable(times) is null
                ? ranked.Zip(FoldTimes.Comparable(times))
                    .ToDictionary(pair => pair.First.Index, pair => pair.Second.Cost)
                : new Dictionary<int, double>(),
            FoldTimes.WhyNotComparable(times));
    }

    private static async Task<ModelPart?> ModelAsync(
        ISweepStore store, SweepState state, Func<SweepPlan, CancellationToken, Task<DataSet>> test,
        List<string> notes, CancellationToken cancellation)
    {
        ModelPart? part = null;
        try
        {
            if (await ResultFiles.ModelOfAsync(state, store) is not { } bytes)
                return null;
            var model = SavedModel.Read(bytes, $"of sweep '{state.Plan.Id}'");
            part = ModelPart.Of(model);
            var data = await test(state.Plan, cancellation);
            return await Task.Run(() => part.On(model, data, cancellation), cancellation);
        }
        catch (SweepsException error)
        {
            notes.Add($"ROC curves and mistakes on the test set are left out: {error.Message}");
        }
        catch (OperationCanceledException)
        {
            notes.Add("ROC curves and mistakes on the test set are left out, since they take a while for this network: "
                + $"'sweeps report {state.Plan.Id}' adds them.");
        }

        return part;
    }

    private static PredictionPart? PredictionOf(KeptPrediction? kept, SweepState state)
    {
        if (kept is null || !state.IsOver)
            return null;
        var check = kept.Against(state);
        return new(
            kept.Prediction.Slots, kept.Prediction.WallSeconds, kept.Prediction.TrainSeconds, check.WallSeconds,
            check.TrainSeconds);
    }

    internal static List<string[]> FactsOf(SweepState state, ArchitectureNames names)
    {
        var (plan, audit) = (state.Plan, state.Audit());
        var facts = new List<string[]>
        {
            new[] { "sweep", plan.Id },
            new[] { "state", ConfigurationText.Word(state.Status) + (state.Reason is { } why ? $": {why}" : "") },
            new[] { "submitted", Time(state.SubmittedAt) },
            new[] { "last event", Time(state.LastAt) },
            new[] { "data", plan.Data + (plan.Content is { } content ? $", SHA-256 {content.Digest}" : "") },
            new[] { "trials of each configuration", plan.TrialsText() },
            new[] { "seed", plan.Seed.ToString(CultureInfo.InvariantCulture) },
            new[]
            {
                "audit",
                $"planned {audit.Planned}, completed {audit.Completed}, unique {audit.Unique}, "
                    + $"stopped {audit.Stopped}, failed {audit.Failed}, retried {audit.Retried}, "
                    + $"lost {(state.IsOver ? audit.Lost : 0)}",
            },
            new[] { "training", $"{Figures.Seconds(state.Totals.TrainSeconds)} s in all" },
            new[] { "digest of the results", state.Completion?.Digest ?? ResultsDigest.Of(state) },
            new[] { "numerics", state.Fingerprint ?? "not known yet" },
            new[] { "this page by", $"Sweeps {ProgramVersion.Text}, .NET {Environment.Version}" },
        };
        if (names.Search is { } search)
            facts.Insert(2, ["search", search]);
        if (state.Selection is { } selection)
            facts.Insert(2, ["rule of the choice", selection.Rule]);
        if (SchedulePart.Of(state) is { } schedule)
            facts.Insert(2,
            [
                "schedule",
                $"{schedule.Stopped} of {state.Proposed} configurations stopped early; "
                    + $"the results took {Figures.Count(schedule.Epochs)} of "
                    + $"{Figures.Count(schedule.EpochsInFull)} epochs",
            ]);
        facts.Insert(facts.Count - 1, ["engine", EnginesOf(state)]);
        if (state.Plan.SampleOrder == SampleOrder.Shared)
            facts.Insert(facts.Count - 1, ["order of the samples", "shared by the trials of a fold"]);
        if (state.MostTogether() is > 1 and var most)
            facts.Insert(facts.Count - 1,
                ["together", $"up to {most} trials at once in a slot: times are shares, not comparable with others"]);
        if (state.Totals.Reused > 0)
            facts.Add(["reused", $"{Figures.Count(state.Totals.Reused)} of {Figures.Count(audit.Planned)} trials, "
                + $"{Figures.Seconds(state.Totals.ReusedSeconds)} s of training saved"]);
        if (state.ContinuedTotals() is { } continued)
            facts.Add(["continued", $"{Figures.Count(continued.Trials)} of {Figures.Count(audit.Planned)} trials "
                + $"from their {Figures.Epochs(continued)}, "
                + $"{Figures.Seconds(continued.TrainSeconds)} s of training saved"]);
        return facts;
    }

    private static string EnginesOf(SweepState state)
    {
        var engines = Enumerable.Range(0, state.Proposed).Select(state.EngineOf).OfType<EngineKind>()
            .GroupBy(engine => engine).OrderBy(same => same.Key).ToList();
        return engines.Count switch
        {
            0 => "not known",
            1 => ConfigurationText.Word(engines[0].Key),
            _ => string.Join(", ", engines.Select(
                same => $"{ConfigurationText.Word(same.Key)} ({Figures.Count(same.Count(), "configuration")})")),
        };
    }

    private static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    internal static string FileOf(SweepPlan plan)
    {
        try
        {
            return ResultFiles.Yaml(plan);
        }
        catch (SweepsException error)
        {
            return $"# {error.Message}";
        }
    }
}
