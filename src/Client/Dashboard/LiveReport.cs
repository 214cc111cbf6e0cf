using System.Globalization;
using System.Text.Json;
using Sweeps.Client.Report;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Dashboard;

/// <summary>
/// What the charts of a page show: the object of the report page, as far as one of its parts needs it, and of large
/// sweeps as many configurations as a chart can show.
/// </summary>
/// <param name="follower">What is followed.</param>
/// <param name="tests">What models say of test sets.</param>
internal sealed class LiveReport(StoreFollower follower, TestAnswers tests)
{
    private const int Drawn = 1_500;
    private const int BestDrawn = 1_000;
    private const int ImportanceMost = 20_000;
    private const int CurvesMost = 12;
    private const int BarsMost = 2_000;
    private const int ComparedMost = 12;

    /// <summary>A part as JSON; null: there is no such sweep, or nothing newer than what was seen.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="part">The part, as the report names it, or <c>trials</c>.</param>
    /// <param name="seen">The sequence of what the page shows; parts from the log are given only beyond it.</param>
    /// <param name="trials">For <c>trials</c>: which.</param>
    /// <param name="cancellation">Cancels reading.</param>
    public async Task<string?> JsonAsync(
        string id, string part, long seen, string? trials, CancellationToken cancellation)
    {
        var sweep = await follower.OpenAsync(id);
        await sweep.FirstAsync(TimeSpan.FromSeconds(30));
        if (sweep.Head is not { } head || (head.Sequence <= seen && part != "trials"))
            return null;
        // The page takes what it gets for all up to that sequence, and asks no more: an older ranking would stay.
        if (await sweep.RankingAsync(head.Sequence, cancellation) is not { } ranking)
            return null;
        var shown = Shown(ranking, part);
        var report = await sweep.LookAsync((state, history) => Report(state, history, ranking, part, shown));
        if (report is null)
            return null;
        if (part == "learning")
            report = report with { Curves = await CurvesAsync(sweep, ranking, cancellation) };
        if (part == "trials")
            report = report with { Curves = await CurvesAsync(sweep, trials ?? "", cancellation) };
        if (part is "test" or "network")
            report = await WithModelAsync(sweep, report, cancellation);
        return Screen.Json(new { sequence = head.Sequence, is_over = head.IsOver, report });
    }

    private static IReadOnlySet<int> Shown(RankingView ranking, string part) => part switch
    {
        "costs" or "parameters" => ShownConfigurations.Of(ranking.Rows, ranking.Searched, Drawn, BestDrawn),
        _ => new HashSet<int>(),
    };

    private static SweepReport Report(
        SweepState state, TrialHistory history, RankingView ranking, string part, IReadOnlySet<int> shown)
    {
        var rows = ranking.Rows.Where(row => shown.Contains(row.Index)).ToList();
        var notes = new List<string>();
        if (shown.Count > 0 && shown.Count < ranking.Rows.Count)
            notes.Add(ShownConfigurations.Note("The charts show", shown.Count, ranking.Rows.Count, BestDrawn));
        var name = ranking.Names.Full;
        return new()
        {
            Title = state.Plan.Title(),
            Repetition = state.Plan.TrialsPerConfiguration > 1 ? state.Plan.TrialsText() : null,
            IsRegression = state.Plan.Task == TaskKind.Regression,
            Answer = [],
            Results = JsonDocument.Parse(
                ResultsDocument.Of(new Standings(state, ranking.Rows, ranking.Ties), shown.Contains, name)
                    .ToJson(indented: false)).RootElement,
            Searched = ranking.Searched,
            Names = rows.ToDictionary(row => row.Index, ranking.NameOf),
            Costs = SweepReport.CostsOf([.. rows.Where(row => row.Rank is not null)]),
            Importance = part == "parameters" ? ImportanceOf(ranking) : [],
            Compared = new(
                ParameterImportance.Comparable(ranking.Rows).Configurations.Count,
                ParameterImportance.ConfigurationsMin),
            Schedule = part is "costs" ? ScheduleReport.Of(state, shown.Contains) : null,
            Curves = [],
            Timeline = part == "timeline"
                ? SlotTimeline.Of(
                    state.Trials(), history, _ => null, trial => SlotTimeline.TimeOf(state, trial),
                    state.SubmittedAt, state.IsOver ? state.LastAt : TimeProvider.System.GetUtcNow(), BarsMost)
                : new([], []),
            Facts = part == "proof" ? SweepReport.FactsOf(state, ranking.Names) : [],
            File = part == "proof" ? SweepReport.FileOf(state.Plan) : "",
            Notes = notes,
        };
    }

