using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    private static readonly string Course = new('a', 64);
    private static readonly string Basis = new('5', 64);
    private static readonly string Other = "0123456789abcdef" + new string('b', 48);

    [StoreFact]
    public async Task FindResults_Appended_GivesTheirEventsLongestFirst()
    {
        await AppendAsync("first", new(0, Course, "3", 3), new(2, Course, "", 5));
        await AppendAsync("second", new(1, Course, "3", 3), new(1, Other, "2 best", 2));
        var found = await Log.FindResultsAsync([new(Other), new(Course), new(new string('c', 64))]);
        var ofCourse = found.Where(result => result.Course == Course).ToList();
        Assert.Equal(
            [("first", "", 5, 3L), ("first", "3", 3, 1L), ("second", "3", 3, 2L)],
            ofCourse.Select(result => (result.Sweep, result.Wanted, result.Epochs, result.Event.Sequence)));
        Assert.Equal(["payload 3", "payload 1", "payload 2"], ofCourse.Select(result => Text(result.Event)));
        Assert.All(found, result => Assert.Equal("TrialStarted", result.Event.Type));
        Assert.Equal(("second", "2 best"), found.Where(result => result.Course == Other)
            .Select(result => (result.Sweep, result.Wanted)).Single());
        Assert.Empty(await Log.FindResultsAsync([]));
    }

    [StoreFact]
    public async Task FindResults_ManyOfOneCourse_GivesTheLongest()
    {
        await AppendAsync(
            "a", [.. Enumerable.Range(0, 20).Select(epochs => new NewResult(epochs, Course, "", epochs))]);
        Assert.Equal(
            Enumerable.Range(0, StoredResult.MostOfACourse).Select(place => 19 - place),
            (await Log.FindResultsAsync([new(Course)])).Select(result => result.Epochs));
    }

    [StoreFact]
    public async Task FindResults_OneThatIsWantedBeyondTheLongest_ComesFirst()
    {
        await AppendAsync(
            "a",
            [.. Enumerable.Range(0, 20).Select(epochs => new NewResult(epochs, Course, $"{epochs} best", epochs))]);
        var found = await Log.FindResultsAsync([new(Course, "3 best"), new(Other, "3 best")]);
        Assert.Equal([3, 19, 18, 17, 16, 15, 14, 13], found.Select(result => result.Epochs));
    }

    [StoreFact]
    public async Task FindResults_KeptCheckpointBehindManyOthers_ComesAfterThem()
    {
        await AppendAsync(
            "longer", [.. Enumerable.Range(0, 12).Select(more => new NewResult(more, Course, "", 10 + more))]);
        await AppendAsync("kept", new(0, Course, "3", 3), new(1, Course, "2", 2));
        await Store.Artifacts.SaveAsync(Kept("kept"), 1, 3, Content(1));
        Assert.Equal([21, 20, 19, 18, 17, 16, 15, 14, 3], await EpochsAsync());
        // One that is among the longest comes once.
        await Store.Artifacts.SaveAsync(Kept("longer"), 1, 20, Content(2));
        Assert.Equal([21, 20, 19, 18, 17, 16, 15, 14, 3], await EpochsAsync());
        await Store.Artifacts.ReleaseAsync(Kept("kept"), 1);
        Assert.Equal([21, 20, 19, 18, 17, 16, 15, 14], await EpochsAsync());

        static ArtifactKey Kept(string sweep) => new(new(sweep, 0, 0), ArtifactKey.KeptCheckpoint);

        async Task<IEnumerable<int>> EpochsAsync() =>
            (await Log.FindResultsAsync([new(Course)])).Select(result => result.Epochs);
    }

    /// <summary>Results are written with their events or not at all, and once.</summary>
    [StoreFact]
    public async Task FindResults_RefusedAndRepeatedAppends_CountOnce()
    {
        var append = new SweepAppend("a", 0, Events(1)) { Results = [new(0, Course, "1", 1)] };
        Assert.True((await Log.AppendAsync(append)).IsAppended);
        Assert.True((await Log.AppendAsync(append)).IsAppended);
        var late = new SweepAppend("a", 0, Events(2)) { Results = [new(1, Other, "1", 1)] };
        Assert.False((await Log.AppendAsync(late)).IsAppended);
        Assert.Single(await Log.FindResultsAsync([new(Course), new(Other)]));
    }

    [StoreFact]
    public async Task FindResults_DeletedSweep_GivesThoseOfTheOthers()
    {
        await AppendAsync("first", new NewResult(0, Course, "3", 3));
        await AppendAsync("second", new NewResult(0, Course, "3", 3));
        await Log.AppendAsync(new SweepAppend("first", 20, Events(1)) { Header = new SweepHeader(false, 0, "{}") });
        Assert.True(await Log.DeleteAsync("first"));
        Assert.Equal("second", Assert.Single(await Log.FindResultsAsync([new(Course)])).Sweep);
    }

    [StoreFact]
    public async Task HasResults_OfABasis_AreThoseOfOtherSweepsThatAreThere()
    {
        Assert.False(await Log.HasResultsAsync(Basis, null));
        await AppendAsync("none", new NewResult(0, Course, "3", 3));
        Assert.False(await Log.HasResultsAsync(Basis, null));
        foreach (var sweep in (string[])["first", "second"])
        {
            var append = new SweepAppend(sweep, 0, Events(2)) { Results = [new(0, Course, "3", 3)], Basis = Basis };
            Assert.True((await Log.AppendAsync(append)).IsAppended);
            Assert.True((await Log.AppendAsync(append)).IsAppended);
            Assert.Equal(sweep == "second", await Log.HasResultsAsync(Basis, "first"));
        }

        Assert.True(await Log.HasResultsAsync(Basis, "unknown"));
        Assert.False(await Log.HasResultsAsync(Other, null));
        await CloseAsync("second");
        Assert.True(await Log.DeleteAsync("second"));
        Assert.False(await Log.HasResultsAsync(Basis, "first"));
        Assert.True(await Log.HasResultsAsync(Basis, null));
        await Assert.ThrowsAsync<SweepsException>(() => Log.HasResultsAsync("short", null));
    }

    [StoreFact]
    public async Task HasResults_RefusedAppend_EntersNothing()
    {
        await AppendAsync("a");
        var late = new SweepAppend("a", 0, Events(1)) { Results = [new(0, Course, "1", 1)], Basis = Basis };
        Assert.False((await Log.AppendAsync(late)).IsAppended);
        Assert.False(await Log.HasResultsAsync(Basis, null));
    }

    [StoreFact]
    public async Task Append_ResultThatCannotBe_IsRefusedWhole()
    {
        foreach (var wrong in (NewResult[])[new(1, Course, "1", 1), new(0, "short", "1", 1), new(0, Course, "1", -1)])
        {
            await Assert.ThrowsAnyAsync<Exception>(
                () => Log.AppendAsync(new SweepAppend("a", 0, Events(1)) { Results = [wrong] }));
        }

        await Assert.ThrowsAsync<SweepsException>(() => Log.FindResultsAsync([new("short")]));
        Assert.Null(await Log.FindAsync("a"));
    }

    [StoreFact]
    public async Task PutMetrics_WhatAResultNeeds_ComesBack()
    {
        await NewSweepAsync("a");
        var whole = Report(1) with
        {
            WeightsDigest = Other,
            ValidationLossError = 0.1,
            ValidationMetricError = double.Epsilon,
        };
        MetricRow[] rows = [new(new("a", 0, 0), 1, whole), new(new("a", 0, 0), 1, Report(2))];
        await Store.Metrics.PutAsync(rows);
        Assert.Equal(rows, await Store.Metrics.ReadAsync("a"));
    }

    [StoreFact]
    public async Task ReadTrials_OfSeveralSweeps_GivesEachOnesRows()
    {
        await NewSweepAsync("a");
        await NewSweepAsync("b");
        MetricRow[] rows =
        [
            new(new("a", 0, 0), 1, Report(1)), new(new("a", 0, 0), 2, Report(1)), new(new("a", 0, 1), 1, Report(1)),
            new(new("a", 1, 0), 1, Report(1)), new(new("b", 0, 1), 1, Report(1)), new(new("b", 0, 1), 1, Report(2)),
        ];
        await Store.Metrics.PutAsync(rows);
        var read = await Store.Metrics.ReadTrialsAsync([new("a", 0, 0), new("b", 0, 1), new("none", 0, 0)]);
        Assert.Equal([rows[0], rows[1], rows[4], rows[5]], read);
        Assert.Empty(await Store.Metrics.ReadTrialsAsync([]));
    }

    private async Task CloseAsync(string sweep)
    {
        var last = (await Log.FindAsync(sweep))!.LastSequence;
        await Log.AppendAsync(
            new SweepAppend(sweep, last, Events(1)) { Header = new SweepHeader(false, 0, "{}") });
    }

    private async Task AppendAsync(string sweep, params NewResult[] results) => Assert.True(
        (await Log.AppendAsync(new SweepAppend(sweep, 0, Events(20)) { Results = results })).IsAppended);
}
