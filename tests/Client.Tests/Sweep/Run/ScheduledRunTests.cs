using System.Text.Json;
using Sweeps.Client.Plots;
using Sweeps.Client.Report;
using Sweeps.Client.Sweep.Results;
using Sweeps.Core;
using Sweeps.Store;
using Sweeps.Store.Addresses;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>A sweep that stops configurations early, from its file to its report, with real trainings.</summary>
public sealed class ScheduledRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public ScheduledRunTests() =>
        File.WriteAllText(_place.SweepFile, Workplace.Tiny + "\nschedule: {method: halving, eta: 2}\n");

    public void Dispose() => _place.Dispose();

    /// <summary>4 configurations for an epoch on one fold, 2 for the second, 1 on the other: 8 of 16 epochs.</summary>
    [Fact]
    public async Task Run_Halving_TrainsHalfOfTheEpochsAndSaysWhatItStopped()
    {
        var run = await _place.RunSweepAsync();

        Assert.Equal(0, run.Code);
        Assert.Contains(
            "3 of 4 configurations stopped early; trained 8 of 16 epochs (50 %)", run.Output, StringComparison.Ordinal);
        Assert.Contains("x stopped by the schedule after so many epochs", run.Output, StringComparison.Ordinal);
        var document = (await _place.RunAsync("show", "tiny", "--json")).Json();
        Assert.Equal(
            (9, 4, 5),
            (document.GetProperty("planned").GetInt32(), document.GetProperty("completed").GetInt32(),
                document.GetProperty("stopped").GetInt32()));
        Assert.Equal(8, document.GetProperty("schedule").GetProperty("epochs").GetInt32());
        var preview = await Workplace.RunElsewhereAsync(
            "preview", _place.SweepFile, "--set", "data.samples=600", "--json");
        Assert.Equal(8, preview.Json().GetProperty("epochs").GetInt64());
        Assert.Contains(" 9/9 ", (await _place.RunAsync("list")).Output, StringComparison.Ordinal);
        var verified = await _place.RunAsync("verify", "tiny", "--sample", "9");
        Assert.Equal(0, verified.Code);
        Assert.Contains("verified       6 of 6 retrained trials are equal", verified.Output, StringComparison.Ordinal);
    }

    /// <summary>All four begin on one fold, two have their second epoch, one is trained on the other fold.</summary>
    [Fact]
    public async Task Report_Halving_TellsWhoWentOnAndComparesNoBudgets()
    {
        Assert.Equal(0, (await _place.RunSweepAsync()).Code);

        var report = (await _place.RunAsync("report", "tiny", "--json")).Json();

        Assert.Equal(
            "Successive halving stopped 3 of 4 configurations early: 8 of 16 epochs were trained (50 % saved).",
            report.GetProperty("answer")[0].GetString());
        Assert.StartsWith(
            "The best of the 1 trained in full is", report.GetProperty("answer")[1].GetString(),
            StringComparison.Ordinal);
        var course = report.GetProperty("schedule").GetProperty("course");
        Assert.Equal(
            [4, 2, 1],
            course.GetProperty("groups")[0].GetProperty("levels").EnumerateArray()
                .Select(level => level.GetProperty("members").GetInt32()));
        var trained = course.GetProperty("trained").EnumerateObject().Select(item => item.Value).ToList();
        Assert.Equal([1, 1, 2, 4], trained.Select(item => item.GetProperty("epochs_in_all").GetInt32()).Order());
        Assert.Equal(3, trained.Count(item => item.GetProperty("is_stopped").GetBoolean()));
        Assert.Equal(1, report.GetProperty("compared").GetProperty("configurations").GetInt32());
        Assert.Empty(report.GetProperty("importance").EnumerateArray());
    }

    /// <summary>In pictures and in the terminal what was stopped is points of its own.</summary>
    [Fact]
    public async Task Plots_Halving_ShowWhatWasStoppedApart()
    {
        var run = await _place.RunSweepAsync();
        Assert.Equal(0, run.Code);
        await using var store = await StoreFactory.OpenAsync(
            StoreAddress.Parse(_place.Store), new() { Access = StoreAccess.ReadOnly });
        var report = await SweepReport.ReadAsync(
            store, "tiny", ResultFiles.FolderOf(store.Address, "tiny"),
            (_, _) => throw new SweepsException(ErrorKind.Data, "not needed"));
        var stopped = ReportRow.Of(report).Where(row => !row.IsRanked).Select(row => row.Mean).Order().ToList();

        var pictures = SweepCharts.Of(report);
        var names = pictures.Single(picture => picture.Name == "architecture").Panels()[0];
        var curve = pictures.Single(picture => picture.Name == "learning_rate").Panels()[0];

        Assert.Equal(3, stopped.Count);
        Assert.Single(names.Bars);
        Assert.Equal(2, names.Up.Names!.Count);
        Assert.Equal(stopped, names.Series.Single(series => series.IsHollow).Points.Select(point => point.X).Order());
        Assert.Equal(stopped, curve.Series.Single(series => series.IsHollow).Points.Select(point => point.Y).Order());
        Assert.Contains("x  stopped by the schedule", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Halving_HasTheSameDigestOnOneSlotAndOnThree()
    {
        var one = await DigestAsync("--slots", "1", "--name", "one");
        var three = await DigestAsync("--slots", "3", "--name", "three");

        Assert.Equal(one, three);
    }

    [Fact]
    public async Task Show_StoppedTrial_SaysWhy()
    {
        Assert.Equal(0, (await _place.RunSweepAsync()).Code);
        var document = (await _place.RunAsync("show", "tiny", "--json")).Json();
        var stopped = document.GetProperty("configurations").EnumerateArray().First(
            document => document.TryGetProperty("stopped_after_epochs", out var epochs) && epochs.GetInt32() == 1);
        var index = stopped.GetProperty("configuration").GetInt32();

        var trained = await _place.RunAsync("show", "tiny", "--trial", $"{index}/0");
        var never = await _place.RunAsync("show", "tiny", "--trial", $"{index}/1");

        Assert.Contains("rung at epoch 1", trained.Output, StringComparison.Ordinal);
        Assert.Contains("is not among the best 2 of 4", trained.Output, StringComparison.Ordinal);
        var lines = trained.Output.Split('\n').ToList();
        var reason = lines.FindIndex(line => line.StartsWith("stopped        rung 1, ", StringComparison.Ordinal));
        Assert.InRange(reason, 1, lines.FindIndex(line => line.Contains("attempt", StringComparison.Ordinal)));
        Assert.StartsWith("configuration  validation accuracy 0.", lines[reason + 1], StringComparison.Ordinal);
        Assert.Contains("the schedule stopped its configuration before", never.Output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, stopped.GetProperty("values")[1].ValueKind);
    }

    /// <summary>A training that diverges in its first epoch has no curve to lose, and its 0 is no accuracy.</summary>
    [Fact]
    public async Task Run_TrainingsThatDivergeAtOnce_ShowNoValueAndMissNoCurve()
    {
        var text = File.ReadAllText(_place.SweepFile)
            .Replace("0.03]", "1000000]", StringComparison.Ordinal)
            .Replace("adam", "sgd", StringComparison.Ordinal)
            .Replace("8 relu", "16 relu | dense 16 relu | dense 16 relu", StringComparison.Ordinal);
        File.WriteAllText(_place.SweepFile, text);

        var run = await _place.RunSweepAsync();

        Assert.Contains("d x0", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            run.Output.Split('\n'),
            line => line.Contains("d x0", StringComparison.Ordinal)
                && line.Contains("0.0000", StringComparison.Ordinal));
        Assert.Contains("x  stopped by the schedule", run.Output, StringComparison.Ordinal);
        var verified = await _place.RunAsync("verify", "tiny", "--sample", "0");
        Assert.Contains("learning curves agree with the log", verified.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("have none", verified.Output, StringComparison.Ordinal);
    }

    private async Task<string> DigestAsync(params string[] more)
    {
        var run = await _place.RunAsync(
            ["run", _place.SweepFile, "--set", "data.samples=600", "--no-reuse", "--json", .. more]);
        return run.Json().GetProperty("digest").GetString()!;
    }
}
