using Sweeps.Store.Contract;
using Sweeps.Store.Tests.Conformance;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>The clusters' membership tables, which a shared store alone has.</summary>
public sealed partial class PostgresStoreTests
{
    private static readonly DateTimeOffset Alive = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private IMembershipStore Membership => ((ISharedStore)Store).Membership;

    private static MemberEntry Member(string silo, bool active = true, string entry = "{}") =>
        new(silo, active, entry, Alive);

    [StoreFact]
    public async Task Membership_InsertAndUpdate_RaiseBothVersions()
    {
        var table = Membership;
        await table.InitializeAsync("c");
        await table.InitializeAsync("c");
        Assert.Equal(0, (await table.ReadAsync("c")).Version);
        Assert.True(await table.InsertRowAsync("c", Member("b"), 0));
        Assert.True(await table.InsertRowAsync("c", Member("a"), 1));
        Assert.True(await table.UpdateRowAsync("c", Member("b", false, "dead"), 1, 2));
        var read = await table.ReadAsync("c");
        Assert.Equal(3, read.Version);
        Assert.Equal([new(Member("a"), 1), new(Member("b", false, "dead"), 2)], read.Rows);
        var one = await table.ReadRowAsync("c", "a");
        Assert.Equal(3, one.Version);
        Assert.Equal([new(Member("a"), 1)], one.Rows);
        Assert.Empty((await table.ReadRowAsync("c", "nobody")).Rows);
    }

    [StoreFact]
    public async Task Membership_StaleVersions_AreRefusedWithoutChange()
    {
        var table = Membership;
        Assert.False(await table.InsertRowAsync("never", Member("a"), 0));
        await table.InitializeAsync("c");
        Assert.True(await table.InsertRowAsync("c", Member("a"), 0));
        Assert.False(await table.InsertRowAsync("c", Member("b"), 0));
        Assert.False(await table.InsertRowAsync("c", Member("a"), 1));
        Assert.False(await table.UpdateRowAsync("c", Member("a", false), 2, 1));
        Assert.False(await table.UpdateRowAsync("c", Member("a", false), 1, 0));
        Assert.False(await table.UpdateRowAsync("c", Member("b", false), 1, 1));
        var read = await table.ReadAsync("c");
        Assert.Equal(1, read.Version);
        Assert.Equal([new(Member("a"), 1)], read.Rows);
    }

    [StoreFact]
    public async Task Membership_RacingInserts_AdmitOneAVersion()
    {
        var table = Membership;
        await table.InitializeAsync("c");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(n => table.InsertRowAsync("c", Member($"s{n}"), 0)));
        Assert.Single(answers, true);
        var read = await table.ReadAsync("c");
        Assert.Equal((1, 1), (read.Version, read.Rows.Count));
    }

    [StoreFact]
    public async Task Membership_IAmAlive_ChangesNoVersion()
    {
        var table = Membership;
        await table.InitializeAsync("c");
        await table.InsertRowAsync("c", Member("a"), 0);
        await table.UpdateIAmAliveAsync("c", "a", Alive.AddMinutes(1));
        var read = await table.ReadAsync("c");
        Assert.Equal(1, read.Version);
        Assert.Equal([new(Member("a") with { IAmAlive = Alive.AddMinutes(1) }, 1)], read.Rows);
    }

    [StoreFact]
    public async Task Membership_Cleanup_RemovesOldRowsThatAreNotActive()
    {
        var table = Membership;
        await table.InitializeAsync("c");
        await table.InsertRowAsync("c", Member("dead", false), 0);
        await table.InsertRowAsync("c", Member("fresh", false) with { IAmAlive = Alive.AddHours(2) }, 1);
        await table.InsertRowAsync("c", Member("active"), 2);
        Assert.Equal(1, await table.CleanupAsync("c", Alive.AddHours(1)));
        Assert.Equal(["active", "fresh"], (await table.ReadAsync("c")).Rows.Select(row => row.Entry.Silo));
    }

    [StoreFact]
    public async Task Membership_Delete_TakesOneClusterAlone()
    {
        var table = Membership;
        foreach (var cluster in new[] { "c", "d" })
        {
            await table.InitializeAsync(cluster);
            await table.InsertRowAsync(cluster, Member("a"), 0);
        }

        await table.DeleteAsync("c");
        Assert.Empty((await table.ReadAsync("c")).Rows);
        Assert.Single((await table.ReadAsync("d")).Rows);
    }
}
