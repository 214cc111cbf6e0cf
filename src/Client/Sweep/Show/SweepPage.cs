using Spectre.Console;
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
    private const int WideColumns = 100;
    private const string Marks = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private readonly ArchitectureNames _names = ArchitectureNames.Of(state.Plan);

    /// <summary>The prediction beside the measured time; null: there is none.</summary>
    public PredictionCheck? Prediction { get; init; }

    private SweepPlan Plan => state.Plan;

    /// <summary>One hold-out split is no fold.</summary>
    private string PerFold => Plan.Folds > 0 ? "s/fold" : "s";

    // The first column to go on a narrow terminal: seconds per fold say nearly the same.
    private bool ShowsSpeed => console.Profile.Width >= WideColumns;

    public void Write()
    {
        var rows = Leaderboard.Of(state);
        console.WriteLine();
        WriteTable(rows);
        WriteCurves(rows);
        WriteFront(rows);
        WriteChoice(rows);
        WriteRefit();
        WriteAudit();
    }

    private void WriteTable(IReadOnlyList<LeaderboardRow> rows)
    {
        var searched = SearchedParameters.Of(rows);
        var columns = new List<(string, bool)> { ("rank", true), ("architecture", false), ("weights", true) };
        columns.AddRange(searched.Select(name => (name.Replace('_', ' '), true)));
        columns.AddRange(
        [
            (Plan.Metric.Name.Replace('_', ' '), true), ("+-", true), (PerFold, true),
        ]);
        if (ShowsSpeed)
            columns.Add(("images/s", true));
        columns.Add((string.Empty, false));
        var table = Screen.Table([.. columns]);
        foreach (var row in rows.Take(RowsShown))
        {
            var cells = new List<string>
            {
                row.Rank?.ToString() ?? "-", _names.Of(row.Hyperparameters), Figures.Count(row.Score.Weights),
            };
            cells.AddRange(searched.Select(name => SearchedParameters.Text(row.Hyperparameters, name)));
            cells.AddRange(
            [
                Figures.Metric(row.Score.Mean), Figures.Metric(row.Score.Deviation),
                Figures.Seconds(row.Score.TrainSeconds),
            ]);
            if (ShowsSpeed)
                cells.Add(Figures.Count(row.Score.ImagesPerSecond));
            cells.Add(Remarks(row));
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        console.Write(table);
        if (rows.Count > RowsShown)
            console.WriteLine($"  and {rows.Count - RowsShown} more configurations, in results.csv");
        var disturbed = rows.Count(row => row.DisturbedFolds > 0);
        if (disturbed > 0)
            console.WriteLine(
                $"  timing unreliable in {disturbed} of {rows.Count} configurations: the processors were shared");
    }

    private static string Remarks(LeaderboardRow row)
    {
        var remarks = new List<string>();
        if (row.Rank == 1)
            remarks.Add("best");
        if (row.Tied)
            remarks.Add("tied");
        if (row.OnTimeFront)
            remarks.Add("front");
        if (row.IsOneStandardErrorChoice)
            remarks.Add("smallest within 1 SE");
        if (row.Score.Diverged > 0)
            remarks.Add($"{row.Score.Diverged} diverged");
        if (row.Score.Missing > 0)
            remarks.Add($"{row.Score.Missing} missing");
        return string.Join(", ", remarks);
    }

    private void WriteCurves(IReadOnlyList<LeaderboardRow> rows)
    {
        foreach (var parameter in (string[])["learning_rate", "batch_size"])
        {
            var curves = ParameterCurve.Of(rows, parameter, Plan.Metric);
            if (!curves.Any(curve => curve.Points.Count > 1))
                continue;
            var words = parameter.Replace('_', ' ');
            var plot = new TextPlot($"{Plan.Metric.Name} by {words} (best of each)", words, Plan.Metric.Name)
            {
                IsLogarithmic = true,
                JoinsPoints = true,
            };
            foreach (var (curve, mark) in curves.Zip(Marks))
                plot.Add(mark, _names.Of(curve.Architecture), curve.Points.Select(point => (point.Value, point.Mean)));
            console.WriteLine(plot.Draw());
        }
    }

    private void WriteFront(IReadOnlyList<LeaderboardRow> rows)
    {
        var title = $"{Plan.Metric.Name} by training time{(Plan.Folds > 0 ? " per fold" : "")}";
        var plot = new TextPlot(title, "seconds", Plan.Metric.Name)
        {
            IsLogarithmic = true,
        };
        var groups = rows.Where(row => row.Rank is not null).GroupBy(row => row.Hyperparameters.Architecture);
        foreach (var (group, mark) in groups.Zip(Marks))
            plot.Add(mark, _names.Of(group.Key), group.Select(row => (row.Score.TrainSeconds, row.Score.Mean)));
        console.WriteLine(plot.Draw());
    }

    private void WriteChoice(IReadOnlyList<LeaderboardRow> rows)
    {
        if (rows.FirstOrDefault(row => row.Rank == 1) is not { } best)
        {
            console.WriteLine(Plan.Folds > 0
                ? "No best configuration: none has a result on every fold."
                : "No best configuration: none has a result.");
            return;
        }

        console.MarkupLine($"[bold]best[/]           {Markup.Escape(Describe(best))}");
        if (state.Selection is { } selection)
        {
            console.WriteLine($"               {selection.Rule}");
            var tied = rows.Count(row => row.Tied);
            console.WriteLine(tied > 0
                ? $"tied with it   {tied} ({selection.TieRule})"
                : $"tied with it   none ({selection.TieRule})");
        }

        if (rows.FirstOrDefault(row => row.IsOneStandardErrorChoice) is { } choice && choice.Index != best.Index)
            console.WriteLine($"smallest       {Describe(choice)}: the smallest within 1 standard error of the best");
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

        var word = Plan.Task == TaskKind.Classification ? "accuracy" : "error";
        console.WriteLine(
            $"refit          test {word} {Figures.Metric(test.Metric)}, loss {Figures.Metric(test.Loss)}; "
            + $"{(Plan.Folds > 0 ? "cross-validated estimate" : "held-out samples")} {Plan.Metric.Name} "
            + Figures.Metric(estimate));
        if (test.Confusion is { } confusion && test.Classes <= ConfusionPage.ClassesMax)
            console.Write(ConfusionPage.Table(confusion, test.Classes));
    }

    private void WriteAudit()
    {
        var audit = state.Audit();
        var seconds = (state.LastAt - state.SubmittedAt).TotalSeconds;
        console.WriteLine(
            $"audit          planned {audit.Planned}, completed {audit.Completed}, unique {audit.Unique}, "
            + $"stopped {audit.Stopped}, failed {audit.Failed}, retried {audit.Retried}, "
            + $"lost {(state.IsOver ? audit.Lost : 0)}"
            + (state.IsOver ? string.Empty : $" ({audit.Lost} to do)"));
        console.WriteLine($"time           {Wait(seconds)} from submission to the last event, "
            + $"{Figures.Seconds(state.Totals.TrainSeconds)} s of training");
        WritePrediction();
        console.WriteLine($"digest         {state.Completion?.Digest ?? ResultsDigest.Of(state)}");
    }

    private void WritePrediction()
    {
        if (Prediction is not { Prediction: var predicted } check || !state.IsOver)
            return;
        var wall = check.WallSeconds is { } seconds
            ? $"predicted {Wait(predicted.WallSeconds)} with {predicted.Slots} slots, took {Wait(seconds)}; "
            : string.Empty;
        console.WriteLine($"prediction     {wall}training without the refit: predicted "
            + $"{Figures.Seconds(predicted.TrainSeconds)} s, took {Figures.Seconds(check.TrainSeconds)} s");
    }

    private static string Wait(double seconds) => Figures.Wait(TimeSpan.FromSeconds(seconds));

    private string Describe(LeaderboardRow row)
    {
        var point = row.Hyperparameters;
        return $"{_names.Of(point)} {ConfigurationText.Word(point.Optimizer)} "
            + $"learning rate {Figures.Parameter(point.LearningRate)} batch {point.BatchSize}: "
            + $"{Plan.Metric.Name} {Figures.Metric(row.Score.Mean)} +- {Figures.Metric(row.Score.Deviation)}, "
            + $"{Figures.Count(row.Score.Weights)} weights, {Figures.Seconds(row.Score.TrainSeconds)} {PerFold}";
    }
}
