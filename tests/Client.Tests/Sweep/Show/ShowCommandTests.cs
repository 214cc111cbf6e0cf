using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sweeps.Client.Tests.Sweep.Show;

/// <summary>The commands that look at a finished sweep, each on the same one.</summary>
public sealed class ShowCommandTests(FinishedSweep sweep) : IClassFixture<FinishedSweep>
{
    private const int TestSamples = 2000;

    [Fact]
    public void Run_TinySweep_PrintsTheReport() => GoldenPage.AssertEqual("run", sweep.Answer.Output);

    [Fact]
    public async Task Show_Json_HasTheAuditAndTheTest()
    {
        var results = (await sweep.Place.RunAsync("show", "tiny", "--json")).Json();

        Assert.Equal(
            [9, 9, 9, 0, 0, 0, 0],
            ((string[])["planned", "completed", "unique", "stopped", "failed", "retried", "lost"])
                .Select(count => results.GetProperty(count).GetInt32()));
        Assert.InRange(results.GetProperty("test_accuracy").GetDouble(), 0.1, 1);
        Assert.Equal(1, results.GetProperty("best").GetProperty("rank").GetInt32());
    }

    [Fact]
    public void Run_TinySweep_WritesItsFiles()
    {
        string[] files = ["results.csv", "results.json", "sweep.yaml", "model.safetensors", "weights.png"];
        foreach (var file in files)
            Assert.True(new FileInfo(sweep.Place.Results("tiny", file)).Length > 0, file);
        var confusion = File.ReadAllLines(sweep.Place.Results("tiny", "confusion.csv"));
        Assert.Equal("true,0,1,2,3,4,5,6,7,8,9", confusion[0]);
        Assert.Equal(TestSamples, confusion.Skip(1).Sum(line => line.Split(',').Skip(1).Sum(int.Parse)));
    }

    [Fact]
    public async Task Run_FinishedSweep_PrintsTheAnswerAgainAndTrainsNothing()
    {
        var before = await sweep.Place.RunAsync("list", "--json");

        var again = await sweep.Place.RunSweepAsync("--json");

        Assert.Equal(0, again.Code);
        Assert.Contains(again.Json().GetProperty("digest").GetString()!, sweep.Answer.Output, StringComparison.Ordinal);
        Assert.Equal(0, again.Json().GetProperty("lost").GetInt32());
        Assert.True(again.Json().GetProperty("prediction").GetProperty("wall_seconds").GetDouble() > 0);
        Assert.Equal(before.Output, (await sweep.Place.RunAsync("list", "--json")).Output);
    }

    [Fact]
    public async Task List_Json_HasTheSweepAndItsBest()
    {
        var entry = (await sweep.Place.RunAsync("list", "--json")).Json().GetProperty("sweeps")[0];

        Assert.Equal("tiny", entry.GetProperty("id").GetString());
        Assert.Equal("completed", entry.GetProperty("state").GetString());
        Assert.Equal(9, entry.GetProperty("planned").GetInt32());
        Assert.Equal(9, entry.GetProperty("completed").GetInt32());
        var best = (await sweep.Place.RunAsync("show", "tiny", "--json")).Json().GetProperty("best");
        Assert.Equal(best.GetProperty("mean").GetDouble(), entry.GetProperty("best").GetProperty("mean").GetDouble());
    }

    [Fact]
    public async Task List_Text_IsATable() =>
        GoldenPage.AssertEqual("list", (await sweep.Place.RunAsync("list")).Output);

    [Fact]
    public async Task Show_Text_HasHeadTableAndDigest()
    {
        var text = (await sweep.Place.RunAsync("show", "tiny")).Output;

        GoldenPage.AssertEqual("show", text);
        Assert.Equal(DigestIn(sweep.Answer.Output), DigestIn(text));
    }

