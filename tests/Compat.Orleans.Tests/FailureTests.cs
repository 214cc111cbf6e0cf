using Orleans.Configuration;
using Sweeps.Compat.Orleans.Tests.Grains;

namespace Sweeps.Compat.Orleans.Tests;

public sealed class FailureTests
{
    [Fact]
    public async Task Throw_BeforeOrAfterTheFirstAwait_ReachesTheCallerWithTypeAndMessage()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IFailingGrain>();

        var atOnce = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.ThrowAtOnce("at once"));
        var later = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.ThrowLater("later"));

        Assert.Equal("at once", atOnce.Message);
        Assert.Equal("later", later.Message);
        Assert.Contains(nameof(FailingGrain.ThrowLater), later.StackTrace);
    }

    [Fact]
    public async Task Throw_OwnType_ReachesTheCallerWithItsMembers()
    {
        await using var silo = await TestSilo.Start();

        var failure = await Assert.ThrowsAsync<OwnException>(() => silo.Grain<IFailingGrain>().ThrowOwn("own", 17));

        Assert.Equal("own", failure.Message);
        Assert.Equal(17, failure.Number);
    }

    [Fact]
    public async Task Throw_LeavesTheGrainUsable()
    {
        await using var silo = await TestSilo.Start();
        var grain = silo.Grain<IFailingGrain>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => grain.ThrowAtOnce(""));

        Assert.False(await grain.Ignore(default));
    }

    [Fact]
    public async Task Throw_OperationCanceled_ReachesTheCallerAsCancellation()
    {
        await using var silo = await TestSilo.Start();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silo.Grain<IFailingGrain>().ThrowCancelled());
    }

    [Fact]
    public async Task Cancel_TheCallersToken_CancelsTheGrainsTokenAndTheCall()
    {
        await using var silo = await TestSilo.Start();
        using var cancellation = new CancellationTokenSource();

        var call = silo.Grain<IFailingGrain>().Watch(cancellation.Token);
        await silo.Journal.Signalled("watching");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await silo.Journal.Signalled("seen cancelled");
    }

    [Fact]
    public async Task Cancel_WaitingForAcknowledgement_EndsTheCallWhenTheGrainHasSeenIt()
    {
        await using var silo = await TestSilo.Start(
            builder => builder.Configure<SiloMessagingOptions>(o => o.WaitForCancellationAcknowledgement = true));
        using var cancellation = new CancellationTokenSource();

        var call = silo.Grain<IFailingGrain>().Watch(cancellation.Token);
        await silo.Journal.Signalled("watching");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.True(silo.Journal.IsSignalled("seen cancelled"));
    }

    [Fact]
    public async Task Call_WithACancelledToken_DoesNotReachTheGrain()
    {
        await using var silo = await TestSilo.Start();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await silo.Grain<IFailingGrain>().Watch(new CancellationToken(canceled: true)));

        Assert.False(silo.Journal.IsSignalled("watching"));
    }

    [Fact]
    public async Task Call_WithATokenThatIsNotCancelled_GoesThrough()
    {
        await using var silo = await TestSilo.Start();
        using var cancellation = new CancellationTokenSource();

        Assert.False(await silo.Grain<IFailingGrain>().Ignore(cancellation.Token));
    }

    [Fact]
    public async Task Call_ThatIsNotAnswered_TimesOut()
    {
        await using var silo = await TestSilo.Start();

        await Assert.ThrowsAsync<TimeoutException>(() => silo.Grain<IFailingGrain>().Hang());

        silo.Journal.Signal("let the hanging go");
    }

    [Fact]
    public async Task Call_InACycle_TimesOut()
    {
        await using var silo = await TestSilo.Start(
            builder => builder.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(2)));

        await Assert.ThrowsAsync<TimeoutException>(
            () => silo.Grain<IFailingGrain>().CallThrough(silo.Grain<IFailingGrain>()));
    }
}
