using Sweeps.Client.Silos;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Grains.Coordination;
using Sweeps.Store;
using Sweeps.Store.Addresses;
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

    /// <summary>What lives and may not train is no silo of the sweep: it waits, and both pages say why.</summary>
    [Theory]
    [InlineData(null, "compute other numbers", "run FILE --fresh")]
    [InlineData("The data set digits is not here; get it.", "is not here", "get it")]
    public async Task Show_AllItsSilosRefused_SaysWhyAndWhatToDo(string? problem, string reason, string next)
    {
        using var place = new Workplace();
        Assert.Equal(0, (await place.RunAsync("submit", place.SweepFile)).Code);
        await using (var store = await StoreFactory.OpenAsync(StoreAddress.Parse(place.Store)))
        {
            await store.Silos.RegisterAsync(new("here", "here.1", "host", "1.0", 2, "numerics of here"));
            var coordinator = new SweepCoordinator(
                "tiny", store, SpecificationPlan.SearcherOf, new(store, TimeProvider.System));
            await coordinator.ExecuteAsync([new ClaimTrials(new("gone", "gone.1"), 1, 1, "numerics of gone")]);
            await coordinator.ExecuteAsync(
                [new ClaimTrials(new("here", "here.1"), 1, 1, "numerics of here") { DataProblem = problem }]);

            var list = await place.RunAsync("list");
            var entry = (await place.RunAsync("list", "--json")).Json().GetProperty("sweeps")[0];
            var show = await place.RunAsync("show", "tiny");

            Assert.Equal("interrupted", entry.GetProperty("state").GetString());
            Assert.Equal("here", entry.GetProperty("refusals")[0].GetProperty("silo").GetString());
            foreach (var page in (string[])[list.Output, show.Output])
            {
                Assert.Contains("silo here does not train for it", page, StringComparison.Ordinal);
                Assert.Contains(reason, page, StringComparison.Ordinal);
                Assert.Contains(next, page, StringComparison.Ordinal);
            }

            await store.Silos.RegisterAsync(new("back", "back.1", "host", "1.0", 2, "numerics of gone"));
            var again = (await place.RunAsync("list", "--json")).Json().GetProperty("sweeps")[0];
            Assert.Equal("running", again.GetProperty("state").GetString());
            Assert.Equal(0, again.GetProperty("refusals").GetArrayLength());
        }
    }

    [Fact]
    public void Texts_HundredsOfSilosWithOneReason_AreOneSentence()
    {
        var refusals = Enumerable.Range(1, 500).Reverse().Select(n => new SiloRefusal("tiny", $"gpu{n}", null))
            .Append(new("tiny", "alone", "Its data differ."));

        Assert.Equal(
            [
                $"silos gpu1, gpu2, gpu3 and 497 more do not train for it: {SiloRefusal.OtherNumbersAdvice}",
                "silo alone does not train for it: Its data differ.",
            ],
            SiloRefusal.Texts(refusals));
    }

    private static SiloRow Silo(SiloState state, int seen) => new(
        $"w{seen}", $"w{seen}.1", "host", "1.0", "numerics", state, 1, null, "[]", 0, Start, Start.AddSeconds(seen));
}
