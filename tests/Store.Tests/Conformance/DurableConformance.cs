using Sweeps.Store.Contract;

namespace Sweeps.Store.Tests.Conformance;

/// <summary>What stores that outlive their process promise besides.</summary>
public abstract class DurableConformance : StoreConformance
{
    [StoreFact]
    public async Task Reopen_AfterClose_EverythingIsThere()
    {
        await Log.AppendAsync(new SweepAppend("a", 0, Events(300)) { Header = new(true, 3, """{"n":1}""") });
        var row = new MetricRow(new TrialKey("a", 1, 2), 1, Report(1));
        await Store.Metrics.PutAsync([row]);
        var key = new ArtifactKey(row.Trial, ArtifactKey.Model);
        var saved = await Store.Artifacts.SaveAsync(key, 1, 1, [1, 2, 3]);
        var (events, summary) = (await Log.ReadAsync("a", 0), await Log.FindAsync("a"));
        await ReopenAsync();
        Assert.Equal(events.Select(item => (item.Sequence, item.At, item.Type, Text(item))),
            (await Log.ReadAsync("a", 0)).Select(item => (item.Sequence, item.At, item.Type, Text(item))));
        Assert.Equal(summary, await Log.FindAsync("a"));
        Assert.Equal([row], await Store.Metrics.ReadAsync("a"));
        Assert.Equal(saved, await Store.Artifacts.FindAsync(key));
        Assert.Equal([1, 2, 3], await Store.Artifacts.ReadAsync(key));
        Assert.True((await Log.AppendAsync("a", 300, Events(1))).IsAppended);
    }

    [StoreFact]
    public async Task Describe_AsContentGrows_TellsTheSchemaAndASizeThatGrows()
    {
        await Log.AppendAsync("a", 0, Events(1));
        var before = await Store.DescribeAsync();
        await Log.AppendAsync("a", 1, Events(20_000));
        var after = await Store.DescribeAsync();

        Assert.NotNull(before);
        Assert.NotNull(after);
        Assert.True(before.SchemaVersion >= 2);
        Assert.Equal(before.SchemaVersion, after.SchemaVersion);
        // A checksum alone has four bytes.
        Assert.True(after.Bytes >= before.Bytes + (20_000 * 4), $"{before.Bytes} and {after.Bytes}");
    }

    [StoreFact]
    public async Task Close_WithWritesOnTheirWay_AnswersThemAll()
    {
        var answers = Enumerable.Range(0, 200).Select(sweep => Log.AppendAsync($"s{sweep}", 0, Events(2))).ToList();
        await Store.DisposeAsync();
        Assert.All(await Task.WhenAll(answers), answer => Assert.True(answer.IsAppended));
        Store = await OpenAsync();
        Assert.Equal(200, (await Log.ListAsync()).Count);
    }

    [StoreFact]
    public async Task Append_AfterClose_IsAClearError()
    {
        await Store.DisposeAsync();
        var error = await Assert.ThrowsAnyAsync<Core.SweepsException>(() => Log.AppendAsync("a", 0, Events(1)));
        Assert.Contains("closed", error.Message, StringComparison.Ordinal);
        Store = await OpenAsync();
    }

    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }
}
