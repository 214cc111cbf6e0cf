using System.Globalization;
using Spectre.Console;
using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Sweep.Show;

/// <summary>
/// The report of a sweep: table, plots, choice, test set, audit.
/// </summary>
internal sealed class SweepPage(SweepState state, IAnsiConsole console)
{
    private const int RowsShown = 40;
    private const int UnstableShown = 5;

    // A file has no width of its own.
    private const int LegendWidth = 100;
    // As the legend of remarks has it.
    private const char StoppedMark = 'x';
    internal const string Marks = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly (char Letter, string Meaning)[] s_legend =
    [
        ('*', "best"), ('c', "chosen"), ('=', "tied with the best"), ('o', "on the front of the objectives"),
        ('s', "within 1 standard error"),
        ('u', "unstable: trials far behind its other ones, see below"),
        ('e', "folds stopped early"), ('d', "folds diverged"), ('m', "folds missing"),
        ('g', "no better than guessing"), ('i', "folds whose validation loss is infinite"),
        ('x', "stopped by the schedule after so many epochs"),
        ('f', "time front: none is better and faster"),
    ];

    private readonly ArchitectureNames _names = ArchitectureNames.Of(state.Plan);
    private IReadOnlyList<string>? _searched;

    /// <summary>Where these are known already; null: they are made of the state.</summary>
    public Standings? Standings { get; init; }

    /// <summary>The prediction beside the measured time; null: there is none.</summary>
    public PredictionCheck? Prediction { get; init; }

    private SweepPlan Plan => state.Plan;

    // A page is of one table.
    private IReadOnlyList<string> SearchedOf(IReadOnlyList<LeaderboardRow> rows) =>
        _searched ??= SearchedParameters.Of(rows);

    /// <summary>One hold-out split is no fold.</summary>
    private string PerFold => Plan.Folds > 0 ? "s/fold" : "s";

    public void Write()
    {
        var (_, rows, ties) = Standings ?? Standings.Of(state);
        WriteRanking(rows);
        WriteCurves(rows);
        var front = new FrontPage(Plan, _names, console);
        front.WriteTimes(rows);
        front.Write(rows);
        if (_names.Search is { } search)
            console.WriteLine($"search         {search}");
        WriteChoice(rows, ties);
        WriteRefit();
        WriteAudit();
    }

    /// <summary>The configurations of a sweep that has not ended, as far as they have results.</summary>
    public void WriteRanking() => WriteRanking(Leaderboard.Of(state));

    private void WriteRanking(IReadOnlyList<LeaderboardRow> rows)
    {
        if (rows.Count > 0)
            WriteTable(rows);
        if (!state.IsOver)
            new PartialTable(PartialScores.Of(state), Plan.Metric.Name, _names).Write(console);
    }

