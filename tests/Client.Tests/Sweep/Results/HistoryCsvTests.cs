using System.Globalization;

namespace Sweeps.Client.Tests.Sweep.Results;

/// <summary>The epochs of a sweep as another program reads them.</summary>
public sealed class HistoryCsvTests(FinishedSweep sweep) : IClassFixture<FinishedSweep>
{
    [Fact]
    public async Task Run_Ended_WritesEveryEpochOfEveryTrial()
    {
        var exported = await sweep.Place.RunAsync("export", "tiny", "--format", "history");
        var written = await File.ReadAllTextAsync(sweep.Place.Results("tiny", "history.csv"));

        Assert.Equal(written, exported.Output);
        var rows = Read(written);
        // 4 configurations x 2 folds and the refit, 2 epochs each.
        Assert.Equal(18, rows.Count);
        Assert.Equal(2, rows.Count(row => row["fold"] == "refit"));
        var trial = await sweep.Place.RunAsync("show", "tiny", "--trial", "2/1", "--json");
        var epochs = trial.Json().GetProperty("epochs");
        Assert.Equal(
            epochs.EnumerateArray().Select(epoch => epoch.GetProperty("validation_loss").GetDouble()),
            rows.Where(row => (row["configuration"], row["fold"]) == ("2", "1"))
                .Select(row => double.Parse(row["validation_loss"], CultureInfo.InvariantCulture)));
        Assert.All(rows.Where(row => row["fold"] == "refit"), row => Assert.Equal("", row["validation_loss"]));
    }

    // No field holds a comma: names are not among them.
    private static List<Dictionary<string, string>> Read(string text)
    {
        var lines = text.TrimEnd().Split('\n').Select(line => line.Split(',')).ToList();
        return [.. lines.Skip(1).Select(
            line => lines[0].Zip(line).ToDictionary(pair => pair.First, pair => pair.Second))];
    }
}
