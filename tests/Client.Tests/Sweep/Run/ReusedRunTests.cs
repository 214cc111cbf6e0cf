using System.Text.Json;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>
/// Sweeps that ask for trainings which their store has. Each digest is compared with that of a store of its own where
/// everything was trained.
/// </summary>
[Trait("Speed", "slow")]
public sealed class ReusedRunTests : IDisposable
{
    private const string Wider = "parameters.learning_rate=[0.003, 0.03, 0.1]";

    private readonly Workplace _place = new();
    private readonly Workplace _other = new();

    public void Dispose()
    {
        _place.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Run_WidenedGrid_TrainsTheNewConfigurationsAlone()
    {
        await RunAsync(_place, "--name", "narrow");
        var preview = (await _place.RunAsync(
            "preview", _place.SweepFile, "--set", "data.samples=600", "--set", Wider, "--json")).Json();
        Assert.Equal(8, preview.GetProperty("known").GetInt32());
        Assert.Equal((8, 24), (Epochs(preview, "epochs"), Epochs(preview, "epochs_in_full")));

        var wide = await RunAsync(_place, "--name", "wide", "--set", Wider);

        Assert.InRange(Reused(wide), 8, 9);
        Assert.Equal(Reused(wide), wide.GetProperty("reused_from").GetProperty("narrow").GetInt32());
        Assert.Equal(13, wide.GetProperty("planned").GetInt32());
        var trained = await RunAsync(_other, "--set", Wider, "--no-reuse");
        Assert.Equal(0, Reused(trained));
        Assert.Equal(Digest(trained), Digest(wide));
        // What was taken over is whole: it outlives the sweep that it came from.
        Assert.Equal(0, (await _place.RunAsync("delete", "narrow", "--yes")).Code);
        var verified = await _place.RunAsync("verify", "wide", "--sample", "13");
        Assert.True(verified.Code == 0, verified.Output);
        Assert.Contains("13 of 13 retrained trials are equal", verified.Output, StringComparison.Ordinal);
        var trial = (await _place.RunAsync("show", "wide", "--trial", "0/1", "--json")).Json();
        Assert.Equal("narrow", trial.GetProperty("reused").GetProperty("sweep").GetString());
        Assert.Equal(2, trial.GetProperty("epochs").GetArrayLength());
        var page = await _place.RunAsync("show", "wide");
        Assert.Contains($"{Reused(wide)} of 13 trials", page.Output, StringComparison.Ordinal);
        Assert.Contains("reused_folds", await File.ReadAllTextAsync(_place.Results("wide", "results.csv")),
            StringComparison.Ordinal);
        // And it is known in its turn.
        Assert.Equal(13, Reused(await RunAsync(_place, "--name", "third", "--set", Wider)));
    }

    [Fact]
    public async Task Run_SameFileAgain_TrainsNothing()
    {
        var first = await RunAsync(_place);
        var again = await RunAsync(_place, "--fresh");
        Assert.Equal(("tiny-2", 9), (again.GetProperty("id").GetString(), Reused(again)));
        Assert.Equal(0, again.GetProperty("train_seconds").GetDouble());
        Assert.Equal(
            first.GetProperty("train_seconds").GetDouble(), again.GetProperty("reused_seconds").GetDouble(), 9);
        Assert.Equal(Digest(first), Digest(again));
        Assert.Equal(
            await File.ReadAllBytesAsync(_place.Results("tiny", "model.safetensors")),
            await File.ReadAllBytesAsync(_place.Results("tiny-2", "model.safetensors")));
        Assert.Equal(0, Reused(await RunAsync(_place, "--fresh", "--no-reuse")));
    }

    /// <summary>What is asked for beside the epochs is in the results of rungs too.</summary>
    [Fact]
    public async Task Run_HalvingByF1Again_TrainsNothing()
    {
        string[] settings =
            ["--set", "metric=validation_f1", "--set", "schedule={method: halving, eta: 2}", "--set", "refit=false"];
        var first = await RunAsync(_place, settings);
        Assert.True(first.GetProperty("stopped").GetInt32() > 0);
        var again = await RunAsync(_place, ["--fresh", .. settings]);
        Assert.Equal(0, again.GetProperty("train_seconds").GetDouble());
        Assert.Equal(Digest(first), Digest(again));
        Assert.Contains(
            "epochs", (await _place.RunAsync("show", "tiny-2")).Output.Split('\n').Single(
                line => line.StartsWith("schedule ", StringComparison.Ordinal)
                    && line.Contains("the results took", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    /// <summary>F1 after two epochs is not among the numbers of three: nothing is promised.</summary>
    [Fact]
    public async Task Preview_FewerEpochsByF1_KnowsNothingOfThem()
    {
        string[] settings = ["--set", "metric=validation_f1", "--set", "refit=false"];
        await RunAsync(_place, ["--set", "epochs=3", .. settings]);
        string[] preview = ["preview", _place.SweepFile, "--set", "data.samples=600", "--json", .. settings];
        Assert.Equal(0, (await _place.RunAsync(preview)).Json().GetProperty("known").GetInt32());
        Assert.Equal(8, (await _place.RunAsync([.. preview, "--set", "epochs=3"])).Json()
            .GetProperty("known").GetInt32());
    }

    /// <summary>What results cost is no part of a sweep: it is the same sweep with and without.</summary>
    [Fact]
    public async Task Run_OtherReuseThanBefore_IsTheSameSweepAndSaysSo()
    {
        var first = await RunAsync(_place, "--no-reuse");

        var again = await _place.RunSweepAsync("--json");

        Assert.True(again.Code == 0, again.Error);
        Assert.Contains("not taken over, as when this sweep began", again.Error, StringComparison.Ordinal);
        Assert.Equal(Digest(first), Digest(again.Json()));
    }

    [Theory]
    [InlineData()]
    [InlineData("score=best")]
    [InlineData("patience=1")]
    public async Task Run_EpochsSearched_CostOneTraining(params string[] more)
    {
        string[] settings =
        [
            "--set", "epochs=null", "--set", "parameters.epochs=[1, 2, 4]", "--set", "refit=false",
            .. more.SelectMany(set => new[] { "--set", set }),
        ];
        var shared = await RunAsync(_place, settings);
        var trained = await RunAsync(_other, [.. settings, "--no-reuse"]);
        Assert.Equal(Digest(trained), Digest(shared));
        // 4 configurations but for their epochs, on 2 folds: those of 4 epochs are trained.
        Assert.Equal((24, 16), (shared.GetProperty("planned").GetInt32(), Reused(shared)));
        Assert.Equal(16, shared.GetProperty("reused_from").GetProperty("tiny").GetInt32());
        Assert.Equal(0, (await _place.RunAsync("verify", "tiny", "--sample", "24")).Code);
    }

    [Fact]
    public async Task Run_FewerEpochsOtherFoldsOrData_TakesOverWhatIsEqualAlone()
    {
        await RunAsync(_place, "--set", "epochs=3", "--set", "refit=false");
        var fewer = await RunAsync(_place, "--name", "fewer", "--set", "refit=false");
        Assert.Equal(8, Reused(fewer));
        Assert.Equal(Digest(await RunAsync(_other, "--set", "refit=false")), Digest(fewer));
        string[][] others =
        [
            ["--set", "epochs=4"], ["--set", "folds=3"], ["--set", "data.samples=500"], ["--seed", "2"],
            ["--set", "parameters.batch_size=40"],
        ];
        foreach (var (other, number) in others.Select((other, number) => (other, number)))
        {
            var run = await RunAsync(_place, [.. other, "--name", $"other-{number}", "--set", "refit=false"]);
            Assert.Equal(0, Reused(run));
        }
    }

    private static async Task<JsonElement> RunAsync(Workplace place, params string[] more)
    {
        var run = await place.RunSweepAsync([.. more, "--json"]);
        Assert.True(run.Code == 0, run.Error);
        return run.Json();
    }

    private static int Reused(JsonElement run) => run.GetProperty("reused").GetInt32();

    private static int Epochs(JsonElement preview, string name) => preview.GetProperty(name).GetInt32();

    private static string? Digest(JsonElement run) => run.GetProperty("digest").GetString();
}
