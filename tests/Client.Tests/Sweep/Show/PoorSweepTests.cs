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
