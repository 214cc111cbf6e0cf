using Sweeps.Client.Sweep.Show;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Tests.Sweep.Show;

/// <summary>Whether a sweep is lost is said by the silo that was seen last of those that take its trials.</summary>
public sealed class SweepSilosTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_LastSiloLostBetweenTwoTrials_IsLost() =>
        Assert.Equal(SweepSilos.Lost, SweepSilosText.Of([Silo(SiloState.Left, 1), Silo(SiloState.Lost, 2)], "lab"));

    [Fact]
    public void Of_LastSiloOverdue_IsLost() => Assert.Equal(
        SweepSilos.Lost, SweepSilosText.Of([Silo(SiloState.Active, 2) with { IsOverdue = true }], "lab"));

    [Fact]
    public void Of_LastSiloLeftInOrder_IsNone() =>
        Assert.Equal(SweepSilos.None, SweepSilosText.Of([Silo(SiloState.Lost, 1), Silo(SiloState.Left, 2)], "lab"));

    [Fact]
    public void Of_LostSiloOfOtherSweeps_IsNone() => Assert.Equal(
        SweepSilos.None, SweepSilosText.Of([Silo(SiloState.Lost, 1) with { Serves = ["other"] }], "lab"));

    [Fact]
    public void Of_LiveSiloBesideALostOne_IsLive() =>
        Assert.Equal(SweepSilos.Live, SweepSilosText.Of([Silo(SiloState.Active, 1), Silo(SiloState.Lost, 2)], "lab"));

    private static SiloRow Silo(SiloState state, int seen) => new(
        $"w{seen}", $"w{seen}.1", "host", "1.0", "numerics", state, 1, null, "[]", 0, Start, Start.AddSeconds(seen));
}
