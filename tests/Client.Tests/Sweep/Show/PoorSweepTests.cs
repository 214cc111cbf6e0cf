namespace Sweeps.Client.Tests.Sweep.Show;

/// <summary>Sweeps with results that a person must not take for good ones, or cannot keep.</summary>
public sealed class PoorSweepTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(true, "1000000")]
    [InlineData(false, "0.1")]
    public async Task Run_NoBetterThanAGuess_SaysSo(bool isSaid, string rate)
    {
        var answer = await _place.RunSweepAsync(
            "--set", "architectures=mlp-5", "--set", "parameters.optimizer=sgd",
            "--set", $"parameters.learning_rate={rate}", "--set", "epochs=5");

        Assert.Equal(0, answer.Code);
        Assert.Equal(isSaid, answer.Output.Contains("no clear gain over always answering", StringComparison.Ordinal));
    }

    /// <summary>The estimate stands beside the same metric of the test set, which its confusion matrix tells.</summary>
    [Fact]
    public async Task Run_OtherMetric_ShowsThatOfTheTestSetEverywhere()
    {
        var answer = await _place.RunSweepAsync("--set", "metric=validation_recall");

        Assert.Equal((0, ""), (answer.Code, answer.Code == 0 ? "" : answer.Error));
        Assert.Matches(
            @"refit +test recall 0\.\d{4}, accuracy 0\.\d{4}, loss [\d.]+; cross-validated estimate validation_recall",
            answer.Output);
        var results = (await _place.RunAsync("show", "tiny", "--json")).Json();
        var recalls = results.GetProperty("confusion").EnumerateArray()
            .Select((row, label) => row.EnumerateArray().Select(count => count.GetDouble()).ToList() is var counts
                ? counts[label] / counts.Sum() : 0);
        Assert.Equal(
            recalls.Average(), results.GetProperty("test_metrics").GetProperty("test_recall").GetDouble(), 12);
        var page = await File.ReadAllTextAsync(_place.Results("tiny", "report.html"));
        Assert.Contains("Its recall there is 0.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowWeights_FolderThatCannotBeMade_StillDrawsThem()
    {
        Assert.Equal(0, (await _place.RunSweepAsync()).Code);
        var folder = Path.Combine(_place.Store, "results");
        Directory.Delete(folder, recursive: true);
        await File.WriteAllTextAsync(folder, "in the way");

        var answer = await _place.RunAsync("show", "tiny", "--weights");

        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.True(answer.Output.Split('\n').Length > 14);
        Assert.Contains("not written", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MistypedFileName_NamesTheNearest()
    {
        var answer = await _place.RunAsync("run", Path.Combine(_place.Folder, "tiny.yml"));

        Assert.Equal(2, answer.Code);
        Assert.Contains("did you mean", answer.Error, StringComparison.Ordinal);
        Assert.Contains("tiny.yaml'?", answer.Error, StringComparison.Ordinal);
    }
}
