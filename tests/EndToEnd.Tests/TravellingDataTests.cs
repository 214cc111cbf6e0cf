using System.Text.Json;
using Sweeps.EndToEnd.Tests.Faults;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// A user's table reaches processes that never had it, with another working folder, cache and data folders; and a
/// process with other data under the same name trains nothing.
/// </summary>
[Trait("Speed", "slow")]
public sealed class TravellingDataTests : IDisposable
{
    private const string Id = "travels";

    private const string File = """
        name: travels
        data: t.csv
        architectures: [linear, mlp-8]
        parameters: {learning_rate: [0.1, 0.01]}
        folds: 2
        epochs: 2
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silo_WithoutTheTable_FetchesItFromAFolder()
    {
        var store = Path.Combine(_folder.Path, "store");
        await FetchesAsync(new() { ["SWEEPS_STORE"] = store }, store);
    }

    [PostgresFact]
    public async Task Silo_WithoutTheTable_FetchesItFromPostgres()
    {
        await using var server = await PostgresServer.CreateAsync();
        await FetchesAsync(EnvironmentOf(server), server.Address());
    }

    [PostgresFact]
    public async Task Silo_WithOtherFilesOfTheSameName_IsRefusedAndSaysWhy()
    {
        await using var server = await PostgresServer.CreateAsync();
        var environment = EnvironmentOf(server);
        var (right, wrong) = (Place("right"), Place("wrong"));
        StandInData.Write(right);
        StandInData.Write(wrong);
        var images = Path.Combine(wrong, "mnist", "train-images-idx3-ubyte");
        var bytes = await System.IO.File.ReadAllBytesAsync(images);
        bytes[^1] ^= 1;
        await System.IO.File.WriteAllBytesAsync(images, bytes);
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(right, "travels.yaml"), File.Replace("t.csv", "mnist", StringComparison.Ordinal));
        var submitted = await RunAsync(right, With(environment, right), "submit", "travels.yaml");
        Assert.Contains("does not hold the published mnist", submitted.Error, StringComparison.Ordinal);

        using var refused = SweepsProcess.Start(
            wrong, With(environment, wrong), "silo", "--name", "wrong", "--slots", "1");
        await using var store = await OpenAsync(server.Address());
        await UntilAsync(refused, async () => (await SweepLog.ReadAsync(store, Id)).State.DataProblems.Count > 0);
        var silos = (await JsonAsync(right, environment, "silos")).GetProperty("silos");
        var problem = Assert.Single(silos.EnumerateArray()).GetProperty("data_problems").GetProperty(Id).GetString();
        Assert.Contains("other data than this sweep began with", problem, StringComparison.Ordinal);
        Assert.Equal(0, (await ShownAsync(right, environment)).GetProperty("completed").GetInt32());

        using var trains = SweepsProcess.Start(
            right, With(environment, right), "silo", "--name", "right", "--slots", "1");
        await UntilAsync(trains, () => HasEndedAsync(store));
        Assert.Equal("completed", await StateAsync(right, environment));
        var trial = await JsonAsync(right, environment, "show", "travels", "--trial", "0/0");
        Assert.Equal("right", trial.GetProperty("attempts")[0].GetProperty("silo").GetString());
    }

    private async Task FetchesAsync(Dictionary<string, string> environment, string address)
    {
        var (near, far) = (Place("near"), Place("far"));
        var rows = Enumerable.Range(0, 60).Select(row => $"{row % 7},{row * row % 11},{"xyz"[row % 3]}\n");
        var table = Path.Combine(near, "t.csv");
        await System.IO.File.WriteAllTextAsync(table, "a,b,kind\n" + string.Concat(rows));
        await System.IO.File.WriteAllTextAsync(Path.Combine(near, "travels.yaml"), File);
        var alone = await JsonAsync(near, With([], near), "run", "travels.yaml", "--store", Path.Combine(near, "own"));
        await RunAsync(near, With(environment, near), "submit", "travels.yaml");
        System.IO.File.Delete(table);

        using (var silo = SweepsProcess.Start(far, With(environment, far), "silo", "--name", "far", "--slots", "1"))
        {
            await using (var store = await OpenAsync(address))
                await UntilAsync(silo, () => HasEndedAsync(store));
            Assert.Equal("completed", await StateAsync(far, environment));
            silo.Signal("TERM");
            var (exit, _, error) = await silo.EndAsync();
            Assert.True(exit == 0, error);
        }

        var shown = await ShownAsync(far, environment);
        Assert.Equal(alone.GetProperty("digest").GetString(), shown.GetProperty("digest").GetString());
        Assert.Single(Directory.GetFiles(Path.Combine(far, "cache"), "t.csv", SearchOption.AllDirectories));
    }

    private string Place(string name) => Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;

    private static Dictionary<string, string> EnvironmentOf(PostgresServer server) => new()
    {
        ["SWEEPS_STORE"] = server.Address(withPassword: false),
        ["PGPASSWORD"] = PostgresServer.Password,
    };

    // A machine of its own, as far as data go.
    private static Dictionary<string, string> With(Dictionary<string, string> environment, string place) =>
        new(environment) { ["SWEEPS_DATA"] = place, ["XDG_CACHE_HOME"] = Path.Combine(place, "cache") };

    private static async Task<string?> StateAsync(string folder, Dictionary<string, string> environment) =>
        (await JsonAsync(folder, environment, "list")).GetProperty("sweeps")[0].GetProperty("state").GetString();

    private static Task<JsonElement> ShownAsync(string folder, Dictionary<string, string> environment) =>
        JsonAsync(folder, environment, "show", "travels");

    private static async Task<JsonElement> JsonAsync(
        string folder, Dictionary<string, string> environment, params string[] arguments) =>
        JsonDocument.Parse((await RunAsync(folder, environment, [.. arguments, "--json"])).Output).RootElement;

    private static async Task<(string Output, string Error)> RunAsync(
        string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = SweepsProcess.Start(folder, environment, arguments);
        var (exit, output, error) = await process.EndAsync();
        Assert.True(exit == 0, $"exit code {exit}: {error}");
        return (output, error);
    }

    /// <summary>The test's own look at the store: asking by a command again and again would cost a process each
    /// time.</summary>
    private static Task<ISweepStore> OpenAsync(string address) =>
        StoreFactory.OpenAsync(StoreAddress.Parse(address), new StoreOptions { Access = StoreAccess.ReadOnly });

    private static async Task<bool> HasEndedAsync(ISweepStore store) =>
        await store.Log.FindAsync(Id) is { Header.IsOpen: false };

    private static async Task UntilAsync(SweepsProcess silo, Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!await holds())
        {
            Assert.False(silo.HasExited, "the silo ended");
            await Task.Delay(200, limit.Token);
        }
    }
}
