using Sweeps.Client.Sweep.Progress;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Tests.Sweep.Progress;

public sealed class StoreOutageTests
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);
    private readonly List<string> _said = [];

    [Fact]
    public async Task Outlast_StoreAwayForAWhile_SaysSoOnce_AndOnceThatItIsBack()
    {
        var outage = new StoreOutage(_said.Add, pause: s_pause);

        Assert.Equal(4, await outage.OutlastAsync(Answers(away: 3), () => null));
        Assert.Equal(2, await outage.OutlastAsync(Answers(away: 1), () => null));

        Assert.Equal(4, _said.Count);
        Assert.All([_said[0], _said[2]], line => Assert.StartsWith(
            "the store does not answer: out of reach.", line, StringComparison.Ordinal));
        Assert.All([_said[1], _said[3]], line => Assert.StartsWith(
            "the store answers again, after", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StoreReason.Missing)]
    [InlineData(StoreReason.Other)]
    public async Task Outlast_StoreThatRefuses_IsAnErrorAtOnce(StoreReason reason)
    {
        var outage = new StoreOutage(_said.Add, pause: s_pause);

        var error = await Assert.ThrowsAsync<StoreException>(
            () => outage.OutlastAsync<int>(_ => throw new StoreException(reason, "refused."), () => null));

        Assert.Equal("refused.", error.Message);
        Assert.Empty(_said);
    }

    [Fact]
    public async Task Outlast_StoreAwayForTooLong_IsAnError()
    {
        var outage = new StoreOutage(_said.Add, longest: TimeSpan.Zero, s_pause);

        await Assert.ThrowsAsync<StoreException>(() => outage.OutlastAsync(Answers(away: 1), () => null));
    }

    [Fact]
    public async Task Outlast_ToldToStopWhileTheStoreIsAway_Ends()
    {
        using var stop = new CancellationTokenSource();
        var outage = new StoreOutage(_ => stop.Cancel(), pause: TimeSpan.FromHours(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => outage.OutlastAsync(Answers(away: int.MaxValue), () => null, stop.Token));
    }

    private static Func<CancellationToken, Task<int>> Answers(int away)
    {
        var asked = 0;
        return _ => asked++ < away
            ? throw new StoreException(StoreReason.OutOfReach, "out of reach.")
            : Task.FromResult(asked);
    }
}
