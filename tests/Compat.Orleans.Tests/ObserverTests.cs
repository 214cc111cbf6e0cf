using Sweeps.Compat.Orleans.Tests.Grains;

namespace Sweeps.Compat.Orleans.Tests;

public sealed class ObserverTests
{
    [Fact]
    public async Task Observer_IsCalledByGrains_AndAnswersThem()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ISpeakerGrain>();
        var listener = new Listener(silo.Journal);
        await grain.Add(silo.Grains.CreateObjectReference<IListener>(listener));

        await grain.Say("hello");
        await grain.Tell("news");

        Assert.True(silo.Journal.IsSignalled("heard hello"));
        await silo.Journal.Signalled("told news");
        Assert.Equal(42, await grain.Ask(21));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.Ask(-1));
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task Observer_CalledManyTimes_IsCalledOneAtATimeInOrder()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ISpeakerGrain>();
        var listener = new Listener(silo.Journal);
        await grain.Add(silo.Grains.CreateObjectReference<IListener>(listener));

        await grain.SayMany(200);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => "text " + i.ToString("D4")), silo.Journal.Entries);
        Assert.Equal(1, listener.Most);
    }

    [Fact]
    public async Task Observer_WhoseReferenceIsDeleted_IsCalledNoMore()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<ISpeakerGrain>();
        var (gone, witness) = (new Listener(silo.Journal), new Listener(new Journal()));
        var reference = silo.Grains.CreateObjectReference<IListener>(gone);
        await grain.Add(reference);
        await grain.Tell("first");
        await silo.Journal.Signalled("told first");

        silo.Grains.DeleteObjectReference<IListener>(reference);
        await grain.Add(silo.Grains.CreateObjectReference<IListener>(witness));
        await grain.Tell("second");
        await grain.Tell("third");

        Assert.False(silo.Journal.IsSignalled("told second"));
        GC.KeepAlive((gone, witness));
    }

    [Fact]
    public async Task CreateObjectReference_OfAReference_IsRefused()
    {
        await using var silo = await TestSilo.Start();
        var listener = new Listener(silo.Journal);
        var reference = silo.Grains.CreateObjectReference<IListener>(listener);

        Assert.ThrowsAny<ArgumentException>(() => silo.Grains.CreateObjectReference<IListener>(reference));
        GC.KeepAlive(listener);
    }
}