    // Of very many configurations every so many-th: the shares hardly change.
    private static IReadOnlyList<ParameterImportance> ImportanceOf(RankingView ranking)
    {
        var stride = ((ranking.Rows.Count - 1) / ImportanceMost) + 1;
        var (compared, ranked) = ParameterImportance.Comparable(
            [.. ranking.Rows.Where((_, place) => place % stride == 0)]);
        return ParameterImportance.Of(compared, ranked);
    }

    private async Task<IReadOnlyList<LearningCurves>> CurvesAsync(
        FollowedSweep sweep, RankingView ranking, CancellationToken cancellation)
    {
        var trials = ranking.Rows.Take(CurvesMost)
            .Select(row => (row.Index, Name: ranking.NameOf(row), Point: row.Hyperparameters))
            .Concat(ranking.Partial.Take(Math.Max(0, CurvesMost - ranking.Rows.Count))
                .Select(score => (score.Index, Name: $"{ranking.Names.Of(score.Hyperparameters)}, "
                    + $"{score.Folds} of {score.Planned} trials done", Point: score.Hyperparameters)));
        var folds = sweep.Head!.Plan.TrialsPerConfiguration;
        var curves = new List<LearningCurves>();
        foreach (var (index, name, point) in trials)
        {
            var each = Enumerable.Range(0, folds).Select(fold => new TrialId(index, fold));
            if (await LearningCurves.ReadAsync(follower.Store, sweep.Id, index, name, each, cancellation) is { } curve)
                curves.Add(curve with { LossNote = LearningCurves.NoteOf(point) });
        }

        return curves;
    }

    private async Task<IReadOnlyList<LearningCurves>> CurvesAsync(
        FollowedSweep sweep, string trials, CancellationToken cancellation)
    {
        var curves = new List<LearningCurves>();
        foreach (var text in trials.Split(',').Take(ComparedMost))
        {
            if (!TrialId.TryParse(text, out var trial))
                continue;
            var curve = await LearningCurves.ReadAsync(
                follower.Store, sweep.Id, trial.Configuration, string.Create(
                    CultureInfo.InvariantCulture, $"trial {trial}"), [trial], cancellation);
            if (curve is null)
                continue;
            var note = await sweep.LookAsync((state, _) => state.Contains(trial)
                ? LearningCurves.NoteOf(state.HyperparametersOf(trial.Configuration)) : null);
            curves.Add(curve with { LossNote = note });
        }

        return curves;
    }

    private async Task<SweepReport> WithModelAsync(
        FollowedSweep sweep, SweepReport report, CancellationToken cancellation)
    {
        SweepReport With(string note) => report with { Notes = [.. report.Notes, note] };
        if (sweep.Head is not { } head)
            return report;
        if (head.Refit is not { } refit)
            return head.IsOver ? report : With(
                "The chosen configuration is trained on all data when all others are done: then its network, its "
                    + "weights and what it says of the test set are shown here.");
        try
        {
            var bytes = await follower.Store.Artifacts.ReadAsync(
                new ArtifactKey(new(sweep.Id, refit.Configuration, refit.Fold), ArtifactKey.Model), cancellation);
            if (bytes is null)
                return head.IsOver ? report : With("The chosen configuration is being trained on all data.");
            var model = SavedModel.Read(bytes, $"of sweep '{sweep.Id}'");
            report = report with { Model = ModelPart.Of(model) };
            if (head is not { IsOver: true, Test: not null })
                return report;
            var (part, problem) = await tests.OfAsync(follower, head.Plan, model, report.Model, cancellation);
            return problem is null
                ? report with { Model = part }
                : With($"ROC curves and mistakes are not shown: {problem}");
        }
        catch (SweepsException)
        {
            // A model that cannot be read is missing here; 'sweeps verify' says why.
            return report;
        }
    }
}
