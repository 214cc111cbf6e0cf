using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sweeps.Silo.Cluster;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Silo.Tests.Cluster;

/// <summary>Who is declared dead by a silo that joins, who is waited for, and who is left alone.</summary>
[Collection("postgres")]
[Trait("Speed", "slow")]
public sealed class FormerSilosTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _told = [];
    private ISharedStore _store = null!;
    private string _address = "";

    public async Task InitializeAsync()
    {
        _address = await postgres.Server.CreateDatabaseAsync();
        _store = (ISharedStore)await StoreFactory.OpenAsync(StoreAddress.Parse(_address));
        await _store.Membership.InitializeAsync(ClusterSetup.Cluster);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [PostgresFact]
    public async Task SiloOlderThanTheLease_ThatRefuses_IsDeadAtOnce()
    {
        await AddAsync(ClosedPort(), SiloStatus.Active);
        await AddAsync(ClosedPort(), SiloStatus.Joining);
        await AddAsync(ClosedPort(), SiloStatus.ShuttingDown);
        await AgeAsync();

        await Former().AwaitAsync(CancellationToken.None).WaitAsync(Deadline);

        Assert.Equal([SiloStatus.Dead, SiloStatus.Dead, SiloStatus.Dead], await StatesAsync());
        Assert.Equal(4, (await _store.Membership.ReadAsync(ClusterSetup.Cluster)).Version);
        // Had they been waited for, that had been said too.
        Assert.Contains("3 silos of the last run did not leave in order", Assert.Single(_told));
    }

    [PostgresFact]
    public async Task YoungSilo_ThatRefuses_IsWaitedForUntilItsLeaseIsOver_AndSaidOnce()
    {
        var clock = Stopwatch.StartNew();
        await AddAsync(ClosedPort(), SiloStatus.Active);

        await Former().AwaitAsync(CancellationToken.None).WaitAsync(Deadline);

        Assert.True(clock.Elapsed > Lease - TimeSpan.FromSeconds(1), $"it took {clock.Elapsed}");
        Assert.Equal([SiloStatus.Dead], await StatesAsync());
        Assert.Equal(2, _told.Count);
        Assert.Matches(
            @"1 silo of the last run has not been seen for \d s; waiting for its lease \(3 s\)", _told.First());
    }

    [PostgresFact]
    public async Task SiloThatAnswers_IsNotWaitedFor_NorTouched()
    {
        using var living = Listen();
        await AddAsync(PortOf(living), SiloStatus.Active);

        await Former().AwaitAsync(CancellationToken.None).WaitAsync(Deadline);

        Assert.Equal([SiloStatus.Active], await StatesAsync());
        Assert.Empty(_told);
    }

    /// <summary>After an outage of the store every sign of life is old, and everybody lives.</summary>
    [PostgresFact]
    public async Task LivingSilo_WhoseSignsOfLifeAreOld_HasTimeToWriteAgain()
    {
        using var living = Listen();
        var silo = await AddAsync(PortOf(living), SiloStatus.Active);
        await AgeAsync();
        var former = Former();
        await former.AwaitAsync(CancellationToken.None).WaitAsync(Deadline);
        Assert.Equal([SiloStatus.Active], await StatesAsync());

        using var over = new CancellationTokenSource();
        var watch = former.WatchAsync(SiloAddress.New(IPAddress.Loopback, 1, 1), over.Token);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Lease + TimeSpan.FromSeconds(1))
        {
            await Task.Delay(500);
            await _store.Membership.UpdateIAmAliveAsync(ClusterSetup.Cluster, silo);
        }

        Assert.Equal([SiloStatus.Active], await StatesAsync());
        await over.CancelAsync();
        await watch;
    }

    /// <summary>A process that is stopped still has its port open.</summary>
    [PostgresFact]
    public async Task SuspendedSilo_IsDeadOnceItsLeaseIsOver_WhileAnotherJoins()
    {
        using var suspended = Listen();
        await AddAsync(PortOf(suspended), SiloStatus.Active);
        await AgeAsync();
        using var over = new CancellationTokenSource();
        var watch = Former().WatchAsync(SiloAddress.New(IPAddress.Loopback, 1, 1), over.Token);

        var clock = Stopwatch.StartNew();
        while ((await StatesAsync())[0] != SiloStatus.Dead)
        {
            Assert.True(clock.Elapsed < Deadline, "it holds up the join");
            await Task.Delay(100);
        }

        await over.CancelAsync();
        await watch;
    }

    [PostgresFact]
    public async Task SiloThatLivesOutOfReach_IsNamed_AndNotWaitedForForEver()
    {
        var silo = await AddAsync(ClosedPort(), SiloStatus.Active);
        var waiting = Former().AwaitAsync(CancellationToken.None);
        while (!waiting.IsCompleted)
        {
            await Task.Delay(500);
            await _store.Membership.UpdateIAmAliveAsync(ClusterSetup.Cluster, silo);
        }

        await waiting;
        Assert.Equal([SiloStatus.Active], await StatesAsync());
        Assert.Contains(_told, line => line.Contains("silo there lives, but 127.0.0.1:", StringComparison.Ordinal));
    }

    private FormerSilos Former() =>
        new(_store.Membership, ClusterSetup.Cluster, Lease, new SiloStart(_told.Enqueue));

    private async Task<string> AddAsync(int port, SiloStatus status)
    {
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 7),
            Status = status,
            SiloName = "there",
            StartTime = DateTime.UtcNow,
            SuspectTimes = [],
        };
        var silo = entry.SiloAddress.ToParsableString();
        var version = (await _store.Membership.ReadAsync(ClusterSetup.Cluster)).Version;
        Assert.True(await _store.Membership.InsertRowAsync(
            ClusterSetup.Cluster, new(silo, status == SiloStatus.Active, MembershipJson.Write(entry)), version));
        return silo;
    }

    /// <summary>As if the silos had said nothing for a minute.</summary>
    private async Task AgeAsync() => await postgres.Server.SqlAsync(
        "UPDATE sweeps.cluster_members SET i_am_alive = i_am_alive - interval '1 minute'", _address.Split('/')[^1]);

    private async Task<SiloStatus[]> StatesAsync() =>
    [
        .. (await _store.Membership.ReadAsync(ClusterSetup.Cluster)).Rows
            .Select(row => MembershipJson.Read(row.Entry, row.Entry.IAmAlive).Status),
    ];

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static int ClosedPort()
    {
        using var listener = Listen();
        return PortOf(listener);
    }
}
