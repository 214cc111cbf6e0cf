using System.Globalization;
using Spectre.Console;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Show;

/// <summary>
/// The report of one trial: attempts, epochs, learning curves, confusion matrix.
/// </summary>
internal sealed class TrialPage(TrialRecord record, IAnsiConsole console)
{
    private const int EpochsShown = 40;

    private string Metric => record.State.Plan.Task.Quality();

    public void Write()
    {
        WriteHead();
        WriteAttempts();
        WriteEpochs();
        WriteCurve(Metric, report => report.TrainMetric, report => report.ValidationMetric);
        WriteCurve("loss", report => report.TrainLoss, report => report.ValidationLoss);
        WriteResult();
    }

    private void WriteHead()
    {
        var plan = record.State.Plan;
        var names = ArchitectureNames.Of(plan);
        var settings = SearchedParameters.Settings(record.Hyperparameters, names)
            .Where(parameter => parameter.Key != "architecture")
            .Select(parameter => $"{parameter.Key.Replace('_', ' ')} {SearchedParameters.Text(parameter.Value)}");
        var status = ConfigurationText.Word(record.State.StatusOf(record.Trial));
        console.MarkupLine($"[bold]trial {record.Trial}[/] of {Markup.Escape(plan.Id)}: "
            + Markup.Escape($"{plan.SplitText(record.Trial)}, {status}"));
        console.WriteLine($"architecture   {names.Of(record.Hyperparameters)}");
        console.WriteLine($"parameters     {string.Join(", ", settings)}");
        if (record.State.NoteOf(record.Trial) is { } note)
            WriteNote(note);
    }

    /// <summary>Why it ended without a result of its own, before the tables and plots that push it out of sight.
    /// </summary>
    private void WriteNote(TrialNote note)
    {
        var plan = record.State.Plan;
        console.WriteLine($"{(note.Kind.Length > 14 ? $"{note.Kind}:" : note.Kind),-14} {note.Message}");
        if (record.State.StatusOf(record.Trial) != TrialStatus.Stopped || record.State.IsStoppedByUser(record.Trial))
            return;
        if (record.State.ScoreOf(record.Trial.Configuration) is not { } score)
            return;
        IEnumerable<double> means = [score.Mean, .. (score.Further ?? []).Select(further => further.Mean)];
        var values = plan.AllObjectives().Zip(means).Select(pair =>
            $"{FrontPage.Title(pair.First)} {FrontPage.Text(pair.First, pair.Second)}");
        var trials = Enumerable.Range(0, plan.TrialsPerConfiguration)
            .Count(fold => record.State.ResultOf(new(record.Trial.Configuration, fold)) is not null);
        console.WriteLine($"configuration  {string.Join(", ", values)}"
            + (trials > 1 ? $": the mean over {trials} trials, which is compared, and not this trial alone" : ""));
    }

    private void WriteAttempts()
    {
        if (record.State.SourceOf(record.Trial) is { } source)
            console.WriteLine($"reused         {From(source)}");
        else if (record.State.BeginningOf(record.Trial) is { } beginning)
            console.WriteLine($"continued      from the {Figures.Ordinal(beginning.Epochs)} epoch of trial "
                + $"{beginning.Source} of {Where(beginning.Sweep)}, which kept its checkpoint");
        if (record.Attempts.Count == 0)
        {
            if (record.State.SourceOf(record.Trial) is not null)
                return;
            console.WriteLine("attempts       none" + record.State.StatusOf(record.Trial) switch
            {
                TrialStatus.Stopped when record.State.IsStoppedByUser(record.Trial) => ": the user stopped it before",
                TrialStatus.Stopped => ": the schedule stopped its configuration before",
                TrialStatus.Paused => " yet: the schedule does not want it yet",
                TrialStatus.Cancelled => string.Empty,
                _ => " yet: waiting for a slot",
            });
            return;
        }

        var hasReasons = record.Attempts.Any(attempt => attempt.Remark.Length > 0);
        (string, bool)[] columns =
            [("attempt", true), ("silo", false), ("started", false), ("took", true), ("end", false)];
        var table = Screen.Table(hasReasons ? [.. columns, ("reason", false)] : columns);
        foreach (var attempt in record.Attempts)
        {
            var took = attempt.Ended is { } ended ? $"{Figures.Seconds((ended - attempt.Started).TotalSeconds)} s" : "";
            var started = attempt.Started.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            string[] cells =
            [
                $"{attempt.Number}{(attempt.Exclusive ? " alone" : "")}", attempt.Silo, started, took, attempt.End,
            ];
            table.AddRow([.. (hasReasons ? [.. cells, attempt.Remark] : cells).Select(Markup.Escape)]);
        }

        console.Write(table);
    }

