using Orleans.Configuration;
using Sweeps.Compat.Orleans.Tests.Grains;

namespace Sweeps.Compat.Orleans.Tests;

public sealed class LifeTests
{
    private const string Life = "Sweeps.Compat.Orleans.Tests.Grains.LifeGrain";

    [Fact]
    public async Task FirstCall_ActivatesBeforeItRuns()
    {
        await using var silo = await TestSilo.Start();
        var grain = LifeOf(silo, "one");

        Assert.Equal(1, await grain.Count());
        Assert.Equal(2, await LifeOf(silo, "one").Count());
        Assert.Equal("one", await grain.Key());
        Assert.Equal(["activate"], silo.Journal.Entries);
    }

    [Fact]
    public async Task DeactivateOnIdle_EndsTheActivation_AndTheNextCallBeginsAnother()
    {
        await using var silo = await TestSilo.Start();
        var grain = LifeOf(silo, "one");

        Assert.Equal(1, await grain.Count());
        await grain.End();
        await silo.Journal.Signalled("deactivated one");

        Assert.Equal(1, await grain.Count());
        Assert.Equal(["activate", "deactivate ApplicationRequested", "activate"], silo.Journal.Entries);
        await silo.Journal.Signalled("disposed");
    }

    [Fact]
    public async Task DeactivateOnIdle_CallsThatWait_GoToTheNextActivation()
    {
        await using var silo = await TestSilo.Start();
        var grain = LifeOf(silo, "one");
        await grain.Count();

        var ending = grain.EndAfter("one");
        await silo.Journal.Signalled("ending one");
        var waiting = Enumerable.Range(0, 10).Select(_ => grain.Count()).ToArray();
        silo.Journal.Signal("go one");
        await ending;

        Assert.Equal(Enumerable.Range(1, 10), await Task.WhenAll(waiting));
    }

    [Fact]
    public async Task OnActivate_Fails_TheCallerLearnsWhy()
    {
        await using var silo = await TestSilo.Start();

        var failure = await Assert.ThrowsAsync<NotSupportedException>(() => silo.Grain<IStillbornGrain>().Hello());

        Assert.Equal("never lives", failure.Message);
    }

    [Fact]
    public async Task Idle_ForTheCollectionAge_IsCollected_UnlessKept()
    {
        await using var silo = await TestSilo.Start(ShortLived);
        var kept = silo.Grain<IKeptGrain>("kept");
        var delayed = LifeOf(silo, "delayed");
        Assert.Equal(1, await kept.Count());
        Assert.Equal(1, await delayed.Count());
        await delayed.Delay(TimeSpan.FromMinutes(10));

        await LifeOf(silo, "idle").Count();
        await silo.Journal.Signalled("deactivated idle");

        Assert.Contains("deactivate ActivationIdle", silo.Journal.Entries);
        Assert.Equal(1, await LifeOf(silo, "idle").Count());
        Assert.Equal(2, await kept.Count());
        Assert.Equal(2, await delayed.Count());
    }

    [Fact]
    public async Task DelayDeactivation_TakenBack_IsCollected()
    {
        await using var silo = await TestSilo.Start(ShortLived);
        var grain = LifeOf(silo, "one");

        await grain.Delay(Timeout.InfiniteTimeSpan);
        await grain.Delay(TimeSpan.Zero);

        await silo.Journal.Signalled("deactivated one");
    }

    [Fact]
    public async Task TenThousandGrains_AreAllThere_AndAllEnd()
    {
        var silo = await TestSilo.Start();
        var journal = silo.Journal;
        await using (silo)
        {
            var grains = Enumerable.Range(0, 10_000).Select(i => LifeOf(silo, "grain" + i)).ToList();

            var first = await Task.WhenAll(grains.Select(grain => grain.Count()));
            var second = await Task.WhenAll(grains.Select(grain => grain.Count()));

            Assert.All(first, count => Assert.Equal(1, count));
            Assert.All(second, count => Assert.Equal(2, count));
        }

        Assert.Equal(10_000, journal.Entries.Count(entry => entry == "deactivate ShuttingDown"));
    }

    [Fact]
    public async Task GetGrain_WithoutImplementation_SaysSo()
    {
        await using var silo = await TestSilo.Start();

        var failure = Assert.Throws<ArgumentException>(() => silo.Grain<INobodysGrain>());

        Assert.Contains(nameof(INobodysGrain), failure.Message, StringComparison.Ordinal);
    }

    private static ILifeGrain LifeOf(TestSilo silo, string key) => silo.Grains.GetGrain<ILifeGrain>(key, Life);

    private static void ShortLived(ISiloBuilder builder) => builder.Configure<GrainCollectionOptions>(options =>
    {
        options.CollectionQuantum = TimeSpan.FromMilliseconds(200);
        options.CollectionAge = TimeSpan.FromMilliseconds(600);
    });
}
