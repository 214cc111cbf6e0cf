using System.Collections.Concurrent;
using System.Diagnostics;
using Sweeps.Core.Log;
using Sweeps.Faults.Host;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>Silo processes over one database, and the test's own way to it.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly ConcurrentDictionary<int, Lazy<Task<string>>> s_undisturbed = new();
    private readonly string _address;
    private readonly SiloChildSettings _settings;
    private int _started;

    private FaultCluster(string address, ISweepStore store, SiloChildSettings settings) =>
        (_address, Store, _settings) = (address, store, settings);

    public ISweepStore Store { get; }

    /// <summary>The silos that should be alive.</summary>
    public List<SiloChild> Silos { get; } = [];

    /// <summary>Starts so many silos over an empty database; returns when all take work.</summary>
    public static async Task<FaultCluster> StartAsync(string address, int silos = 4, SiloChildSettings? settings = null)
    {
        var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        var cluster = new FaultCluster(address, store, settings ?? new());
        for (var i = 0; i < silos; i++)
            cluster.Add();
        await Task.WhenAll(cluster.Silos.Select(silo => silo.Ready));
        return cluster;
    }

    /// <summary>The digest of the sweep of so many trials in one process, undisturbed.</summary>
    public static Task<string> UndisturbedAsync(int trials) =>
        s_undisturbed.GetOrAdd(trials, count => new(() => RunUndisturbedAsync(count))).Value;

    private static async Task<string> RunUndisturbedAsync(int trials)
    {
        await using var store = new MemoryStore(TimeProvider.System);
        await using var silo = await SiloHost.StartAsync(
            store, FaultSweep.Trainer(TimeSpan.Zero), FaultSweep.Numerics, FaultSweep.SearcherOf,
            new SiloSettings { Name = "undisturbed", Slots = 2 });
        await SubmitAsync(store, FaultSweep.Plan("undisturbed", trials));
        return (await EndAsync(store, "undisturbed")).State.Completion!.Digest;
    }

    /// <summary>Starts one more silo, under a name that was never used, over the database or another way to
    /// it.</summary>
    public SiloChild Add(string? address = null, SiloChildSettings? settings = null)
    {
        var silo = SiloChild.Start(address ?? _address, $"silo-{_started++}", settings ?? _settings);
        Silos.Add(silo);
        return silo;
    }

    public Task SubmitAsync(string id, int trials) => SubmitAsync(Store, FaultSweep.Plan(id, trials));

    public Task<SweepLog> EndAsync(string id) => EndAsync(Store, id);

    /// <summary>Waits until the log shows what is asked for, or the sweep has ended.</summary>
    public async Task<SweepLog> UntilAsync(string id, Func<SweepLog, bool> shown)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (true)
        {
            var log = await SweepLog.ReadAsync(Store, id);
            if (shown(log) || log.State.IsOver)
                return log;
            await Task.Delay(Poll, limit.Token);
        }
    }

    /// <summary>The silo's incarnation that lives now.</summary>
    public async Task<string> IncarnationAsync(SiloChild silo) => (await Store.Silos.ListAsync())
        .Single(row => row.Name == silo.Name && row.State == SiloState.Active).Incarnation;

    /// <summary>Waits until that incarnation counts as lost.</summary>
    public Task UntilLostAsync(string incarnation) =>
        UntilAsync(row => row.Incarnation == incarnation && row.State == SiloState.Lost);

    /// <summary>Waits until the silo lives again, under another incarnation.</summary>
    public Task UntilBackAsync(SiloChild silo, string before) =>
        UntilAsync(row => row.Name == silo.Name && row.Incarnation != before && row.State == SiloState.Active);

    private async Task UntilAsync(Func<SiloRow, bool> shown)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!(await Store.Silos.ListAsync()).Any(shown))
            await Task.Delay(Poll, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos)
            silo.Dispose();
        await Store.DisposeAsync();
    }

    private static async Task<string> DescribeAsync(ISweepStore store, SweepLog log)
    {
        var silos = (await store.Silos.ListAsync()).Select(
            silo => $"{silo.Name} {silo.State} {silo.LastSeen:T} {silo.Training}");
        return $"{log.State.Status} {log.State.Reason}; {log.State.Audit()}; running {log.State.Totals.Running}\n"
            + string.Join('\n', silos) + "\n" + string.Join('\n', log.Unfinished().TakeLast(40));
    }

    private static async Task SubmitAsync(ISweepStore store, SweepPlan plan)
    {
        var coordinator = new SweepCoordinator(plan.Id, store, FaultSweep.SearcherOf, new(store, TimeProvider.System));
        Assert.Null((await coordinator.ExecuteAsync([new SubmitSweep(plan)]))[0].Rejection);
    }

    private static async Task<SweepLog> EndAsync(ISweepStore store, string id)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await store.Log.FindAsync(id) is { Header.IsOpen: false })
                return await SweepLog.ReadAsync(store, id);
            if (clock.Elapsed > Deadline)
                Assert.Fail(
                    $"Sweep {id} does not end: {await DescribeAsync(store, await SweepLog.ReadAsync(store, id))}");
            await Task.Delay(Poll);
        }
    }
}