    [Fact]
    public async Task ShowTrial_Json_HasAttemptsEpochsAndResult()
    {
        var trial = (await sweep.Place.RunAsync("show", "tiny", "--trial", "1/0", "--json")).Json();

        Assert.Equal("fold 1 of 2", trial.GetProperty("split").GetString());
        var attempt = Assert.Single(trial.GetProperty("attempts").EnumerateArray());
        Assert.Equal("completed", attempt.GetProperty("end").GetString());
        var epochs = trial.GetProperty("epochs").EnumerateArray().ToList();
        Assert.Equal([1, 2], epochs.Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        var result = trial.GetProperty("result");
        const string metric = "validation_metric";
        Assert.Equal(result.GetProperty(metric).GetDouble(), epochs[1].GetProperty(metric).GetDouble());
        Assert.Matches("^[0-9a-f]{64}$", result.GetProperty("weights_digest").GetString());
    }

    [Theory]
    [InlineData("3")]
    [InlineData("1/1")]
    public async Task ShowTrial_NumberAndName_AreTheSameTrial(string name)
    {
        // 2 folds: trial number 3 is configuration 1, fold 1.
        var trial = (await sweep.Place.RunAsync("show", "tiny", "--trial", name, "--json")).Json();

        Assert.Equal("1/1", trial.GetProperty("trial").GetString());
        Assert.Equal("fold 2 of 2", trial.GetProperty("split").GetString());
        Assert.Equal("completed", trial.GetProperty("state").GetString());
    }

    [Fact]
    public async Task ShowTrial_Refit_PrintsEpochsCurvesAndTheConfusionMatrix()
    {
        var page = (await sweep.Place.RunAsync("show", "tiny", "--trial", "refit")).Output;

        // Its threads depend on the machine's cores.
        GoldenPage.AssertEqual("trial", Regex.Replace(page, @"\d+ threads, ", ""));
    }

    [Fact]
    public async Task ShowWeights_Picture_IsAPngOfTheTilesStated()
    {
        var answer = (await sweep.Place.RunAsync("show", "tiny", "--weights", "--json")).Json();
        var png = await File.ReadAllBytesAsync(answer.GetProperty("path").GetString()!);

        Assert.Equal((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        // The last chunk has no data, so its checksum is a constant of the format.
        Assert.Equal((byte[])[0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82], png[^12..]);
        Assert.Equal(28, answer.GetProperty("height").GetInt32());
        Assert.InRange(answer.GetProperty("count").GetInt32(), 8, 10);
        Assert.True((await sweep.Place.RunAsync("show", "tiny", "--weights")).Output.Split('\n').Length > 14);
    }

    [Fact]
    public async Task Export_Csv_HasTheColumnsOfScikitLearn()
    {
        var lines = (await sweep.Place.RunAsync("export", "tiny")).Output.TrimEnd().Split('\n');

        Assert.StartsWith("mean_fit_time,std_fit_time,mean_score_time,std_score_time,param_", lines[0],
            StringComparison.Ordinal);
        Assert.Equal(1 + 4, lines.Length);
    }

    [Fact]
    public async Task Export_JsonToFile_HasAllConfigurations()
    {
        var path = Path.Combine(sweep.Place.Folder, "out.json");
        var answer = await sweep.Place.RunAsync("export", "tiny", "--format", "json", "--output", path);

        Assert.Equal((0, ""), (answer.Code, answer.Output));
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        Assert.Equal(4, document.RootElement.GetProperty("configurations").GetArrayLength());
    }

    [Fact]
    public async Task Verify_HonestSweep_HoldsBitByBit()
    {
        var answer = await sweep.Place.RunAsync("verify", "tiny", "--sample", "3", "--json");

        var json = answer.Json();
        Assert.Equal(0, answer.Code);
        Assert.True(json.GetProperty("holds").GetBoolean());
        Assert.Equal(3, json.GetProperty("equal").GetInt32());
        Assert.True(json.GetProperty("same_numerics").GetBoolean());
        Assert.Equal(DigestIn(sweep.Answer.Output), json.GetProperty("digest").GetString());
        GoldenPage.AssertEqual("verify", (await sweep.Place.RunAsync("verify", "tiny")).Output);
    }

    [Fact]
    public async Task Store_Json_CountsWhatTheSweepLeft()
    {
        var store = (await sweep.Place.RunAsync("store", "--json")).Json();

        Assert.Equal(1, store.GetProperty("sweeps").GetInt32());
        // 4 configurations x 2 folds x 2 epochs, and the refit's 2.
        Assert.Equal(18, store.GetProperty("metric_rows").GetInt64());
        Assert.True(store.GetProperty("events").GetInt64() > 2 * 9);
        var names = store.GetProperty("artifacts").EnumerateArray()
            .Select(kind => kind.GetProperty("name").GetString());
        Assert.Contains("model", names);
        Assert.Equal(1, store.GetProperty("sweeps_by_state").GetProperty("completed").GetInt32());
        Assert.Equal(
            store.GetProperty("artifacts").EnumerateArray().Sum(kind => kind.GetProperty("bytes").GetInt64()),
            store.GetProperty("artifact_bytes").GetInt64());
        Assert.True(store.GetProperty("schema_version").GetInt32() >= 2);
        Assert.True(store.GetProperty("database_bytes").GetInt64() >= new FileInfo(
            Path.Combine(sweep.Place.Store, "sweeps.db")).Length);
        var page = (await sweep.Place.RunAsync("store")).Output;
        GoldenPage.AssertEqual("store", page);
        Assert.Equal(page, (await sweep.Place.RunAsync("store", "show")).Output);
    }

    [Fact]
    public async Task StorePrune_FinishedSweep_KeepsItsModelAndReport()
    {
        var pruned = await sweep.Place.RunAsync("store", "prune", "--json");

        Assert.Equal(0, pruned.Code);
        Assert.Equal(0, pruned.Json().GetProperty("silos").GetInt32());
        var shown = await sweep.Place.RunAsync("show", "tiny", "--weights", "--json");
        Assert.Equal(0, shown.Code);
        Assert.Equal(DigestIn(sweep.Answer.Output), DigestIn((await sweep.Place.RunAsync("show", "tiny")).Output));
    }

    [Theory]
    [InlineData(2, "did you mean 'tiny'?", "show", "tinny")]
    [InlineData(2, "0/0 to 3/1", "show", "tiny", "--trial", "9/9")]
    [InlineData(2, "0/0 to 3/1", "show", "tiny", "--trial", "best")]
    [InlineData(2, "complete", "pause", "tiny")]
    [InlineData(2, "complete", "cancel", "tiny")]
    [InlineData(2, "none of its trials failed", "resume", "tiny", "--retry-failed")]
    [InlineData(2, "--sample", "verify", "tiny", "--sample", "many")]
    [InlineData(2, "cannot be written", "export", "tiny", "--output", "/no/such/folder/file")]
    public async Task Command_Mistake_IsSaidWithItsExitCode(int code, string part, params string[] arguments)
    {
        var answer = await sweep.Place.RunAsync(arguments);

        Assert.Equal(code, answer.Code);
        Assert.Equal("", answer.Output);
        Assert.StartsWith("sweeps: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(part, answer.Error, StringComparison.Ordinal);
    }

    private static string DigestIn(string text) => Regex.Match(text, @"digest +([0-9a-f]{64})").Groups[1].Value;
}
