using System.Text.Json;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.Tests.Sweep.Run;

/// <summary>A sweep is trained on the data that it began with, wherever these lie, or not at all.</summary>
[Trait("Speed", "slow")]
public sealed class DataOfASweepTests : IDisposable
{
    private const string File = """
        data: t.csv
        architectures: [linear, mlp-8]
        parameters: {learning_rate: [0.1, 0.01]}
        folds: 2
        epochs: 2
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("sweeps-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Run_TableThatChangedSince_IsRefusedBeforeAnythingIsTrained_AndTheCopyFinishesIt()
    {
        Write("a", Table(60));
        await RunAsync("submit", "a");
        Write("a", Table(40));

        var refused = await RunAsync("run", "a");

        Assert.Equal((int)ErrorKind.Data, refused.Code);
        string[] parts = ["60 samples", "40 samples", "sweeps resume s", "--fresh", "put the old file back"];
        Assert.All(parts, part => Assert.Contains(part, refused.Error, StringComparison.Ordinal));
        Assert.Equal(1, (await FindAsync("a")).LastSequence);

        var resumed = await InAsync("resume", "s", "--store", Store("a"), "--json");
        Assert.True(resumed.Code == 0, resumed.Error);
        Write("b", Table(60));
        Assert.Equal(Digest(resumed), Digest(await RunAsync("run", "b", "--json")));
        var verified = await InAsync("verify", "s", "--store", Store("a"), "--sample", "2", "--json");
        Assert.Equal(2, verified.Json().GetProperty("equal").GetInt32());
    }

    [Fact]
    public async Task Run_FinishedSweepWhoseTableChanged_IsRefusedToo()
    {
        Write("a", Table(60));
        Assert.Equal(0, (await RunAsync("run", "a")).Code);
        Write("a", Table(40));
        Assert.Equal((int)ErrorKind.Data, (await RunAsync("run", "a")).Code);
        var fresh = await RunAsync("run", "a", "--fresh", "--json");
        Assert.Equal("s-2", fresh.Json().GetProperty("id").GetString());
    }

    [Fact]
    public async Task Run_FolderThatWasMoved_ResumesWithTheSameDigest()
    {
        Write("a", Table(60));
        await RunAsync("submit", "a");
        Directory.Move(Path.Combine(_root, "a"), Path.Combine(_root, "moved"));
        var moved = await RunAsync("run", "moved", "--json");
        Assert.True(moved.Code == 0, moved.Error);
        Write("b", Table(60));
        Assert.Equal(Digest(await RunAsync("run", "b", "--json")), Digest(moved));
    }

    [Fact]
    public async Task Resume_TableThatIsGone_TrainsOnTheCopyInTheStore()
    {
        Write("a", Table(60));
        await RunAsync("submit", "a");
        System.IO.File.Delete(Path.Combine(_root, "a", "t.csv"));
        var resumed = await InAsync("resume", "s", "--store", Store("a"), "--json");
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal("t.csv", resumed.Json().GetProperty("data").GetString());
    }

    /// <summary>A log of an earlier version has an absolute path and no digest: it is resumed, with a note.</summary>
    [Fact]
    public async Task Run_SweepOfAnEarlierVersion_IsResumedWithANote()
    {
        var path = Write("a", Table(60));
        var plan = SpecificationPlan.Create(
            SpecificationReader.Read(File, "s.yaml").Require(), "s", TaskKind.Classification) with
        { Data = path };
        await using (var store = await StoreFactory.OpenAsync(StoreAddress.Parse(Store("a"))))
        {
            var clock = new CoordinatorClock(store, TimeProvider.System);
            await new SweepCoordinator("s", store, SpecificationPlan.SearcherOf, clock)
                .ExecuteAsync([new SubmitSweep(plan)]);
        }

        var answer = await RunAsync("run", "a", "--json");

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Matches("(?m)^note: the digest of the data was not known", answer.Error);
        Assert.False(answer.Json().TryGetProperty("data_digest", out _));
    }

    /// <summary>Labels are words here, with all that makes words hard to write.</summary>
    [Fact]
    public async Task Report_Classes_AreCalledByTheirNames()
    {
        string[] names = ["grün, hell", "say \"x\"", "日本"];
        var rows = Enumerable.Range(0, 60).Select(
            row => $"{row % 7},{row * row % 11},\"{names[row % 3].Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        Write("a", $"a,b,kind\n{string.Join('\n', rows)}\n");
        var answer = await RunAsync("run", "a");
        Assert.True(answer.Code == 0, answer.Error);

        var results = Path.Combine(Store("a"), "results", "s");
        var lines = await System.IO.File.ReadAllLinesAsync(Path.Combine(results, "confusion.csv"));
        Assert.Equal("true,\"grün, hell\",\"say \"\"x\"\"\",日本", lines[0]);
        Assert.StartsWith("日本,", lines[3], StringComparison.Ordinal);
        var text = await System.IO.File.ReadAllTextAsync(Path.Combine(results, "results.json"));
        using var json = JsonDocument.Parse(text);
        Assert.Equal(names, json.RootElement.GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        var model = await System.IO.File.ReadAllBytesAsync(Path.Combine(results, "model.safetensors"));
        Assert.Equal(names, ClassNamesText.OfModel(model));
        Assert.DoesNotContain(_root, System.Text.Encoding.UTF8.GetString(model), StringComparison.Ordinal);
        Assert.Contains("日本", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ClassWithFewerSamplesThanFolds_IsNoted()
    {
        Write("a", Table(60) + "1,2,rare\n3,4,rare\n5,6,rare\n");
        var answer = await RunAsync("run", "a", "--set", "folds=4");
        Assert.Matches("(?m)^note: .*4 folds.*'rare' has 2", answer.Error);
    }

    private string Write(string folder, string table)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, folder)).FullName, "t.csv");
        System.IO.File.WriteAllText(path, table);
        System.IO.File.WriteAllText(Path.Combine(_root, folder, "s.yaml"), File);
        return path;
    }

    private static string Table(int rows) => "a,b,kind\n"
        + string.Concat(Enumerable.Range(0, rows).Select(row => $"{row % 7},{row * row % 11},{"xyz"[row % 3]}\n"));

    private string Store(string folder) => Path.Combine(_root, folder, "store");

    private Task<Workplace.Answer> RunAsync(string command, string folder, params string[] more) =>
        InAsync([command, Path.Combine(_root, folder, "s.yaml"), "--store", Store(folder), .. more]);

    private static Task<Workplace.Answer> InAsync(params string[] arguments) => Workplace.RunElsewhereAsync(arguments);

    private async Task<SweepSummary> FindAsync(string folder)
    {
        var options = new StoreOptions { Access = StoreAccess.ReadOnly };
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(Store(folder)), options);
        return (await store.Log.FindAsync("s"))!;
    }

    private static string Digest(Workplace.Answer answer) => answer.Json().GetProperty("digest").GetString()!;
}