    private void WriteTable(IReadOnlyList<LeaderboardRow> rows)
    {
        var searched = SearchedOf(rows);
        var isShared = rows.Any(row => double.IsFinite(row.Times.ReferenceSeconds));
        (string, bool)[] reference = isShared ? [($"ref. {PerFold}", true)] : [];
        var table = Screen.Table(
        [
            ("rank", true), ("architecture", false), ("weights", true),
            .. searched.Select(name => (Title(name), true)),
            (MetricText.Short(Plan.Metric.Name), true), ("+-", true), (PerFold, true), .. reference,
            ("images/s", true), ("", false),
        ]).Optional(
        [
            .. Costs(PerFold), .. SearchedParameters.LastFirst(searched, rows).Select(Title),
        ]);
        foreach (var row in rows.Take(RowsShown))
        {
            string[] cells =
            [
                row.Rank?.ToString() ?? "-", _names.Of(row.Hyperparameters), Figures.Count(row.Weights),
                .. searched.Select(name => SearchedParameters.Text(row.Hyperparameters, name)),
                Figures.Metric(row.Score.Mean), Figures.Metric(row.Score.Deviation),
                Figures.Seconds(row.Score.TrainSeconds),
                .. isShared ? [Figures.Seconds(row.Times.ReferenceSeconds)] : Array.Empty<string>(),
                Figures.Speed(row.Score.ImagesPerSecond), Marked(row),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        console.Write(table);
        if (isShared)
            console.WriteLine($"  {PerFold} as measured; ref. {PerFold}: seconds on the reference machine, within "
                + "10 %, from processor times and each silo's speed");
        WriteLegend(rows.Take(RowsShown).Select(Marked));
        if (Plan.Repeats > 1 || Plan.Seeds > 1)
            console.WriteLine($"  +- is the deviation over {Plan.TrialsPerConfiguration} trials: {Plan.TrialsText()}");
        WriteUnstable(rows);
        if (rows.Count > RowsShown)
            console.WriteLine($"  and {rows.Count - RowsShown} more configurations, in results.csv");
        if (DisturbedText(rows) is { } disturbed)
            console.WriteLine($"  {disturbed}");
    }

    private static string Title(string parameter) => parameter.Replace('_', ' ');

    /// <summary>What a narrow table does without before it does without a searched parameter, the first to go first.
    /// </summary>
    internal static IReadOnlyList<string> Costs(string perFold) =>
        ["images/s", $"ref. {perFold}", perFold, "weights", "+-"];

    /// <summary>What is to be said of a row, a letter each; the legend below the table spells them out.</summary>
    private static string Marked(LeaderboardRow row)
    {
        var marks = new List<string>();
        if (row.Rank == 1)
            marks.Add("*");
        else if (row.IsChosen)
            marks.Add("c");
        if (row.Tied)
            marks.Add("=");
        if (row.OnFront)
            marks.Add("o");
        if (row.OnTimeFront)
            marks.Add("f");
        if (row.IsOneStandardErrorChoice)
            marks.Add("s");
        if (row.Score.Diverged > 0)
            marks.Add($"{row.Score.Diverged}d");
        if (row.CollapsedFolds.Count > 0)
            marks.Add("u");
        if (row.IsGuess)
            marks.Add("g");
        if (row.InfiniteLosses > 0)
            marks.Add($"{row.InfiniteLosses}i");
        if (row.StoppedEarly > 0)
            marks.Add($"{row.StoppedEarly}e");
        if (row.Score.Missing > 0)
            marks.Add($"{row.Score.Missing}m");
        if (row.StoppedAt is { } stopped)
            marks.Add($"x{stopped.Epochs}");
        return string.Join(' ', marks);
    }

    private void WriteLegend(IEnumerable<string> marks)
    {
        var found = string.Join(' ', marks);
        var line = string.Empty;
        foreach (var (letter, meaning) in s_legend.Where(mark => found.Contains(mark.Letter)))
        {
            var entry = letter == 's' ? $"  {letter} {Plan.LeastText()} {meaning}" : $"  {letter} {meaning}";
            if (line.Length + entry.Length >= Math.Min(LegendWidth, console.Profile.Width))
            {
                console.WriteLine(line);
                line = string.Empty;
            }

            line += entry;
        }

        console.WriteLine(line);
    }

    private void WriteUnstable(IReadOnlyList<LeaderboardRow> rows)
    {
        var unstable = rows.Where(row => row.CollapsedFolds.Count > 0).ToList();
        foreach (var row in unstable.Take(UnstableShown))
        {
            var folds = row.CollapsedFolds.Select(
                fold => $"{Figures.Metric(row.Values[fold])} in trial {new TrialId(row.Index, fold)}");
            console.WriteLine($"  unstable: rank {row.Rank?.ToString() ?? "-"}, {_names.Sized(row.Hyperparameters)}: "
                + string.Join(", ", folds));
        }

        if (unstable.Count > UnstableShown)
            console.WriteLine($"  and {unstable.Count - UnstableShown} more unstable configurations");
    }

    /// <summary>Of which configurations the times are doubtful, by rank; null: of none.</summary>
    internal static string? DisturbedText(IReadOnlyList<LeaderboardRow> rows)
    {
        var disturbed = rows.Where(row => row.DisturbedFolds > 0).ToList();
        var ranks = disturbed.Select(row => row.Rank).OfType<int>().ToList();
        var which = disturbed.Count == rows.Count || ranks.Count == 0 ? "" : " (rank "
            + string.Join(", ", ranks.Take(RowsShown)) + (ranks.Count > RowsShown ? " and more)" : ")");
        return disturbed.Count == 0 ? null : $"timing unreliable in {disturbed.Count} of {rows.Count} "
            + $"configurations{which}: the processors were shared";
    }

    private void WriteCurves(IReadOnlyList<LeaderboardRow> rows)
    {
        // A value after a few epochs says little of what more of them would have given: nothing joins those.
        var (stopped, whole) = (rows.Where(row => row.StoppedAt is not null).ToList(),
            rows.Where(row => row.StoppedAt is null).ToList());
        var sizes = SearchedParameters.SizesOf(rows);
        foreach (var parameter in (string[])["learning_rate", "batch_size", .. sizes])
        {
            var curves = ParameterCurve.Of(whole, parameter, Plan.Metric);
            var others = ParameterCurve.Of(stopped, parameter, Plan.Metric).SelectMany(curve => curve.Points).ToList();
            var all = curves.SelectMany(curve => curve.Points).Concat(others);
            if (all.DistinctBy(point => point.Value).Take(2).Count() < 2)
                continue;
            var words = parameter.Replace('_', ' ');
            var plot = new TextPlot($"{Plan.Metric.Name} by {words} (best of each)", words, Plan.Metric.Name)
            {
                // A network may have 0 layers of a kind.
                IsLogarithmic = !sizes.Contains(parameter) || all.All(point => point.Value > 0),
            };
            foreach (var (curve, mark) in curves.Zip(Marks))
                plot.Add(
                    mark, _names.Of(curve.Architecture), curve.Points.Select(point => (point.Value, point.Mean)),
                    isJoined: true);
            plot.Add(StoppedMark, "stopped by the schedule", others.Select(point => (point.Value, point.Mean)));
            console.WriteLine(plot.Draw());
        }
    }

    private void WriteChoice(IReadOnlyList<LeaderboardRow> rows, TieRule ties)
    {
        if (rows.FirstOrDefault(row => row.Rank == 1) is not { } best)
        {
            console.WriteLine($"No best configuration: {NoBest.Reason(Plan, rows)}");
            return;
        }

        var searched = SearchedOf(rows);
        console.MarkupLine($"[bold]best[/]           {Markup.Escape(Describe(best, searched))}");
        var chosen = rows.First(row => row.IsChosen);
        if (state.Selection is { } selection)
        {
            if (chosen.Index != best.Index)
                console.MarkupLine($"[bold]chosen[/]         {Markup.Escape(Describe(chosen, searched))}");
            console.WriteLine($"               {selection.Rule}");
            var tied = rows.Count(row => row.Tied);
            console.WriteLine(tied > 0
                ? $"tied with it   {tied} ({ties.Text})"
                : $"tied with it   none ({ties.Text})");
        }

        if (rows.FirstOrDefault(row => row.IsOneStandardErrorChoice) is { } choice
            && choice.Index != best.Index && choice.Index != chosen.Index)
            console.WriteLine($"{(Plan.HasSeveralObjectives ? "near the best" : "smallest"),-15}"
                + $"{Describe(choice, searched)}: {Plan.LeastText()} within 1 standard error of the best");
    }

    private void WriteRefit()
    {
        if (state.RefitTrial is not { } trial)
            return;
        var estimate = state.ScoreOf(trial.Configuration)?.Mean ?? double.NaN;
        if (state.ResultOf(trial)?.Test is not { } test)
        {
            console.WriteLine($"refit          {(state.IsOver ? "no result" : "not done yet")}");
            return;
        }

        if (state.RefitEpochs is { } epochs)
            console.WriteLine($"refit          trained {epochs} epochs: {RefitEpochs(state)}");
        console.WriteLine(
            "refit          test "
            + string.Join(", ", TestValues.Of(Plan, test).Select(pair => $"{pair.Name} {Figures.Metric(pair.Value)}"))
            + $"; {(Plan.Folds > 0 ? "cross-validated estimate" : "held-out samples")} {Plan.Metric.Name} "
            + Figures.Metric(estimate));
        if (GuessRemark.Of(Plan, test) is { } remark)
            console.WriteLine($"remark         {remark}");
        if (test.Targets is { } targets)
            console.Write(TargetPage.Table(targets, Plan.TargetName));
        if (test.Labels is { } labels)
            LabelPage.Write(console, "exact match    ", labels, test.ExactMatch, Plan.LabelName);
        if (test.Confusion is { } confusion && test.Classes <= ConfusionPage.ClassesMax)
            console.Write(ConfusionPage.Table(confusion, test.Classes, Plan.ClassNames()));
    }

    /// <summary>Where the refit's number of epochs comes from.</summary>
    public static string RefitEpochs(SweepState state) => state.Plan.Score == ScoredEpoch.Best
        ? "the median of the folds' best epochs"
        : "the median of the epochs that the folds trained";

    private void WriteAudit()
    {
        var audit = state.Audit();
        var seconds = (state.LastAt - state.SubmittedAt).TotalSeconds;
        console.WriteLine(
            $"audit          planned {audit.Planned}, completed {audit.Completed}, unique {audit.Unique}, "
            + $"stopped {audit.Stopped}, failed {audit.Failed}, retried {audit.Retried}, "
            + $"lost {(state.IsOver ? audit.Lost : 0)}"
            + (state.Status == SweepStatus.Cancelled ? $", not run {NotRun(audit)}" : string.Empty)
            + (state.IsOver ? string.Empty : $" ({audit.Lost} to do)"));
        if (state.Status == SweepStatus.Cancelled)
            console.WriteLine($"cancelled      {state.Reason}; it cannot be resumed: run its file again with --fresh "
                + "or --name ID");
        if (Plan.Patience is { } patience)
            console.WriteLine($"patience       {state.Totals.StoppedEarly} of {audit.Completed} trials stopped early, "
                + $"after {patience} epochs without a lower validation loss");
        WriteSchedule();
        WriteReuse();
        if (state.ContinuedTotals() is { } continued)
            console.WriteLine($"continued      {Figures.Count(continued.Trials)} of {Figures.Count(audit.Planned)} "
                + $"trials from their {Figures.Epochs(continued)}, {Saved(continued.TrainSeconds)} of training saved");
        if (state.Totals.Diverged > 0)
            console.WriteLine($"diverged       {state.Totals.Diverged} of {audit.Completed} trials");
        console.WriteLine($"time           {Wait(seconds)} from submission to the last event, pauses included, "
            + $"{Figures.Seconds(state.Totals.TrainSeconds)} s of training");
        if (state.MostTogether() is > 1 and var most)
            console.WriteLine($"together       up to {most} trials at once in a slot: their times are shares, not "
                + "comparable with others");
        WritePrediction();
        console.WriteLine($"digest         {state.Completion?.Digest ?? ResultsDigest.Of(state)}");
    }

    private void WriteReuse()
    {
        if (state.Totals is not { Reused: > 0 } totals)
            return;
        const int SweepsShown = 3;
        var from = state.ReusedFrom();
        var texts = from.OrderByDescending(pair => pair.Trials).Take(SweepsShown).Select(pair =>
            $"{Figures.Count(pair.Trials)} from "
            + (pair.Sweep == Plan.Id ? "longer trainings of this sweep" : pair.Sweep)).ToList();
        if (from.Count > SweepsShown)
            texts.Add($"the others from {from.Count - SweepsShown} more sweeps");
        console.WriteLine($"reused         {Figures.Count(totals.Reused)} of {Figures.Count(totals.Planned)} trials, "
            + $"{Saved(totals.ReusedSeconds)} of training saved: {string.Join(", ", texts)}");
        // Whoever asked for checkpoints learns of it here, and not when the longer sweep begins from the start.
        if (Plan.KeepCheckpoints && from.Any(pair => pair.Sweep != Plan.Id))
            console.WriteLine("kept           checkpoints of reused trials only where the other sweep kept them; "
                + "--no-reuse trains and keeps all");
    }

    private void WriteSchedule()
    {
        if (SchedulePart.Of(state) is not { } part)
            return;
        console.WriteLine($"schedule       {part.Stopped} of {state.Proposed} configurations stopped early; "
            + (state.Totals.Reused > 0 ? "the results took " : "trained ")
            + $"{Figures.Count(part.Epochs)} of {Figures.Count(part.EpochsInFull)} epochs "
            + $"({100.0 * part.Epochs / Math.Max(1, part.EpochsInFull):0} %)");
    }

    private static long NotRun(SweepAudit audit) =>
        audit.Planned - audit.Completed - audit.Stopped - audit.Failed;

    private void WritePrediction()
    {
        if (Prediction is not { Prediction: var predicted } check || !state.IsOver)
            return;
        var wall = check.WallSeconds is { } seconds
            ? $"predicted {Wait(predicted.WallSeconds)} with {Figures.Count(predicted.Slots, "slot")}, "
                + $"took {Wait(seconds)} "
                + string.Create(CultureInfo.InvariantCulture, $"({check.WallRatio:0.00} times that); ")
            : string.Empty;
        console.WriteLine($"prediction     {wall}training without the refit: predicted "
            + $"{Figures.Seconds(predicted.TrainSeconds)} s, took {Figures.Seconds(check.TrainSeconds)} s");
    }

    private static string Saved(double seconds) => seconds < 60 ? $"{Figures.Seconds(seconds)} s" : Wait(seconds);

    private static string Wait(double seconds) => Figures.Wait(TimeSpan.FromSeconds(seconds));

    private string Describe(LeaderboardRow row, IReadOnlyList<string> searched)
    {
        var point = row.Hyperparameters;
        var names = searched.Union(["learning_rate", "batch_size"]).Where(name => name != "optimizer");
        var values = string.Join(
            ", ",
            names.Select(name => (Name: Title(name), Text: SearchedParameters.Text(point, name)))
                .Where(value => value.Text.Length > 0).Select(value => $"{value.Name} {value.Text}"));
        return $"{_names.Of(point)} {ConfigurationText.Word(point.Optimizer)}, {values}: "
            + $"{Plan.Metric.Name} {Figures.Metric(row.Score.Mean)}{ProgressText.Spread(row.Score)}, "
            + $"{Figures.Count(row.Weights)} weights"
            + (row.Times.AreShares ? "" : $", {Figures.Seconds(row.Score.TrainSeconds)} {PerFold}");
    }
}
