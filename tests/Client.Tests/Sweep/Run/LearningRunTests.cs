namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>Sweeps whose method learns from the scores, from their file to their report, with real trainings.</summary>
public sealed class LearningRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("tpe", "")]
    [InlineData("bayes", "")]
    [InlineData("cmaes", "")]
    [InlineData("tpe", "schedule: {method: hyperband, over: epochs, eta: 2}")]
    public async Task Run_AnyNumberOfSlots_HasTheSameDigestAndSaysHowItSearched(string method, string schedule)
    {
        File.WriteAllText(_place.SweepFile, $$"""
            name: tiny
            data: {name: digits, samples: 300}
            architectures: {linear: linear, small: flatten | dense 8 relu | dense}
            method: {{method}}
            run_cap: 12
            lag: 2
            warmup: 3
            start_with: [{architecture: linear, learning_rate: 0.01, batch_size: 20}]
            parameters:
              learning_rate: {min: 0.0001, max: 0.5, scale: log}
              batch_size: [10, 20, 50]
            folds: 2
            epochs: 2
            {{schedule}}
            """);

        var one = await RunAsync("one", "1");
        var three = await RunAsync("three", "3");
        var report = await _place.RunAsync("show", "one");
        var preview = await Workplace.RunElsewhereAsync("preview", _place.SweepFile);

        Assert.Equal(one, three);
        var where = method == "cmaes" ? ", more of them near the middle of each range," : "";
        var search = $"search         {method}: 1 first guess, then points that fill the space evenly{where} up to 3 "
            + "configurations, then each by the scores of those 2 and more before it";
        Assert.Contains(search, Unfolded(report.Output), StringComparison.Ordinal);
        Assert.Contains(search, Unfolded(preview.Output), StringComparison.Ordinal);
    }

    private static string Unfolded(string page) =>
        System.Text.RegularExpressions.Regex.Replace(page, "\\s*\n {15}", " ");

    private async Task<string> RunAsync(string name, string slots)
    {
        var run = await _place.RunAsync(
            "run", _place.SweepFile, "--slots", slots, "--name", name, "--no-reuse", "--json");
        return run.Json().GetProperty("digest").GetString()!;
    }
}