    private string Where(string sweep) => sweep == record.State.Plan.Id ? "this sweep" : $"sweep {sweep}";

    private string From(ReuseSource source)
    {
        var where = Where(source.Sweep);
        var part = record.Result is { } result && result.Epochs < source.Trained
            ? $", read off after {result.Epochs} of its {source.Trained} epochs"
            : string.Empty;
        return $"not trained: the result of trial {source.Trial} of {where}{part}";
    }

    private void WriteEpochs()
    {
        if (record.Epochs.Count == 0)
            return;
        var table = Screen.Table(
            ("epoch", true), ("attempt", true), ("training loss", true), ($"training {Metric}", true),
            ("validation loss", true), ($"validation {Metric}", true), ("seconds", true), ("images/s", true));
        table.HasSpaceAbove = record.Attempts.Count == 0;
        var stride = (record.Epochs.Count + EpochsShown - 1) / EpochsShown;
        foreach (var row in record.Epochs.Where((_, index) => index % stride == 0 || index == record.Epochs.Count - 1))
            table.AddRow([.. Cells(row).Select(Markup.Escape)]);
        console.Write(table);
        if (stride > 1)
            console.WriteLine($"  every {Figures.Ordinal(stride)} of {record.Epochs.Count} epochs; --json has all");
    }

    private static IEnumerable<string> Cells(MetricRow row) =>
    [
        $"{row.Report.Epoch}", $"{row.Attempt}", Figures.Metric(row.Report.TrainLoss),
        Figures.Metric(row.Report.TrainMetric), Figures.Metric(row.Report.ValidationLoss),
        Figures.Metric(row.Report.ValidationMetric), Figures.Seconds(row.Report.TrainSeconds),
        Figures.Count(row.Report.ImagesPerSecond),
    ];

    private void WriteCurve(string name, Func<EpochReport, double> training, Func<EpochReport, double> validation)
    {
        if (record.Epochs.Count < 2)
            return;
        var plot = new TextPlot($"{name} by epoch: it overfits where validation falls behind training", "epoch", name);
        foreach (var (mark, set, number) in ((char, string, Func<EpochReport, double>)[])
            [('v', "validation", validation), ('t', "training", training)])
            plot.Add(
                mark, $"{set} {name}", record.Epochs.Select(row => ((double)row.Report.Epoch, number(row.Report))),
                isJoined: true);
        console.WriteLine(plot.Draw());
    }

    private void WriteResult()
    {
        if (record.Result is not { } result)
            return;

        var outcome = ConfigurationText.Word(result.Outcome).Replace('_', ' ');
        console.WriteLine($"result         {outcome}{(result.Reason is { } reason ? $": {reason}" : "")}");
        if (result.BestEpoch > 0)
            console.WriteLine($"scored         epoch {result.BestEpoch} of {result.Epochs}, the best validation loss; "
                + "its weights are restored");
        if (record.Trial.IsRefit && record.State.RefitEpochs is { } epochs)
            console.WriteLine($"epochs         {epochs}: {SweepPage.RefitEpochs(record.State)}");
        console.WriteLine($"time           {TrialRecord.TimeOf(result)}");
        if (result.Engine != EngineKind.Auto)
            console.WriteLine($"engine         {ConfigurationText.Word(result.Engine)}");
        console.WriteLine($"weights        {Figures.Count(result.Weights)}");
        console.WriteLine($"digest         {result.WeightsDigest}");
        if (result.Test is not { } test)
            return;
        console.WriteLine($"test           {Metric} {Figures.Metric(test.Metric)}, loss {Figures.Metric(test.Loss)}");
        if (test.Targets is { } targets)
            console.Write(TargetPage.Table(targets, record.State.Plan.TargetName));
        if (test.Labels is { } labels)
            LabelPage.Write(console, "exact match    ", labels, test.ExactMatch, record.State.Plan.LabelName);
        if (test.Confusion is { } confusion && test.Classes <= ConfusionPage.ClassesMax)
            console.Write(ConfusionPage.Table(confusion, test.Classes, record.State.Plan.ClassNames()));
    }
}
