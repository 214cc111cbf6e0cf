using System.Text.Json;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>Folds drawn several times and splits trained several times, from the file to the report.</summary>
public sealed class RepeatedRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public RepeatedRunTests() => File.WriteAllText(_place.SweepFile, """
        name: tiny
        data: digits
        architectures: {small: flatten | dense 8 relu | dense}
        parameters: {learning_rate: [0.003, 0.03], batch_size: 50}
        folds: {k: 2, repeats: 2}
        seeds: 2
        epochs: 1
        """);

    public void Dispose() => _place.Dispose();

    /// <summary>2 configurations x 2 folds x 2 repeats x 2 seeds, and a refit.</summary>
    [Fact]
    public async Task Run_RepeatsAndSeeds_AreTrialsOfTheirOwn()
    {
        var preview = await Workplace.RunElsewhereAsync("preview", _place.SweepFile, "--json");
        Assert.Equal(16, preview.Json().GetProperty("trials").GetInt64());

        var run = await _place.RunSweepAsync();

        Assert.Equal(0, run.Code);
        Assert.Contains(
            "+- is the deviation over 8 trials: 2 folds x 2 repeats x 2 seeds", run.Output, StringComparison.Ordinal);
        Assert.Contains("planned 17, completed 17, unique 17", run.Output, StringComparison.Ordinal);
        var document = (await _place.RunAsync("show", "tiny", "--json")).Json();
        Assert.Equal((2, 2), (document.GetProperty("repeats").GetInt32(), document.GetProperty("seeds").GetInt32()));
        Assert.All(document.GetProperty("configurations").EnumerateArray(), configuration =>
        {
            var values = ValuesOf(configuration);
            Assert.Equal(8, values.Length);
            Assert.Equal(8, values.Distinct().Count());
            var mean = values.Average();
            Assert.Equal(mean, configuration.GetProperty("mean").GetDouble(), 12);
            var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / 7);
            Assert.Equal(deviation, configuration.GetProperty("standard_deviation").GetDouble(), 12);
        });
        var trial = await _place.RunAsync("show", "tiny", "--trial", "0/7");
        Assert.Contains("fold 2 of 2, repeat 2, seed 2", trial.Output, StringComparison.Ordinal);
        var verified = await _place.RunAsync("verify", "tiny", "--sample", "17");
        Assert.Equal(0, verified.Code);
        Assert.Contains("17 of 17 retrained trials are equal", verified.Output, StringComparison.Ordinal);
    }

    /// <summary>More repeats and seeds add trials and change none.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Run_MoreRepeats_KeepTheTrialsThatThereWere()
    {
        await RunAsync("--slots", "1");
        await RunAsync("--name", "once", "--slots", "3", "--set", "folds=2", "--set", "seeds=1");
        await RunAsync("--name", "again", "--slots", "3");

        var (all, once, again) = (await ShowAsync("tiny"), await ShowAsync("once"), await ShowAsync("again"));
        Assert.Equal(all.GetProperty("digest").GetString(), again.GetProperty("digest").GetString());
        foreach (var configuration in all.GetProperty("configurations").EnumerateArray())
        {
            var index = configuration.GetProperty("configuration").GetInt32();
            var same = once.GetProperty("configurations").EnumerateArray()
                .Single(other => other.GetProperty("configuration").GetInt32() == index);
            Assert.Equal(ValuesOf(same), ValuesOf(configuration)[..2]);
        }

        async Task RunAsync(params string[] more) => Assert.Equal(
            0, (await _place.RunAsync(
                ["run", _place.SweepFile, "--set", "data.samples=600", "--no-reuse", .. more])).Code);

        async Task<JsonElement> ShowAsync(string id) => (await _place.RunAsync("show", id, "--json")).Json();
    }

    private static double[] ValuesOf(JsonElement configuration) =>
        [.. configuration.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
}
