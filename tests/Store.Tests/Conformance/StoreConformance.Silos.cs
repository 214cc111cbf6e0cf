using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    // Long: on a server the clock goes on while the test works.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    private static SiloRegistration Silo(string name, string incarnation = "1") =>
        new(name, $"{name}#{incarnation}", "machine", "0.1.0", 4, "f00d");

    private static SiloHeartbeat Beat(string name, string incarnation = "1", bool draining = false) =>
        new($"{name}#{incarnation}", 3, """["trial 1"]""", 1234.5, draining);

    [StoreFact]
    public async Task RegisterSilo_Heartbeat_IsListedAsReported()
    {
        await Store.Silos.RegisterAsync(Silo("b"));
        await Store.Silos.RegisterAsync(Silo("a"));
        var answer = await Store.Silos.HeartbeatAsync(Beat("a"));
        Assert.Equal((true, null), (answer.IsAlive, answer.RequestedSlots));
        var rows = await Store.Silos.ListAsync();
        Assert.Equal(["a", "b"], rows.Select(row => row.Name));
        Assert.Equal(answer.At, rows[0].LastSeen);
        var expected = new SiloRow(
            "a",
            "a#1",
            "machine",
            "0.1.0",
            "f00d",
            SiloState.Active,
            3,
            null,
            """["trial 1"]""",
            1234.5,
            rows[0].Started,
            answer.At);
        Assert.Equal(expected, rows[0] with { Process = null });
        Assert.True(rows[0].Trains("any"));
        Assert.Equal((4, "[]", 0.0), (rows[1].Slots, rows[1].Training, rows[1].ImagesPerSecond));
    }

    [StoreFact]
    public async Task RegisterSilo_ForSomeSweeps_SaysWhich()
    {
        await Store.Silos.RegisterAsync(Silo("a") with { Serves = ["one", "an other"] });
        await Store.Silos.RegisterAsync(Silo("b") with { Serves = [] });
        var rows = await Store.Silos.ListAsync();
        Assert.Equal(["one", "an other"], rows[0].Serves);
        Assert.Equal((true, false), (rows[0].Trains("an other"), rows[0].Trains("a third")));
        Assert.False(rows[1].Trains("one"));
        await Store.Silos.LeaveAsync("a#1");
        Assert.False((await Store.Silos.ListAsync())[0].Trains("one"));
    }

    /// <summary>Who lists sees what nobody is left to mark; what is decided by goes on as it is.</summary>
    [StoreFact]
    public async Task ListSilos_LeaseRunOut_IsOverdueUntilItIsSeenAgain()
    {
        await Store.Silos.RegisterAsync(Silo("a") with { Lease = Lease });
        await Store.Silos.RegisterAsync(Silo("b"));
        await AdvanceAsync(Lease * 0.9);
        Assert.All(await Store.Silos.ListAsync(), row => Assert.True(row.IsAlive));
        await AdvanceAsync(Lease * 0.2);
        var rows = await Store.Silos.ListAsync();
        Assert.Equal(((TimeSpan?)Lease, (TimeSpan?)null), (rows[0].Lease, rows[1].Lease));
        Assert.Equal((SiloState.Active, true, false), (rows[0].State, rows[0].IsOverdue, rows[0].Trains("any")));
        Assert.Equal((false, true), (rows[1].IsOverdue, rows[1].Trains("any")));
        Assert.True((await Store.Silos.HeartbeatAsync(Beat("a"))).IsAlive);
        Assert.True((await Store.Silos.ListAsync())[0].Trains("any"));
    }

    /// <summary>
    /// Of many that ask for a name at once one gets it, and another after it has left or its lease is over.
    /// </summary>
    [StoreFact]
    public async Task RegisterSilo_NameOfALivingOne_IsNotGivenTwice()
    {
        var asked = await Task.WhenAll(Enumerable.Range(1, 8).Select(number => Store.Silos.RegisterAsync(
            Silo("a", $"{number}") with { Lease = Lease, Data = ["mnist"] })));
        Assert.Single(asked, entered => entered);
        var held = Assert.Single(await Store.Silos.ListAsync());
        Assert.Equal(["mnist"], held.Data);
        Assert.True(await Store.Silos.RegisterAsync(Silo("b") with { Lease = Lease }));
        await Store.Silos.LeaveAsync(held.Incarnation);
        Assert.True(await Store.Silos.RegisterAsync(Silo("a", "next") with { Lease = Lease }));
        await AdvanceAsync(Lease * 1.1);
        Assert.True(await Store.Silos.RegisterAsync(Silo("a", "after") with { Lease = Lease }));
    }

    [StoreFact]
    public async Task RegisterSilo_KnownIncarnation_IsRefused()
    {
        await Store.Silos.RegisterAsync(Silo("a"));
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => Store.Silos.RegisterAsync(Silo("a")));
        Assert.Contains("a#1", error.Message, StringComparison.Ordinal);
        await Store.Silos.RegisterAsync(Silo("a", "2"));
    }

    [StoreFact]
    public async Task ExpireSilos_LeaseRunOut_MarksOnceAndForGood()
    {
        await Store.Silos.RegisterAsync(Silo("a"));
        await AdvanceAsync(Lease * 0.9);
        await Store.Silos.RegisterAsync(Silo("b"));
        Assert.Empty(await Store.Silos.ExpireAsync(Lease, judge: null));
        await AdvanceAsync(Lease * 0.5);
        Assert.Equal(["a#1"], await Store.Silos.ExpireAsync(Lease, judge: null));
        Assert.Empty(await Store.Silos.ExpireAsync(Lease, judge: null));
        Assert.False((await Store.Silos.HeartbeatAsync(Beat("a"))).IsAlive);
        Assert.True((await Store.Silos.HeartbeatAsync(Beat("b"))).IsAlive);
        await Store.Silos.LeaveAsync("a#1");
        var rows = await Store.Silos.ListAsync();
        Assert.Equal([SiloState.Lost, SiloState.Active], rows.Select(row => row.State));
    }

    /// <summary>A call may wait for a store that is away, and arrive when everybody's lease has run out.</summary>
    [StoreFact]
    public async Task ExpireSilos_AskedByOneThatCouldNotBeat_MarksNobody()
    {
        await Store.Silos.RegisterAsync(Silo("b"));
        await AdvanceAsync(Lease * 0.5);
        await Store.Silos.RegisterAsync(Silo("a"));
        await AdvanceAsync(Lease * 0.7);
        Assert.Empty(await Store.Silos.ExpireAsync(Lease, "a#1"));
        Assert.Empty(await Store.Silos.ExpireAsync(Lease, "nobody#1"));
        Assert.All(await Store.Silos.ListAsync(), silo => Assert.Equal(SiloState.Active, silo.State));
        await Store.Silos.HeartbeatAsync(Beat("a"));
        Assert.Equal(["b#1"], await Store.Silos.ExpireAsync(Lease, "a#1"));
    }

    [StoreFact]
    public async Task ExpireSilos_HeartbeatInTime_KeepsTheLease()
    {
        await Store.Silos.RegisterAsync(Silo("a"));
        for (var beat = 0; beat < 3; beat++)
        {
            await AdvanceAsync(Lease * 0.8);
            Assert.True((await Store.Silos.HeartbeatAsync(Beat("a"))).IsAlive);
            Assert.Empty(await Store.Silos.ExpireAsync(Lease, judge: null));
        }
    }

    [StoreFact]
    public async Task ExpireSilos_ManyCallersAtOnce_EachLossIsReportedOnce()
    {
        for (var silo = 0; silo < 20; silo++)
            await Store.Silos.RegisterAsync(Silo($"s{silo:00}"));
        await AdvanceAsync(Lease * 2);
        var lost = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.Silos.ExpireAsync(Lease, judge: null)));
        Assert.Equal(Enumerable.Range(0, 20).Select(silo => $"s{silo:00}#1"), lost.SelectMany(list => list).Order());
    }

    [StoreFact]
    public async Task Heartbeat_UnknownIncarnation_IsNotAlive() =>
        Assert.False((await Store.Silos.HeartbeatAsync(Beat("nobody"))).IsAlive);

    [StoreFact]
    public async Task Heartbeat_Draining_NeverGoesBackToActive()
    {
        await Store.Silos.RegisterAsync(Silo("a"));
        await Store.Silos.HeartbeatAsync(Beat("a", draining: true));
        await Store.Silos.HeartbeatAsync(Beat("a"));
        Assert.Equal(SiloState.Draining, (await Store.Silos.ListAsync())[0].State);
        await Store.Silos.LeaveAsync("a#1");
        Assert.Equal(SiloState.Left, (await Store.Silos.ListAsync())[0].State);
        Assert.False((await Store.Silos.HeartbeatAsync(Beat("a"))).IsAlive);
        await AdvanceAsync(Lease * 2);
        Assert.Empty(await Store.Silos.ExpireAsync(Lease, judge: null));
    }

    [StoreFact]
    public async Task RequestSlots_LivingSilo_ArrivesWithTheNextHeartbeat()
    {
        Assert.False(await Store.Silos.RequestSlotsAsync("a", 2));
        await Store.Silos.RegisterAsync(Silo("a"));
        Assert.True(await Store.Silos.RequestSlotsAsync("a", 2));
        Assert.Equal(2, (await Store.Silos.HeartbeatAsync(Beat("a"))).RequestedSlots);
        Assert.True(await Store.Silos.RequestSlotsAsync("a", 0));
        Assert.Equal(0, (await Store.Silos.HeartbeatAsync(Beat("a"))).RequestedSlots);
        Assert.True(await Store.Silos.RequestSlotsAsync("a", null));
        Assert.Null((await Store.Silos.HeartbeatAsync(Beat("a"))).RequestedSlots);
        await Assert.ThrowsAnyAsync<SweepsException>(() => Store.Silos.RequestSlotsAsync("a", -1));
        await Store.Silos.LeaveAsync("a#1");
        Assert.False(await Store.Silos.RequestSlotsAsync("a", 1));
    }

    [StoreFact]
    public async Task ForgetSilos_LongGone_RemovesOnlyThem()
    {
        await Store.Silos.RegisterAsync(Silo("gone"));
        await Store.Silos.LeaveAsync("gone#1");
        await Store.Silos.RegisterAsync(Silo("here"));
        Assert.Equal(0, await Store.Silos.ForgetAsync(Lease));
        await AdvanceAsync(Lease * 2);
        Assert.Equal(1, await Store.Silos.ForgetAsync(Lease));
        Assert.Equal(["here"], (await Store.Silos.ListAsync()).Select(row => row.Name));
    }
}
