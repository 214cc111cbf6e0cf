using System.Text;
using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    [StoreFact]
    public async Task Append_NewSweep_ReadsBackInOrder()
    {
        var before = await Store.NowAsync();
        var result = await Log.AppendAsync(
            "a", 0, [Event("1", "First"), Event("", "Empty"), Event("größer ✓", "Third")]);
        Assert.Equal((true, 3L), (result.IsAppended, result.LastSequence));
        var events = await Log.ReadAsync("a", 0);
        Assert.Equal([1L, 2L, 3L], events.Select(item => item.Sequence));
        Assert.Equal(["First", "Empty", "Third"], events.Select(item => item.Type));
        Assert.Equal(["1", "", "größer ✓"], events.Select(Text));
        Assert.All(events, item => Assert.Equal(result.At, item.At));
        Assert.InRange(result.At, before, await Store.NowAsync());
    }

    [StoreFact]
    public async Task Delete_EndedSweep_IsGoneForGoodAndItsIdIsNotGivenOutAgain()
    {
        await Log.AppendAsync(
            new SweepAppend("sweep", 0, [Event("1"), Event("2")]) { Header = new SweepHeader(true, 0, "{}") });
        await Log.AppendAsync("other", 0, [Event("1")]);
        await Store.Metrics.PutAsync([new MetricRow(new("sweep", 0, 0), 1, Report(1))]);
        await Store.Artifacts.SaveAsync(Key(ArtifactKey.Model), 1, 1, new byte[10]);
        await Assert.ThrowsAsync<StoreException>(() => Log.DeleteAsync("sweep"));
        await Log.AppendAsync(new SweepAppend("sweep", 2, [Event("3")]) { Header = new SweepHeader(false, 0, "{}") });
        await Store.Artifacts.ReleaseAsync(Key(ArtifactKey.Model), 1);

        Assert.True(await Log.DeleteAsync("sweep"));

        Assert.False(await Log.DeleteAsync("sweep"));
        Assert.Null(await Log.FindAsync("sweep"));
        Assert.Empty(await Log.ReadAsync("sweep", 0));
        Assert.Empty(await Log.ReadAsync("sweep", 3));
        Assert.Empty(await Store.Metrics.ReadAsync("sweep"));
        Assert.Empty(await Store.Artifacts.ListAsync("sweep"));
        Assert.Equal(["other"], (await Log.ListAsync()).Select(sweep => sweep.Id));
        Assert.Equal(
            (true, true, false),
            (await Log.IsTakenAsync("sweep"), await Log.IsTakenAsync("other"), await Log.IsTakenAsync("nobody")));
        // Neither a new sweep nor a coordinator that remembers the old one gets in.
        foreach (var expected in (long[])[0, 2, 3])
        {
            var error = await Assert.ThrowsAsync<StoreException>(
                () => Log.AppendAsync("sweep", expected, [Event("4")]));
            Assert.Contains("deleted", error.Message, StringComparison.Ordinal);
        }
    }

    [StoreFact]
    public async Task Append_BinaryPayload_KeepsEveryByte()
    {
        var payload = Enumerable.Range(0, 100_000).Select(index => (byte)(index * 7)).ToArray();
        await Log.AppendAsync("a", 0, [new NewEvent("Large", payload), new NewEvent("Zero", new byte[] { 0 })]);
        var events = await Log.ReadAsync("a", 0);
        Assert.Equal(payload, events[0].Payload.ToArray());
        Assert.Equal(new byte[] { 0 }, events[1].Payload.ToArray());
    }

    [StoreTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(99)]
    public async Task Append_WrongExpectation_ConflictsAndChangesNothing(long expected)
    {
        await Log.AppendAsync("a", 0, Events(2));
        var result = await Log.AppendAsync("a", expected, Events(5, 100));
        Assert.Equal((false, 2L), (result.IsAppended, result.LastSequence));
        Assert.Equal(["payload 1", "payload 2"], (await Log.ReadAsync("a", 0)).Select(Text));
    }

    [StoreFact]
    public async Task Append_UnknownSweepExpectedLater_ConflictsAtZero()
    {
        var result = await Log.AppendAsync("nobody", 7, Events(1));
        Assert.Equal((false, 0L), (result.IsAppended, result.LastSequence));
        Assert.Null(await Log.FindAsync("nobody"));
    }

    [StoreFact]
    public async Task Append_SameIdTwice_IsDoneOnceAndAnsweredTwice()
    {
        await Log.AppendAsync("a", 0, Events(3));
        var append = new SweepAppend("a", 3, Events(2, 4));
        var first = await Log.AppendAsync(append);
        await Log.AppendAsync("a", 5, Events(1, 6));
        var second = await Log.AppendAsync(append);
        Assert.Equal(first, second);
        Assert.Equal(6, (await Log.ReadAsync("a", 0)).Count);
        var other = await Log.AppendAsync("a", 3, Events(2, 4));
        Assert.Equal((false, 6L), (other.IsAppended, other.LastSequence));
    }

    [StoreFact]
    public async Task Append_SameIdTwiceOnNewSweep_IsDoneOnce()
    {
        var append = new SweepAppend("a", 0, Events(2));
        var answers = await Task.WhenAll(Log.AppendAsync(append), Log.AppendAsync(append));
        Assert.All(answers, answer => Assert.Equal((true, 2L), (answer.IsAppended, answer.LastSequence)));
        Assert.Equal(2, (await Log.ReadAsync("a", 0)).Count);
    }

    [StoreFact]
    public async Task Append_WithoutWaiting_KeepsTheOrderOfTheCalls()
    {
        var answers = new List<Task<AppendResult>>();
        for (var sequence = 0; sequence < 500; sequence++)
            answers.Add(Log.AppendAsync("a", sequence, Events(1, sequence + 1)));
        Assert.All(await Task.WhenAll(answers), answer => Assert.True(answer.IsAppended));
        var events = await Log.ReadAsync("a", 0);
        Assert.Equal(Enumerable.Range(1, 500).Select(number => $"payload {number}"), events.Select(Text));
    }

    [StoreFact]
    public async Task Append_ManyWritersOfOneSweep_ExactlyOneWinsEachSequence()
    {
        await NewSweepAsync("a");
        async Task<int> WriteAsync(int writer)
        {
            var won = 0;
            long last = 1;
            while (last < 200)
            {
                var result = await Log.AppendAsync("a", last, [Event($"writer {writer}")]);
                won += result.IsAppended ? 1 : 0;
                last = result.LastSequence;
            }

            return won;
        }

        var wins = await Task.WhenAll(Enumerable.Range(0, 8).Select(WriteAsync));
        var events = await Log.ReadAsync("a", 0);
        Assert.Equal(
            Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(item => item.Sequence));
        Assert.Equal(events.Count - 1, wins.Sum());
        for (var writer = 0; writer < 8; writer++)
            Assert.Equal(wins[writer], events.Count(item => Text(item) == $"writer {writer}"));
    }

    [StoreFact]
    public async Task Append_ManySweepsAtOnce_EachHasItsOwnSequences()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async sweep =>
        {
            for (var sequence = 0; sequence < 20; sequence++)
                Assert.True((await Log.AppendAsync($"s{sweep}", sequence, [Event($"{sweep}/{sequence}")])).IsAppended);
        }));
        for (var sweep = 0; sweep < 50; sweep++)
            Assert.Equal(Enumerable.Range(0, 20).Select(n => $"{sweep}/{n}"),
                (await Log.ReadAsync($"s{sweep}", 0)).Select(Text));
    }

    [StoreFact]
    public async Task Read_InParts_GivesAllOnce()
    {
        await Log.AppendAsync("a", 0, Events(1000));
        await Log.AppendAsync("b", 0, Events(5));
        var texts = new List<string>();
        for (long after = 0; ;)
        {
            var part = await Log.ReadAsync("a", after, 77);
            if (part.Count == 0)
                break;
            Assert.InRange(part.Count, 1, 77);
            texts.AddRange(part.Select(Text));
            after = part[^1].Sequence;
        }

        Assert.Equal(Enumerable.Range(1, 1000).Select(number => $"payload {number}"), texts);
        Assert.Empty(await Log.ReadAsync("a", 1000));
        Assert.Empty(await Log.ReadAsync("nobody", 0));
    }

    [StoreTheory]
    [InlineData("")]
    [InlineData("line\nbreak")]
    [InlineData("nul\0")]
    public async Task Append_ImpossibleId_IsRefusedByName(string id)
    {
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => Log.AppendAsync(id, 0, Events(1)));
        Assert.Equal(ErrorKind.Usage, error.Kind);
        Assert.Contains("sweep id", error.Message, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task Append_OneImpossibleAmongMany_FailsAlone()
    {
        var good = Enumerable.Range(0, 20).Select(number => Log.AppendAsync($"good {number}", 0, Events(3))).ToList();
        var bad = Log.AppendAsync(new string('x', 201), 0, Events(1));
        await Assert.ThrowsAnyAsync<SweepsException>(() => bad);
        Assert.All(await Task.WhenAll(good), answer => Assert.True(answer.IsAppended));
    }

    [StoreFact]
    public async Task List_HeadersOfAppends_SortedAndFiltered()
    {
        await NewSweepAsync("old");
        await NewSweepAsync("low");
        await Log.AppendAsync(new SweepAppend("high", 0, Events(1)) { Header = new(true, 5, """{"name":"high"}""") });
        await Log.AppendAsync(new SweepAppend("done", 0, Events(1)) { Header = new(true, 9, "{}") });
        await Log.AppendAsync(new SweepAppend("done", 1, Events(1)) { Header = new(false, 9, """{"state":"done"}""") });
        await Log.AppendAsync("high", 1, Events(3));
        var all = await Log.ListAsync();
        Assert.Equal(["done", "high", "old", "low"], all.Select(sweep => sweep.Id));
        Assert.Equal(["high", "old", "low"], (await Log.ListAsync(openOnly: true)).Select(sweep => sweep.Id));
        var high = await Log.FindAsync("high");
        Assert.Equal(all[1], high);
        Assert.Equal(new SweepHeader(true, 5, """{"name":"high"}"""), high!.Header);
        Assert.Equal(4, high.LastSequence);
        Assert.True(high.Created <= high.LastWritten);
        Assert.Equal(SweepHeader.Default, all[2].Header);
    }

    [StoreFact]
    public async Task Append_ConflictWithHeader_LeavesTheHeader()
    {
        await NewSweepAsync("a");
        await Log.AppendAsync(new SweepAppend("a", 0, Events(1)) { Header = new(false, 1, "{}") });
        Assert.True((await Log.FindAsync("a"))!.Header.IsOpen);
    }

    [StoreFact]
    public async Task Append_PayloadChangedAfterAnswer_StoresTheOldOne()
    {
        var payload = Encoding.UTF8.GetBytes("before");
        await Log.AppendAsync("a", 0, [new NewEvent("T", payload)]);
        payload[0] = (byte)'X';
        Assert.Equal("before", Text((await Log.ReadAsync("a", 0))[0]));
    }
}
