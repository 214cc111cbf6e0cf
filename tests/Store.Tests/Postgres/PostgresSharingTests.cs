using System.Diagnostics;
using System.Text;
using Sweeps.Core;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Postgres;

/// <summary>
/// Several stores on one database, as the silos of a cluster have: wake-ups, conflicts, statements, a shared folder.
/// </summary>
[Collection("postgres")]
public sealed class PostgresSharingTests(PostgresFixture fixture) : IAsyncLifetime
{
    private string _address = "";

    public async Task InitializeAsync()
    {
        if (PostgresServer.SkipReason is null)
            _address = await fixture.Server.CreateDatabaseAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [PostgresFact]
    public async Task WaitForChange_AppendOfAnotherProcess_ArrivesWithin100Milliseconds()
    {
        // Without polling: a notification that got lost is a failure here, not a delay.
        var options = new StoreOptions { PollInterval = TimeSpan.FromHours(1) };
        await using var writing = await OpenAsync(options);
        await using var waiting = await OpenAsync(options);
        await AppendAsync(writing, "a", 0);
        var (appends, delays) = (new List<double>(), new List<double>());
        for (var round = 1; round <= 60; round++)
        {
            var mark = waiting.Changes.Mark("a");
            var wait = waiting.Changes.WaitAsync("a", mark, TimeSpan.FromSeconds(20));
            var watch = Stopwatch.StartNew();
            await AppendAsync(writing, "a", round);
            appends.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
            Assert.True(await wait);
            delays.Add(watch.Elapsed.TotalMilliseconds);
        }

        // Medians: a busy machine may hold up a single one. Where it holds up all, the appends tell by how much: one
        // takes some 3 ms on a machine of its own.
        Assert.InRange(Median(delays), 0, Math.Max(100, 30 * Median(appends)));

        static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }

    [PostgresFact]
    public async Task WaitForChange_SilosAndManySweepsOfAnotherProcess_Arrive()
    {
        await using var writing = await OpenAsync();
        await using var waiting = await OpenAsync();
        var (silos, last) = (waiting.Changes.Mark(ChangeTopics.Silos), waiting.Changes.Mark("sweep number 499"));
        await writing.Silos.RegisterAsync(new SiloRegistration("a", "a#1", "h", "1", 1, "f"));
        Assert.True(await waiting.Changes.WaitAsync(ChangeTopics.Silos, silos, TimeSpan.FromSeconds(20)));
        // More names than a notice can hold: the others are told that anything may have changed.
        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => AppendAsync(writing, $"sweep number {n}", 0)));
        Assert.True(await waiting.Changes.WaitAsync("sweep number 499", last, TimeSpan.FromSeconds(20)));
    }

    [PostgresFact]
    public async Task WaitForChange_NotificationsLost_PollingFindsTheChange()
    {
        await using var waiting = await OpenAsync(new StoreOptions { PollInterval = TimeSpan.FromMilliseconds(200) });
        await using var writing = await OpenAsync(new StoreOptions { NotifyInterval = TimeSpan.FromHours(1) });
        await AppendAsync(writing, "a", 0);
        var mark = waiting.Changes.Mark("a");
        await AppendAsync(writing, "a", 1);
        Assert.True(await waiting.Changes.WaitAsync("a", mark, TimeSpan.FromSeconds(20)));
    }

    [PostgresFact]
    public async Task Statements_IdleStore_AreNextToNone()
    {
        await using var store = await OpenAsync();
        await AppendAsync(store, "a", 0);
        var before = store.Statistics.Statements;
        Assert.False(await store.Changes.WaitAsync("nothing", store.Changes.Mark("nothing"), TimeSpan.FromSeconds(2)));
        Assert.InRange(store.Statistics.Statements - before, 0, 1);
    }

    [PostgresFact]
    public async Task Statements_AppendAlone_IsOneRoundTrip()
    {
        await using var store = await OpenAsync(new StoreOptions { NotifyInterval = TimeSpan.FromHours(1) });
        await AppendAsync(store, "a", 0);
        var before = store.Statistics;
        for (var last = 1; last <= 20; last++)
            await AppendAsync(store, "a", last);
        Assert.Equal(
            (20, 20), (store.Statistics.Statements - before.Statements, store.Statistics.Commits - before.Commits));
    }

    [PostgresFact]
    public async Task Statements_ManyAppendsAtOnce_ShareRoundTrips()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => AppendAsync(store, $"s{n}", 0)));
        Assert.InRange(store.Statistics.Commits, 1, 50);
    }

    [PostgresFact]
    public async Task Append_StoresRacingOnSweeps_ExactlyOneWinsEachSequence()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
        async Task<int> WriteAsync(ISweepStore store, string sweep, int writer)
        {
            var won = 0;
            for (long last = 0; last < 100;)
            {
                var result = await store.Log.AppendAsync(
                    sweep, last, [new NewEvent($"W{writer}", Encoding.UTF8.GetBytes($"{last + 1}"))]);
                won += result.IsAppended ? 1 : 0;
                last = result.LastSequence;
            }

            return won;
        }

        // Each store writes to all sweeps, in different orders: groups that lock several rows must not deadlock.
        var runs = from sweep in Enumerable.Range(0, 6)
                   from writer in Enumerable.Range(0, stores.Length)
                   select (Sweep: sweep, Writer: writer);
        var wins = await Task.WhenAll(runs.Select(async run =>
            (run.Sweep, run.Writer,
                Won: await WriteAsync(stores[run.Writer], $"s{(run.Sweep * (run.Writer + 1)) % 7}", run.Writer))));
        foreach (var group in wins.GroupBy(run => $"s{(run.Sweep * (run.Writer + 1)) % 7}"))
        {
            var events = await stores[0].Log.ReadAsync(group.Key, 0);
            Assert.Equal(events.Count, group.Sum(run => run.Won));
            Assert.All(events, item => Assert.Equal($"{item.Sequence}", Encoding.UTF8.GetString(item.Payload.Span)));
            foreach (var (_, writer, _) in group)
                Assert.Equal(events.Count(item => item.Type == $"W{writer}"),
                    group.Where(run => run.Writer == writer).Sum(run => run.Won));
        }

        foreach (var store in stores)
            await store.DisposeAsync();
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SaveArtifact_StoresTradingTheSameContents_NeverLoseAReferredOne(bool inFolder)
    {
        using var folder = new TemporaryFolder();
        var address = inFolder ? $"{_address}?artifacts={folder.Path}" : _address;
        var stores = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => StoreFactory.OpenAsync(StoreAddress.Parse(address))));
        await AppendAsync(stores[0], "a", 0);
        await Task.WhenAll(stores.Select((store, fold) => Task.Run(async () =>
        {
            // Three names that all go through the same four contents: each save removes what another may be saving.
            var key = new ArtifactKey(new TrialKey("a", 0, fold), ArtifactKey.Checkpoint);
            for (var epoch = 1; epoch <= 40; epoch++)
            {
                var content = new byte[1000 + epoch % 4];
                Assert.NotNull(await store.Artifacts.SaveAsync(key, 1, epoch, content));
                Assert.Equal(content, await store.Artifacts.ReadAsync(key));
            }
        })));
        foreach (var reference in await stores[0].Artifacts.ListAsync("a"))
            await stores[0].Artifacts.ReleaseAsync(reference.Key, 1);
        if (inFolder)
            Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
        var database = _address[(_address.LastIndexOf('/') + 1)..];
        Assert.Equal("0", await fixture.Server.SqlAsync("SELECT count(*) FROM sweeps.blobs", database));
        Assert.Equal("0", await fixture.Server.SqlAsync("SELECT count(*) FROM sweeps.blob_chunks", database));
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    [PostgresFact]
    public async Task ReadArtifact_SharedFolderNotNamed_SaysWhatToAdd()
    {
        using var folder = new TemporaryFolder();
        await using var with = await StoreFactory.OpenAsync(StoreAddress.Parse($"{_address}?artifacts={folder.Path}"));
        await AppendAsync(with, "a", 0);
        var key = new ArtifactKey(new TrialKey("a", 0, 0), ArtifactKey.Model);
        await with.Artifacts.SaveAsync(key, 1, 1, [1, 2, 3]);
        Assert.Equal([1, 2, 3], await with.Artifacts.ReadAsync(key));
        await using var without = await OpenAsync();
        var error = await Assert.ThrowsAnyAsync<SweepsException>(() => without.Artifacts.ReadAsync(key));
        Assert.Contains("?artifacts=FOLDER", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAnyAsync<SweepsException>(() => without.Artifacts.CheckAsync());
        Assert.Contains("?artifacts=FOLDER", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task CheckArtifacts_FolderThatTheOthersDoNotUse_OrThatCannotBeWritten_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var here = await StoreFactory.OpenAsync(StoreAddress.Parse($"{_address}?artifacts={folder.Path}"));
        await AppendAsync(here, "a", 0);
        await here.Artifacts.CheckAsync();
        var key = new ArtifactKey(new TrialKey("a", 0, 0), ArtifactKey.Checkpoint);
        await here.Artifacts.SaveAsync(key, 1, 1, [1, 2, 3]);
        await here.Artifacts.CheckAsync();

        var unmounted = Path.Combine(other.Path, "unmounted");
        await using (var there = await StoreFactory.OpenAsync(StoreAddress.Parse($"{_address}?artifacts={unmounted}")))
        {
            var error = await Assert.ThrowsAnyAsync<SweepsException>(() => there.Artifacts.CheckAsync());
            Assert.Contains(unmounted, error.Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(unmounted), "looking made the folder");
        }

        var file = Path.Combine(other.Path, "file");
        await File.WriteAllTextAsync(file, "no folder");
        await here.Artifacts.ReleaseAsync(key, 1);
        await using (var there = await StoreFactory.OpenAsync(StoreAddress.Parse($"{_address}?artifacts={file}")))
        {
            var error = await Assert.ThrowsAnyAsync<SweepsException>(() => there.Artifacts.CheckAsync());
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Files lost are damage, which costs epochs; it is the right folder all the same.</summary>
    [PostgresFact]
    public async Task CheckArtifacts_FolderWhoseFilesWereLost_IsStillTheFolder()
    {
        using var folder = new TemporaryFolder();
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse($"{_address}?artifacts={folder.Path}"));
        await AppendAsync(store, "a", 0);
        await store.Artifacts.SaveAsync(
            new ArtifactKey(new TrialKey("a", 0, 0), ArtifactKey.Checkpoint), 1, 1, [1, 2, 3]);
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
            File.Delete(file);

        await store.Artifacts.CheckAsync();
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PruneArtifacts_BlobsWithoutAName_AreRemovedAndCountedOnce(bool inFolder)
    {
        using var folder = new TemporaryFolder();
        var address = inFolder ? $"{_address}?artifacts={folder.Path}" : _address;
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        await AppendAsync(store, "a", 0);
        var (kept, lost) = (new ArtifactKey(new TrialKey("a", 0, 0), "kept"), new ArtifactKey(new("a", 0, 0), "lost"));
        await store.Artifacts.SaveAsync(kept, 1, 1, new byte[10]);
        await store.Artifacts.SaveAsync(lost, 1, 1, new byte[7]);
        await fixture.Server.SqlAsync(
            "DELETE FROM sweeps.artifacts WHERE name = 'lost'", _address[(_address.LastIndexOf('/') + 1)..]);
        var young = new PruneReport { Referred = new(1, 10), Recent = new(1, 7) };
        Assert.Equal(young, await store.Artifacts.PruneAsync(TimeSpan.FromMinutes(10)));
        var removed = new PruneReport(1, 7) { Referred = new(1, 10) };
        Assert.Equal(removed, await store.Artifacts.PruneAsync(TimeSpan.FromMinutes(-1)));
        Assert.Equal(new byte[10], await store.Artifacts.ReadAsync(kept));
    }

    [PostgresTheory]
    [InlineData("UPDATE sweeps.events SET type = 'Other'")]
    [InlineData("DELETE FROM sweeps.events")]
    [InlineData("TRUNCATE sweeps.events")]
    [InlineData("UPDATE sweeps.sweeps SET last_sequence = 1")]
    [InlineData("UPDATE sweeps.sweeps SET last_sequence = 0")]
    public async Task Schema_ForbiddenChange_IsRefusedByTheDatabaseItself(string sql)
    {
        await using var store = await OpenAsync();
        await AppendAsync(store, "a", 0);
        await AppendAsync(store, "a", 1);
        var database = _address[(_address.LastIndexOf('/') + 1)..];
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.Server.SqlAsync(sql, database));
        Assert.Equal(2, (await store.Log.ReadAsync("a", 0)).Count);
    }

    private static async Task AppendAsync(ISweepStore store, string sweep, long expected) =>
        Assert.True((await store.Log.AppendAsync(sweep, expected, [new NewEvent("T", default)])).IsAppended);

    private Task<ISweepStore> OpenAsync(StoreOptions? options = null) =>
        StoreFactory.OpenAsync(StoreAddress.Parse(_address), options);
}
