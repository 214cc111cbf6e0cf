using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Sweeps.Silo.Cluster;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Silo.Tests.Cluster;

/// <summary>What Orleans expects of a membership table, on the store's.</summary>
[Collection("postgres")]
public sealed class MembershipTests(PostgresFixture postgres)
{
    private static readonly DateTime Time = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [PostgresFact]
    public async Task Rows_ComeBackAsTheyWereWritten()
    {
        await using var store = await OpenAsync();
        var table = await TableAsync(store);
        var entry = Entry(11111, SiloStatus.Joining);
        entry.AddSuspector(Address(22222), Time.AddMinutes(1));

        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        var (read, _) = (await table.ReadRow(entry.SiloAddress)).Members.Single();

        Assert.Equal(entry.SiloAddress, read.SiloAddress);
        Assert.Equal(SiloStatus.Joining, read.Status);
        Assert.Equal(("host", "silo-11111", 30000), (read.HostName, read.SiloName, read.ProxyPort));
        Assert.Equal(Time, read.StartTime);
        // By the store's clock, told by this machine's.
        Assert.InRange(read.IAmAliveTime, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow);
        Assert.Equal([Tuple.Create(Address(22222), Time.AddMinutes(1))], read.SuspectTimes);
    }

    [PostgresFact]
    public async Task Changes_OfAnOldVersion_AreRefused()
    {
        await using var store = await OpenAsync();
        var table = await TableAsync(store);
        var old = (await table.ReadAll()).Version;
        var entry = Entry(11111, SiloStatus.Joining);
        Assert.True(await table.InsertRow(entry, old.Next()));

        Assert.False(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        Assert.False(await table.InsertRow(Entry(22222, SiloStatus.Joining), old.Next()));
        var now = await table.ReadAll();
        entry.Status = SiloStatus.Active;
        Assert.False(await table.UpdateRow(entry, now.Members[0].Item2, old.Next()));
        Assert.True(await table.UpdateRow(entry, now.Members[0].Item2, now.Version.Next()));
        Assert.False(await table.UpdateRow(entry, now.Members[0].Item2, (await table.ReadAll()).Version.Next()));
        Assert.Equal(2, (await table.ReadAll()).Version.Version);
    }

    [PostgresFact]
    public async Task Cleanup_OldRowsOfDeadSilos_AreRemoved_AndLifeIsWrittenWithoutAVersion()
    {
        await using var store = await OpenAsync();
        var table = await TableAsync(store);
        var (active, dead) = (Entry(11111, SiloStatus.Active), Entry(22222, SiloStatus.Dead));
        foreach (var entry in (MembershipEntry[])[active, dead])
            Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        var before = (await table.ReadRow(active.SiloAddress)).Members.Single().Item1.IAmAliveTime;
        await Task.Delay(100);
        active.IAmAliveTime = Time;
        await table.UpdateIAmAlive(active);

        await table.CleanupDefunctSiloEntries(DateTimeOffset.UtcNow.AddMinutes(1));

        var rows = await table.ReadAll();
        Assert.Equal(2, rows.Version.Version);
        Assert.Equal(active.SiloAddress, rows.Members.Single().Item1.SiloAddress);
        Assert.True(rows.Members.Single().Item1.IAmAliveTime > before);
    }

    private async Task<ISharedStore> OpenAsync() =>
        (ISharedStore)await StoreFactory.OpenAsync(StoreAddress.Parse(await postgres.Server.CreateDatabaseAsync()));

    private static async Task<StoreMembershipTable> TableAsync(ISharedStore store)
    {
        var table = new StoreMembershipTable(store, Cluster());
        await table.InitializeMembershipTable(tryInitTableVersion: true);
        return table;
    }

    private static IOptions<ClusterOptions> Cluster() =>
        Options.Create(new ClusterOptions { ClusterId = "sweeps", ServiceId = "sweeps" });

    private static SiloAddress Address(int port) => SiloAddress.New(IPAddress.Loopback, port, 7);

    private static MembershipEntry Entry(int port, SiloStatus status) => new()
    {
        SiloAddress = Address(port),
        Status = status,
        ProxyPort = 30000,
        HostName = "host",
        SiloName = $"silo-{port}",
        RoleName = "role",
        StartTime = Time,
        IAmAliveTime = Time,
        SuspectTimes = [],
    };
}
