namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>A sweep of several objectives, from its file to its report, with real trainings.</summary>
public sealed class ObjectivesRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public ObjectivesRunTests() => File.WriteAllText(_place.SweepFile, """
        name: tiny
        data: digits
        metric: [validation_accuracy, weights, multiply_adds]
        choose: knee
        method: nsga2
        population: 4
        run_cap: 14
        lag: 3
        architectures: {net: flatten | dense {width} relu | dense 10}
        parameters:
          width: {min: 1, max: 24}
          learning_rate: {min: 0.003, max: 0.03}
        folds: 2
        epochs: 2
        schedule: hyperband
        """.Replace("net: flatten | dense {width} relu | dense 10", "net: 'flatten | dense {width} relu | dense 10'",
            StringComparison.Ordinal));

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Run_ThreeObjectives_ReportsTheFrontAndRefitsItsKnee()
    {
        var run = await _place.RunSweepAsync();

        Assert.Equal(0, run.Code);
        Assert.Contains("front of validation accuracy, weights, multiply-adds:", run.Output, StringComparison.Ordinal);
        Assert.Contains("o on the front of the objectives", run.Output, StringComparison.Ordinal);
        Assert.Contains("validation accuracy by multiply-adds", run.Output, StringComparison.Ordinal);
        Assert.Contains("the knee of the front", run.Output, StringComparison.Ordinal);
        var document = (await _place.RunAsync("show", "tiny", "--json")).Json();
        var chosen = document.GetProperty("chosen");
        var front = document.GetProperty("objectives_front").EnumerateArray().Select(index => index.GetInt32());
        Assert.Contains(chosen.GetProperty("configuration").GetInt32(), front);
        // 784 products for each unit of the hidden layer, and 10 more for the outputs; biases are weights alone.
        var width = chosen.GetProperty("parameters").GetProperty("width").GetInt32();
        var objectives = chosen.GetProperty("objectives");
        Assert.Equal(794.0 * width, objectives.GetProperty("multiply_adds").GetProperty("mean").GetDouble());
        Assert.Equal(795.0 * width + 10, objectives.GetProperty("weights").GetProperty("mean").GetDouble());
        var saved = Directory.GetFiles(_place.Folder, "results.csv", SearchOption.AllDirectories).Single();
        Assert.EndsWith(",multiply_adds,on_front,chosen", File.ReadLines(saved).First(), StringComparison.Ordinal);
        var report = (await _place.RunAsync("report", "tiny", "--json")).Json();
        Assert.Contains(report.GetProperty("answer").EnumerateArray(), sentence => sentence.GetString()!.StartsWith(
            $"The objectives are validation accuracy, weights and multiply-adds: on their front, where none is as good "
                + $"in all and better in one, {(front.Count() == 1 ? "is" : "are")} {front.Count()} of ",
            StringComparison.Ordinal));
        Assert.Equal(0, (await _place.RunAsync("verify", "tiny", "--sample", "4")).Code);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Run_ThreeObjectives_HaveTheSameDigestOnOneSlotAndOnThree() =>
        Assert.Equal(await DigestAsync("1"), await DigestAsync("3"));

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Preview_ThreeObjectives_ShowsWhatTheNetworksCost()
    {
        var preview = await Workplace.RunElsewhereAsync("preview", _place.SweepFile, "--set", "data.samples=600");

        Assert.Matches(
            @"objectives     validation accuracy, weights \([\d,]+ to [\d,]+\), multiply-adds \(", preview.Output);
        Assert.Contains("a refit of the chosen one", preview.Output, StringComparison.Ordinal);
    }

    private async Task<string> DigestAsync(string slots)
    {
        var run = await _place.RunAsync(
            "run", _place.SweepFile, "--set", "data.samples=600", "--no-reuse", "--json", "--slots", slots, "--name",
            "on-" + slots);
        return run.Json().GetProperty("digest").GetString()!;
    }
}
