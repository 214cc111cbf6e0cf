using Sweeps.Store.Contract;
using Sweeps.Store.Tests.Conformance;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>The clusters' membership tables, which a shared store alone has.</summary>
public sealed partial class PostgresStoreTests
{
    private IMembershipStore Membership => ((ISharedStore)Store).Membership;

    private static MemberEntry Member(string silo, bool active = true, string entry = "{}") =>
        new(silo, active, entry);

    private static IEnumerable<(MemberEntry Entry, long Version)> Said(MemberTable table) =>
        table.Rows.Select(row => (row.Entry with { IAmAlive = default }, row.Version));

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
        Assert.Equal([(Member("a"), 1), (Member("b", false, "dead"), 2)], Said(read));
        var one = await table.ReadRowAsync("c", "a");
        Assert.Equal(3, one.Version);
        Assert.Equal([(Member("a"), 1)], Said(one));
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
        Assert.Equal([(Member("a"), 1)], Said(read));
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
    public async Task Membership_IAmAlive_IsTheStoresClock_AndChangesNoVersion()
    {
        var table = Membership;
        await table.InitializeAsync("c");
        await table.InsertRowAsync("c", Member("a"), 0);
        var before = await Store.NowAsync();
        await table.UpdateIAmAliveAsync("c", "a");
        var read = await table.ReadAsync("c");
        Assert.Equal(1, read.Version);
        Assert.Equal([(Member("a"), 1)], Said(read));
        Assert.InRange(read.Rows[0].Entry.IAmAlive, before, read.Now);
        // What others say of a silo is no sign of its life.
        Assert.True(await table.UpdateRowAsync("c", Member("a", entry: "suspected"), 1, 1));
        Assert.Equal(read.Rows[0].Entry.IAmAlive, (await table.ReadAsync("c")).Rows[0].Entry.IAmAlive);
    }

    [StoreFact]
    public async Task Membership_DeclareGone_TakesOldRowsThatNobodyChanged_AndRaisesTheVersionOnce()
    {
        var table = Membership;
        await table.InitializeAsync("c");
        foreach (var (silo, version) in new[] { ("a", 0), ("b", 1), ("changed", 2), ("alive", 3) })
            await table.InsertRowAsync("c", Member(silo), version);
        var rows = (await table.ReadAsync("c")).Rows;
        await fixture.Server.SqlAsync(
            "UPDATE sweeps.cluster_members SET i_am_alive = i_am_alive - interval '1 minute'", Database);
        await table.UpdateIAmAliveAsync("c", "alive");
        await table.UpdateRowAsync("c", Member("changed", entry: "suspected"), 1, 4);
        MemberRow[] gone = [.. rows.Select(row => row with { Entry = Member(row.Entry.Silo, false, "gone") })];

        Assert.Equal(0, await table.DeclareGoneAsync("c", gone, TimeSpan.FromHours(1)));
        Assert.Equal(5, (await table.ReadAsync("c")).Version);
        Assert.Equal(2, await table.DeclareGoneAsync("c", gone, TimeSpan.FromMinutes(1)));
        Assert.Equal(0, await table.DeclareGoneAsync("c", gone, TimeSpan.FromMinutes(1)));

        var read = await table.ReadAsync("c");
        Assert.Equal(6, read.Version);
        Assert.Equal(
            [
                (Member("a", false, "gone"), 2), (Member("alive"), 1), (Member("b", false, "gone"), 2),
                (Member("changed", entry: "suspected"), 2),
            ],
            Said(read));
    }

    [StoreFact]
    public async Task Membership_DeclareGone_ByManyAtOnce_HappensOnce()
    {
        var table = Membership;
        await table.InitializeAsync("c");
        for (var n = 0; n < 5; n++)
            await table.InsertRowAsync("c", Member($"s{n}"), n);
        MemberRow[] gone = [.. (await table.ReadAsync("c")).Rows.Select(
            row => row with { Entry = Member(row.Entry.Silo, false, "gone") })];
        var counts = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => table.DeclareGoneAsync("c", gone, TimeSpan.Zero)));
        Assert.Equal(5, counts.Sum());
        Assert.All(
            (await table.ReadAsync("c")).Rows, row => Assert.Equal((2, false), (row.Version, row.Entry.IsActive)));
    }

    [StoreFact]
    public async Task Membership_Cleanup_RemovesOldRowsThatAreNotActive()
    {
        var table = Membership;
        await table.InitializeAsync("c");
        await table.InsertRowAsync("c", Member("dead", false), 0);
        await table.InsertRowAsync("c", Member("active"), 1);
        var between = await Store.NowAsync();
        await table.InsertRowAsync("c", Member("fresh", false), 2);
        Assert.Equal(1, await table.CleanupAsync("c", between));
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
