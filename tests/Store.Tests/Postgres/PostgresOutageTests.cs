using System.Text;
using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>
/// A server that restarts, is killed or hangs while silos write: what was acknowledged is there once, and the store
/// goes on by itself. A server of its own, since the others' must not go down.
/// </summary>
[Trait("Speed", "slow")]
public sealed class PostgresOutageTests(PostgresOutageTests.OwnServer own)
    : IClassFixture<PostgresOutageTests.OwnServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PostgresServer _server = own.Server;

    [PostgresFact]
    public async Task Append_ServerRestartedAndKilled_KeepsEveryAcknowledgedEventOnce()
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(await _server.CreateDatabaseAsync()));
        using var stop = new CancellationTokenSource();
        var acknowledged = new List<(long First, long Last)>[4];
        var reached = new SemaphoreSlim(0);
        var writers = acknowledged.Select((_, writer) => Task.Run(async () =>
        {
            var groups = acknowledged[writer] = [];
            for (long last = 0; !stop.IsCancellationRequested;)
            {
                var expected = last;
                NewEvent[] events = [.. Enumerable.Range(
                    1, 1 + writer).Select(n => new NewEvent("T", Encoding.UTF8.GetBytes($"{expected + n}")))];
                var result = await store.Log.AppendAsync("sweep", expected, events);
                last = result.LastSequence;
                if (!result.IsAppended)
                    continue;
                groups.Add((expected + 1, last));
                reached.Release();
            }
        })).ToArray();
        Func<Task>[] outages = [_server.StopAsync, _server.KillAsync, _server.StopAsync, _server.KillAsync];
        foreach (var outage in outages)
        {
            await PassAsync(reached, 200);
            await outage();
            await _server.StartAsync();
        }

        await PassAsync(reached, 200);
        await stop.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(Patience);
        await Acknowledgements.CheckAsync(store, "sweep", [.. acknowledged.SelectMany(groups => groups)]);
    }

    [PostgresFact]
    public async Task WaitForChange_ServerRestarted_HearsAgain()
    {
        var address = StoreAddress.Parse(await _server.CreateDatabaseAsync());
        await using var listening = await StoreFactory.OpenAsync(address);
        await using var writing = await StoreFactory.OpenAsync(address);
        await writing.Log.AppendAsync("a", 0, [new NewEvent("T", default)]);
        var mark = listening.Changes.Mark();
        await _server.KillAsync();
        await _server.StartAsync();
        // The reconnected listener counts everything as changed once; from there on it must hear of single changes.
        Assert.True(await listening.Changes.WaitAsync(null, mark, Patience));
        mark = listening.Changes.Mark("a");
        await writing.Log.AppendAsync("a", 1, [new NewEvent("T", default)]);
        Assert.True(await listening.Changes.WaitAsync("a", mark, TimeSpan.FromSeconds(10)));
    }

    [PostgresFact]
    public async Task Append_ServerAway_FailsClearlyWhenThePatienceIsOver()
    {
        var options = new StoreOptions { RetryTime = TimeSpan.FromSeconds(1) };
        var address = StoreAddress.Parse(await _server.CreateDatabaseAsync());
        await using var store = await StoreFactory.OpenAsync(address, options);
        await _server.StopAsync();
        var error = await Assert.ThrowsAnyAsync<SweepsException>(
            () => store.Log.AppendAsync("a", 0, [new NewEvent("T", default)]));
        Assert.Equal(ErrorKind.Store, error.Kind);
        Assert.Contains(store.Address.ToString(), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, error.ToString(), StringComparison.Ordinal);
        await _server.StartAsync();
        Assert.True((await store.Log.AppendAsync("a", 0, [new NewEvent("T", default)])).IsAppended);
    }

    [PostgresFact]
    public async Task Close_ServerAway_EndsSoonAndAnswersWhatWaits()
    {
        var store = await StoreFactory.OpenAsync(StoreAddress.Parse(await _server.CreateDatabaseAsync()));
        await _server.StopAsync();
        var append = store.Log.AppendAsync("a", 0, [new NewEvent("T", default)]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await store.DisposeAsync();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 45);
        await Assert.ThrowsAnyAsync<SweepsException>(() => append);
        await _server.StartAsync();
    }

    [PostgresFact]
    public async Task Append_ServerPaused_IsDoneOnceWhenItGoesOn()
    {
        var options = new StoreOptions { StatementTimeout = TimeSpan.FromSeconds(1) };
        var address = StoreAddress.Parse(await _server.CreateDatabaseAsync());
        await using var store = await StoreFactory.OpenAsync(address, options);
        await store.Log.AppendAsync("a", 0, [new NewEvent("T", default)]);
        await _server.PauseAsync();
        var append = store.Log.AppendAsync("a", 1, [new NewEvent("T", default)]);
        // Longer than the client waits for a statement: it gives the connection up and tries again on another one.
        await Task.WhenAny(append, Task.Delay(TimeSpan.FromSeconds(8)));
        Assert.False(append.IsCompleted);
        await _server.ContinueAsync();
        Assert.True((await append.WaitAsync(Patience)).IsAppended);
        Assert.Equal(2, (await store.Log.ReadAsync("a", 0)).Count);
    }

    /// <summary>One server for the tests of this class, which run one after the other.</summary>
    public sealed class OwnServer : IAsyncLifetime
    {
        public PostgresServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            if (PostgresServer.SkipReason is null)
                Server = await PostgresServer.CreateAsync();
        }

        public async Task DisposeAsync()
        {
            if (Server is not null)
                await Server.DisposeAsync();
        }
    }

    private static async Task PassAsync(SemaphoreSlim reached, int count)
    {
        for (var index = 0; index < count; index++)
            Assert.True(await reached.WaitAsync(Patience), "no append was acknowledged any more");
    }
}
