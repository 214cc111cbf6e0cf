using Sweeps.Compat.Orleans.Tests.Grains;

namespace Sweeps.Compat.Orleans.Tests;

public sealed class TimerTests
{
    [Fact]
    public async Task Timer_WithPeriod_TicksOneAtATime()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ITimerGrain>();

        await grain.StartFast(interleave: false);
        await silo.Journal.Signalled("tick 20");

        Assert.Equal(1, await grain.MostAtOnce());
    }

    [Fact]
    public async Task Timer_WithoutPeriod_TicksOnce()
    {
        await using var silo = await TestSilo.Start();
        var once = silo.Grain<ITimerGrain>();
        var witness = silo.Grain<ITimerGrain>();

        await once.StartOnce();
        await silo.Journal.Signalled("tick 1");
        await witness.StartFast(interleave: false);
        await silo.Journal.Signalled("tick 10");

        Assert.Equal(1, await once.Ticks());
    }

    [Fact]
    public async Task Timer_WhileACallRuns_Waits()
    {
        await using var silo = await TestSilo.Start();
        var (grain, witness) = (silo.Grain<ITimerGrain>(), silo.Grain<ITimerGrain>());
        await grain.StartFast(interleave: false);

        var during = grain.TicksDuring("long");
        await silo.Journal.Signalled("begun long");
        await witness.StartFast(interleave: false);
        await silo.Journal.Signalled("tick 20");
        silo.Journal.Signal("go long");

        Assert.Equal(0, await during);
    }

    [Fact]
    public async Task Timer_ThatInterleaves_TicksWhileACallRuns()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ITimerGrain>();
        await grain.StartFast(interleave: true);

        var during = grain.TicksDuring("long");
        await silo.Journal.Signalled("begun long");
        var now = await grain.Ticks();
        await silo.Journal.Signalled("tick " + (now + 3));
        silo.Journal.Signal("go long");

        Assert.True(await during >= 3);
    }

    [Fact]
    public async Task Timer_Disposed_TicksNoMore()
    {
        await using var silo = await TestSilo.Start();
        var (grain, witness) = (silo.Grain<ITimerGrain>(), silo.Grain<ITimerGrain>());
        await grain.StartFast(interleave: false);
        await silo.Journal.Signalled("tick 3");

        await grain.Stop();
        var stopped = await grain.Ticks();
        await witness.StartFast(interleave: false);
        await silo.Journal.Signalled("tick " + (stopped + 20));

        Assert.Equal(stopped, await grain.Ticks());
    }

    [Fact]
    public async Task Timer_WhoseTickFails_TicksAgain()
    {
        await using var silo = await TestSilo.Start();

        await silo.Grain<ITimerGrain>().StartFailing();

        await silo.Journal.Signalled("tick 3");
    }

    [Fact]
    public async Task Timer_WithState_GetsIt()
    {
        await using var silo = await TestSilo.Start();

        await silo.Grain<ITimerGrain>().StartWithState("red");

        await silo.Journal.Signalled("ticked red");
    }

    [Fact]
    public async Task Timer_Changed_TicksAtTheNewTime()
    {
        await using var silo = await TestSilo.Start();

        await silo.Grain<ITimerGrain>().StartLateThenChange();

        await silo.Journal.Signalled("tick 1");
    }
}
