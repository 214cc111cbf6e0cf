using System.Text.Json;
using Sweeps.Core.Log;
using Sweeps.EndToEnd.Tests.Faults;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// Results that one sweep leaves to the next, in real processes over PostgreSQL: a sweep trained on two silos, a wider
/// one that takes its results over and a longer one that goes on from its checkpoints, while silos are killed, that of
/// the coordinator too.
/// </summary>
public sealed class ReuseTests : IDisposable
{
    private const string Wider = "parameters.learning_rate=[0.003, 0.01, 0.03, 0.1]";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder _folder = new();
    private readonly List<SweepsProcess> _silos = [];
    private Dictionary<string, string> _environment = [];
    private int _started;

    public void Dispose()
    {
        foreach (var silo in _silos)
            silo.Dispose();
        _folder.Dispose();
    }

    [PostgresFact]
    [Trait("Speed", "slow")]
    public async Task Sweep_WiderWithKills_GivesTheDigestOfAnUndisturbedOne()
    {
        await using var server = await PostgresServer.CreateAsync();
        var file = await TrainFirstAsync(server);

        await RunAsync("submit", file, "--name", "wide", "--set", Wider);
        await UntilAsync(server, "wide", log => log.Of<TrialReused>().Count() >= 6 && log.State.Totals.Completed >= 7);
        // Whichever has the coordinator: after both kills it is a new process's.
        await KillOneAsync();
        await KillOneAsync();
        var wide = await EndAsync(server, "wide");
        Assert.InRange(Reused(wide), 6, 7);
        Assert.Equal(13, wide.GetProperty("unique").GetInt32());
        Assert.Equal(Reused(wide), wide.GetProperty("reused_from").GetProperty("first").GetInt32());
        Assert.Equal(await AloneAsync(file, "--set", Wider), Digest(wide));
        // The digests speak for all trials; that 'verify' can take these is seen by a few.
        await RunAsync("verify", "wide", "--sample", "3");
    }

    [PostgresFact]
    [Trait("Speed", "nightly")]
    public async Task Sweep_LongerWithKills_GivesTheDigestOfAnUndisturbedOne()
    {
        await using var server = await PostgresServer.CreateAsync();
        var file = await TrainFirstAsync(server);

        await RunAsync("submit", file, "--name", "long", "--set", "epochs=40");
        await UntilAsync(server, "long", log => log.State.Totals.Completed > 0);
        await KillOneAsync();
        var longer = await EndAsync(server, "long");
        Assert.Equal((0, 7), (Reused(longer), longer.GetProperty("continued").GetInt32()));

        Assert.Equal(await AloneAsync(file, "--set", "epochs=40"), Digest(longer));
        await RunAsync("verify", "long", "--sample", "3");
    }

    /// <summary>Two silos, and a first sweep that they trained to its end.</summary>
    private async Task<string> TrainFirstAsync(PostgresServer server)
    {
        _environment = new()
        {
            ["SWEEPS_STORE"] = server.Address(withPassword: false),
            ["PGPASSWORD"] = PostgresServer.Password,
        };
        var file = Write();
        Start();
        Start();
        await RunAsync("submit", file, "--name", "first", "--keep-checkpoints");
        // 2 learning rates on 3 folds, and the refit.
        var first = await EndAsync(server, "first");
        Assert.Equal((7, 0), (first.GetProperty("unique").GetInt32(), Reused(first)));
        return file;
    }

    private string Write()
    {
        var path = Path.Combine(_folder.Path, "reuse.yaml");
        File.WriteAllText(path, """
            data: {name: digits, samples: 4000}
            architectures: [flatten | dense 64 relu | dense]
            parameters: {learning_rate: [0.003, 0.03], batch_size: 10}
            folds: 3
            epochs: 20
            """);
        return path;
    }

    /// <summary>The digest of the same sweep, undisturbed in a folder of its own, with everything trained.</summary>
    private async Task<string> AloneAsync(string file, params string[] more)
    {
        var store = Path.Combine(_folder.Path, $"alone-{_started++}");
        return Digest(await SweepsProcess.RunJsonAsync(
            _folder.Path, ["run", file, "--slots", "2", "--no-reuse", "--store", store, .. more]));
    }

    private async Task<JsonElement> EndAsync(PostgresServer server, string id)
    {
        await UntilAsync(server, id, log => log.State.IsOver);
        return JsonDocument.Parse(await RunAsync("show", id, "--json")).RootElement;
    }

    /// <summary>The test's own look at the store, until the log shows what is asked for or the sweep has ended: a
    /// command would cost a process each time, and the kills would come late.</summary>
    private static async Task UntilAsync(PostgresServer server, string id, Func<SweepLog, bool> isThere)
    {
        await using var store = await StoreFactory.OpenAsync(
            StoreAddress.Parse(server.Address()), new StoreOptions { Access = StoreAccess.ReadOnly });
        using var limit = new CancellationTokenSource(Deadline);
        while (await SweepLog.ReadAsync(store, id) is var log && !isThere(log) && !log.State.IsOver)
            await Task.Delay(Poll, limit.Token);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var process = SweepsProcess.Start(_folder.Path, _environment, arguments);
        var (exit, answer, error) = await process.EndAsync();
        Assert.True(exit == 0, $"exit code {exit}: {error}{answer}");
        return answer;
    }

    /// <summary>Kills the oldest silo and starts another.</summary>
    private async Task KillOneAsync()
    {
        using var killed = _silos[0];
        killed.Kill();
        _silos.RemoveAt(0);
        Start();
        await RunAsync("silos");
    }

    private void Start() => _silos.Add(SweepsProcess.Start(
        _folder.Path, _environment, "silo", "--name", $"silo-{_started++}", "--slots", "2", "--lease", "5"));

    private static int Reused(JsonElement shown) => shown.GetProperty("reused").GetInt32();

    private static string Digest(JsonElement result)
    {
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        return result.GetProperty("digest").GetString()!;
    }
}
