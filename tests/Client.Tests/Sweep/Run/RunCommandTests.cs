using System.Globalization;
using Sweeps.Core;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>What 'run' and 'preview' say to files that are wrong, changed or lack their data.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>Each phase begins where the one before it ended, and the last ends with the command.</summary>
    [Fact]
    public async Task Run_Verbose_SaysWhereTheTimeWent()
    {
        var run = await _place.RunAsync("run", _place.SweepFile, "--verbose");

        var lines = run.Error.Split('\n');
        var rows = lines.SkipWhile(line => !line.Contains("where the time went", StringComparison.Ordinal)).Skip(2)
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 3)
            .Select(cells => (
                Phase: cells[0],
                Seconds: double.Parse(cells[1], CultureInfo.InvariantCulture),
                After: double.Parse(cells[2], CultureInfo.InvariantCulture)))
            .ToList();
        Assert.Equal("start of the program", rows[0].Phase);
        Assert.Equal("report, end of the silo", rows[^1].Phase);
        Assert.Contains("training, to the last event", rows.Select(row => row.Phase));
        // All are shown with three digits.
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(
            pair.Second.Seconds, pair.Second.After - pair.First.After, 0.01 + (0.02 * pair.Second.After)));
    }

    [Fact]
    public async Task Run_OtherSeed_IsRefusedUnlessFresh()
    {
        var first = await _place.RunSweepAsync("--json");
        var refused = await _place.RunSweepAsync("--seed", "7");
        var fresh = await _place.RunSweepAsync("--seed", "7", "--fresh", "--json");

        Assert.Equal((int)ErrorKind.Usage, refused.Code);
        Assert.Contains("sweeps resume tiny", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--fresh", refused.Error, StringComparison.Ordinal);
        Assert.Contains("differs in: seed)", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, fresh.Code);
        Assert.Equal("tiny-2", fresh.Json().GetProperty("id").GetString());
        Assert.NotEqual(first.Json().GetProperty("digest").GetString(), fresh.Json().GetProperty("digest").GetString());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("preview")]
    public async Task File_SeveralErrors_AreAllShown(string command)
    {
        await File.WriteAllTextAsync(_place.SweepFile, Workplace.Tiny
            .Replace("folds: 2", "folds: 1", StringComparison.Ordinal)
            .Replace("optimizer: adam", "optimizer: adm", StringComparison.Ordinal));

        var answer = await Workplace.RunElsewhereAsync(command, _place.SweepFile);

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains("folds", answer.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'adam'?", answer.Error, StringComparison.Ordinal);
        var lines = answer.Error.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith($"sweeps: {_place.SweepFile}:", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("preview")]
    public async Task File_SettingsWithoutEffect_AreNotedOnStderr(string command)
    {
        await File.WriteAllTextAsync(_place.SweepFile, Workplace.Tiny + "\nprogram: train.py\n");

        string[] arguments = [command, _place.SweepFile, "--set", "data.samples=600", "--slots", "2", "--json"];
        var answer = command == "run" ? await _place.RunAsync(arguments) : await Workplace.RunElsewhereAsync(arguments);

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Matches("(?m)^note: .*program", answer.Error);
    }

    [Fact]
    public async Task Run_MissingData_IsSaidOnceBeforeAnythingIsStarted()
    {
        await File.WriteAllTextAsync(
            _place.SweepFile, Workplace.Tiny.Replace("data: digits", "data: cifar-10", StringComparison.Ordinal));

        var answer = await _place.RunSweepAsync("--data-dir", _place.Folder);

        Assert.Equal((int)ErrorKind.Data, answer.Code);
        Assert.Contains("sweeps data get cifar-10", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place.Store));
    }

    [Fact]
    public async Task Run_MissingFile_IsAUsageError()
    {
        var answer = await _place.RunAsync("run", Path.Combine(_place.Folder, "none.yaml"));

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains("no sweep file", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2000")]
    [InlineData("abc")]
    [InlineData("1.5")]
    public async Task Run_SlotsOutOfRange_IsAUsageError(string slots)
    {
        var answer = await _place.RunAsync("run", _place.SweepFile, "--slots", slots);

        Assert.Equal((int)ErrorKind.Usage, answer.Code);
        Assert.Contains("a whole number from 1 to 1024", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_TinySweep_CountsAndPredicts()
    {
        var preview = (await Workplace.RunElsewhereAsync(
            "preview", _place.SweepFile, "--set", "data.samples=600", "--slots", "2", "--json")).Json();

        Assert.Equal(4, preview.GetProperty("configurations").GetInt32());
        Assert.Equal(8, preview.GetProperty("trials").GetInt32());
        Assert.Equal(16, preview.GetProperty("epochs").GetInt32());
        // 784 x 10 + 10, and 784 x 8 + 8 + 8 x 10 + 10.
        var architectures = preview.GetProperty("architectures").EnumerateArray().ToList();
        Assert.Equal([7850, 6370], architectures.Select(a => a.GetProperty("weights").GetInt32()));
        var prediction = preview.GetProperty("prediction");
        Assert.Equal(2, prediction.GetProperty("slots").GetInt32());
        Assert.InRange(prediction.GetProperty("train_seconds").GetDouble(), 1e-4, 60);
        var steps = architectures.SelectMany(a => a.GetProperty("steps").EnumerateArray());
        Assert.Equal([50, 50], steps.Select(step => step.GetProperty("batch_size").GetInt32()));
        var page = await Workplace.RunElsewhereAsync(
            "preview", _place.SweepFile, "--set", "data.samples=600", "--slots", "2");
        GoldenPage.AssertEqual("preview", page.Output);
    }
}
