using Sweeps.Store.Contract;

namespace Sweeps.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [StoreFact]
    public async Task WaitForChange_AppendAfterMark_WakesTopicAndAll()
    {
        await NewSweepAsync("a");
        await NewSweepAsync("b");
        await SettleAsync();
        var (mark, all) = (Store.Changes.Mark("a"), Store.Changes.Mark());
        var one = Store.Changes.WaitAsync("a", mark, Long);
        var any = Store.Changes.WaitAsync(null, all, Long);
        Assert.False(one.IsCompleted);
        await Log.AppendAsync("a", 1, Events(1));
        Assert.True(await one);
        Assert.True(await any);
    }

    [StoreFact]
    public async Task WaitForChange_AppendBetweenMarkAndWait_IsNotMissed()
    {
        await NewSweepAsync("a");
        var mark = Store.Changes.Mark("a");
        await Log.AppendAsync("a", 1, Events(1));
        Assert.True(await Store.Changes.WaitAsync("a", mark, Long));
    }

    [StoreFact]
    public async Task WaitForChange_NothingOrAnotherTopic_TimesOut()
    {
        await NewSweepAsync("a");
        await SettleAsync();
        var wait = Store.Changes.WaitAsync("a", Store.Changes.Mark("a"), TimeSpan.FromMilliseconds(200));
        await NewSweepAsync("b");
        Assert.False(await wait);
    }

    [StoreFact]
    public async Task WaitForChange_Conflict_WakesNobody()
    {
        await NewSweepAsync("a");
        await SettleAsync();
        var mark = Store.Changes.Mark("a");
        await Log.AppendAsync("a", 0, Events(1));
        Assert.False(await Store.Changes.WaitAsync("a", mark, TimeSpan.FromMilliseconds(200)));
    }

    [StoreFact]
    public async Task WaitForChange_Silos_WakeOnEnteringAndRequestsNotOnHeartbeats()
    {
        var mark = Store.Changes.Mark(ChangeTopics.Silos);
        await Store.Silos.RegisterAsync(Silo("a"));
        Assert.True(await Store.Changes.WaitAsync(ChangeTopics.Silos, mark, Long));
        await SettleAsync();
        mark = Store.Changes.Mark(ChangeTopics.Silos);
        await Store.Silos.HeartbeatAsync(Beat("a"));
        Assert.False(await Store.Changes.WaitAsync(ChangeTopics.Silos, mark, TimeSpan.FromMilliseconds(200)));
        await Store.Silos.RequestSlotsAsync("a", 1);
        Assert.True(await Store.Changes.WaitAsync(ChangeTopics.Silos, mark, Long));
    }

    [StoreFact]
    public async Task WaitForChange_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var wait = Store.Changes.WaitAsync("a", Store.Changes.Mark("a"), Long, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    /// <summary>Lets notifications of earlier writes, which may come twice, arrive.</summary>
    protected virtual Task SettleAsync() => Task.CompletedTask;
}
