using Sweeps.Compat.Orleans.Tests.Grains;

namespace Sweeps.Compat.Orleans.Tests;

public sealed class TurnTests
{
    private const string Busy = "Sweeps.Compat.Orleans.Tests.Grains.BusyGrain";

    [Fact]
    public async Task Call_ManyCallersAtOnce_RunsOneAtATime()
    {
        await using var silo = await TestSilo.Start();
        var grain = BusyOf(silo);

        var totals = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => grain.Add(10))));

        Assert.Equal(2000, totals.Max());
        Assert.Equal(1, await grain.MostAtOnce());
    }

    [Fact]
    public async Task Call_WhileAnotherAwaits_Waits()
    {
        await using var silo = await TestSilo.Start();
        var grain = BusyOf(silo);

        var first = grain.Work("first");
        await silo.Journal.Signalled("begun first");
        var second = grain.Work("second");
        silo.Journal.Signal("go second");
        silo.Journal.Signal("go first");
        await Task.WhenAll(first, second);

        Assert.Equal(["begin first", "end first", "begin second", "end second"], silo.Journal.Entries);
    }

    [Fact]
    public async Task Calls_OfOneCallerToAnActivation_ArriveInOrder()
    {
        await using var silo = await TestSilo.Start();
        var grain = BusyOf(silo);

        // The real runtime orders nothing while it is still deciding where a grain is to live.
        await grain.Value(0);
        var names = Enumerable.Range(0, 1000).Select(i => i.ToString("D4")).ToList();
        names.ForEach(name => silo.Journal.Signal("go " + name));

        await Task.WhenAll(names.Select(grain.Work));

        Assert.Equal(names.SelectMany(name => new[] { "begin " + name, "end " + name }), silo.Journal.Entries);
    }

    [Fact]
    public async Task AlwaysInterleave_WhileAnotherAwaits_Runs()
    {
        await using var silo = await TestSilo.Start();
        var grain = BusyOf(silo);

        var work = grain.Work("work");
        await silo.Journal.Signalled("begun work");
        silo.Journal.Signal("go beside");
        await grain.Interleave("beside");

        Assert.False(work.IsCompleted);
        silo.Journal.Signal("go work");
        await work;
    }

    [Fact]
    public async Task Work_WhileInterleavingRuns_RunsBeside()
    {
        await using var silo = await TestSilo.Start();
        var grain = BusyOf(silo);

        var beside = grain.Interleave("beside");
        await silo.Journal.Signalled("begun beside");
        silo.Journal.Signal("go work");
        await grain.Work("work");

        silo.Journal.Signal("go beside");
        await beside;
    }

    [Fact]
    public async Task ReadOnly_WhileReadOnlyRuns_RunsBeside_ButNotBesideOthers()
    {
        await using var silo = await TestSilo.Start();
        var grain = BusyOf(silo);

        var first = grain.Read("first");
        await silo.Journal.Signalled("begun first");
        silo.Journal.Signal("go second");
        await grain.Read("second");
        var work = grain.Work("work");
        silo.Journal.Signal("go work");
        silo.Journal.Signal("go first");
        await Task.WhenAll(first, work);

        Assert.Equal(
            ["begin first", "begin second", "end second", "end first", "begin work", "end work"], silo.Journal.Entries);
    }

    [Fact]
    public async Task Reentrant_WhileAnotherAwaits_Runs()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IReentrantGrain>();

        var first = grain.Work("first");
        await silo.Journal.Signalled("begun first");
        silo.Journal.Signal("go second");
        await grain.Work("second");

        silo.Journal.Signal("go first");
        await first;
    }

    [Fact]
    public async Task Await_InAGrain_ComesBackToItsScheduler()
    {
        await using var silo = await TestSilo.Start();

        Assert.True(await BusyOf(silo).StaysOnScheduler());
    }

    [Fact]
    public async Task OneWay_WhileItRuns_HasReturned()
    {
        await using var silo = await TestSilo.Start();
        var grain = BusyOf(silo);

        await grain.Forget("lost");
        await silo.Journal.Signalled("begun lost");

        silo.Journal.Signal("go lost");
        Assert.Equal(7, await grain.Value(7));
    }

    private static IBusyGrain BusyOf(TestSilo silo) =>
        silo.Grains.GetGrain<IBusyGrain>(Guid.NewGuid().ToString("N"), Busy);
}
