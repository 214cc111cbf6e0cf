using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Tests.Postgres;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Frozen;

/// <summary>
/// Stores that an earlier program wrote stay readable. first.db and first.sql (a dump without the blobs) were written
/// by the first version of the schema: 'frozen' ran through; 'rough' was killed and gone on with, and half of its
/// trials diverged; 'steered' was interrupted, paused, given a priority and one more configuration, and cancelled. The
/// digests of the events were taken from the files without this program; second.sql is what the second version of the
/// schema adds to first.sql. A new version of the schema or of an event adds a store to this folder and leaves these as
/// they are.
/// </summary>
[Collection("postgres")]
public sealed class FrozenStoreTests(PostgresFixture fixture)
{
    private const string Frozen = "f178df74502984733c0f60fbfb04fcbcd8b897a80b7bd8f5a3b2df4e4503405d";
    private const string Rough = "d9760158f12cf09659a1e10e00f884401693e754a95f78411297c0cfae27512b";

    private const string Wide = "85e7bbb97f42aea7148ccde1b06a314653fe937f4fa05c0fba779294d3409fd2";

    [Fact]
    public async Task Open_FirstSqlite_ReadsTheSameEventsAndResults()
    {
        using var folder = new TemporaryFolder();
        File.Copy(PathOf("first.db"), folder.File("sweeps.db"));
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder.Path));
        await CheckAsync(
            store,
            new("frozen", 17, "2fa7964396f55d93007de803ec18879172326f2c8496a0703a455ae503957fa4", 10, 1, Frozen),
            new("rough", 21, "20be5a7f3b61353d0a9727230a93b94195ba199881621bd9682d82f256581bbb", 75, 1, Rough),
            new("steered", 11, "1c7023a55d57941c44f5d4e2ef645df9086a84a2cb2622482fc1151a13f99642", 11, 2, null));
    }

    /// <summary>
    /// fourth.db was written by the fourth version: 'wide' took over what 'narrow' trained. Nobody entered then what
    /// the results share, so that they must be found whatever is asked for.
    /// </summary>
    [Fact]
    public async Task Open_FourthSqlite_FindsItsResultsThoughTheirBasisIsNotKnown()
    {
        using var folder = new TemporaryFolder();
        File.Copy(PathOf("fourth.db"), folder.File("sweeps.db"));
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder.Path));
        var events = await store.Log.ReadAsync("wide", 0);
        var state = new SweepState();
        foreach (var item in events)
            state.Evolve(SweepEventCodec.Decode(item.Type, item.Payload.Span));
        Assert.Equal((6, 4), (state.Totals.Completed, state.Totals.Reused));
        Assert.Equal(Wide, ResultsDigest.Of(state));
        await FindAllAsync(store, state);
        Assert.Equal(12, (await store.Metrics.ReadAsync("wide")).Count);
    }

    /// <summary>
    /// fifth.sql is the same sweeps by the fourth of a folder and the fifth of a database. A user that the owner let
    /// use the tables works with those that the sixth version adds.
    /// </summary>
    [PostgresFact]
    public async Task Open_FifthPostgres_FindsItsResults_AndWhoHadRightsHasThem()
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        var database = address[(address.LastIndexOf('/') + 1)..];
        await fixture.Server.SqlAsync(await File.ReadAllTextAsync(PathOf("fifth.sql")), database);
        Assert.Equal("5", await fixture.Server.SqlAsync("SELECT max(version) FROM sweeps.migrations", database));
        var user = $"user_{database}";
        await fixture.Server.SqlAsync(
            $"CREATE ROLE {user} LOGIN PASSWORD 'simple'; GRANT USAGE ON SCHEMA sweeps TO {user};"
                + $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sweeps TO {user};"
                + $"GRANT USAGE ON ALL SEQUENCES IN SCHEMA sweeps TO {user}",
            database);
        await (await StoreFactory.OpenAsync(StoreAddress.Parse(address))).DisposeAsync();
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(
            $"postgres://{user}:simple@127.0.0.1:{fixture.Server.Port}/{database}"));
        var state = new SweepState();
        foreach (var item in await store.Log.ReadAsync("wide", 0))
            state.Evolve(SweepEventCodec.Decode(item.Type, item.Payload.Span));
        Assert.Equal(Wide, ResultsDigest.Of(state));
        var append = new SweepAppend("own", 0, [new("T", "{}"u8.ToArray())])
        {
            Results = [new(0, new string('a', 64), "2", 2)],
            Basis = new string('b', 64),
        };
        Assert.True((await store.Log.AppendAsync(append)).IsAppended);
        Assert.True(await store.Log.HasResultsAsync(new string('b', 64), "narrow"));
        await FindAllAsync(store, state);
    }

    private static async Task FindAllAsync(ISweepStore store, SweepState state)
    {
        var courses = new CourseBook();
        foreach (var trial in state.Trials())
        {
            var course = courses.Of(state.Plan, state.RequestOf(trial), state.Fingerprint)!;
            var found = await store.Log.FindResultsAsync([new(course, "2")]);
            Assert.Equal(state.SourceOf(trial) is null ? 1 : 2, found.Count);
        }

        Assert.True(await store.Log.HasResultsAsync(new string('1', 64), "narrow"));
        Assert.True(await store.Log.HasResultsAsync(new string('1', 64), "wide"));
        await store.Log.DeleteAsync("narrow");
        Assert.False(await store.Log.HasResultsAsync(new string('1', 64), "wide"));
    }

    [PostgresTheory]
    [InlineData("first.sql")]
    [InlineData("first.sql", "second.sql")]
    public async Task Open_EarlierPostgres_ReadsTheSameEventsAndResults(params string[] files)
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        var database = address[(address.LastIndexOf('/') + 1)..];
        foreach (var file in files)
            await fixture.Server.SqlAsync(await File.ReadAllTextAsync(PathOf(file)), database);
        Assert.Equal(
            $"{files.Length}", await fixture.Server.SqlAsync("SELECT max(version) FROM sweeps.migrations", database));
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        await CheckAsync(
            store,
            new("frozen", 17, "cd9bd78335323ecfa3fa0ec50b016f30906d7c25b6f9e70ec97decf33c2719d6", 10, 1, Frozen),
            new("rough", 21, "b5818d1a1bade85844d94655c2a196cefc2f16389eca611b549c5bcb80273085", 75, 1, Rough),
            new("steered", 11, "e24780bcab858887fd8ed3dd74d9da3e9939e10c0d0bf416fc74a6c25625bb87", 3, 2, null));
        // The third version's addition.
        var authority = await ((ISharedStore)store).Authorities.GetOrAddAsync(
            "c", _ => new(new byte[] { 1 }, new byte[] { 2 }));
        Assert.Equal([1], authority.Key.Certificate.ToArray());
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Frozen", name);

    private static async Task CheckAsync(ISweepStore store, params Expected[] sweeps)
    {
        Assert.Equal(sweeps.Select(sweep => sweep.Id), (await store.Log.ListAsync()).Select(sweep => sweep.Id));
        foreach (var sweep in sweeps)
        {
            var events = await store.Log.ReadAsync(sweep.Id, 0);
            Assert.Equal((sweep.Events, sweep.EventDigest), (events.Count, DigestOf(events)));
            Assert.Equal(sweep.Metrics, (await store.Metrics.ReadAsync(sweep.Id)).Count);
            Assert.Equal(sweep.Artifacts, (await store.Artifacts.ListAsync(sweep.Id)).Count);
            var state = new SweepState();
            foreach (var item in events)
                state.Evolve(SweepEventCodec.Decode(item.Type, item.Payload.Span));
            if (sweep.ResultsDigest is not null)
                Assert.Equal(sweep.ResultsDigest, ResultsDigest.Of(state));
            Assert.Equal(sweep.ResultsDigest is null ? SweepStatus.Cancelled : SweepStatus.Completed, state.Status);
            await AppendOneAsync(store, sweep);
        }

        var silos = await store.Silos.ListAsync();
        Assert.Equal(4, silos.Count);
        Assert.Equal(3, silos.Count(silo => silo.State == SiloState.Left));
    }

    private static async Task AppendOneAsync(ISweepStore store, Expected sweep)
    {
        var append = await store.Log.AppendAsync(sweep.Id, sweep.Events, [new NewEvent("T", "{}"u8.ToArray())]);
        Assert.Equal((true, sweep.Events + 1), (append.IsAppended, append.LastSequence));
    }

    internal static string DigestOf(IEnumerable<StoredEvent> events)
    {
        var lines = events.Select(item => string.Create(
            CultureInfo.InvariantCulture,
            $"{item.Sequence} {StoreClock.ToMicroseconds(item.At)} {item.Type} ")
            + Convert.ToHexStringLower(item.Payload.Span) + "\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    private sealed record Expected(
        string Id, int Events, string EventDigest, int Metrics, int Artifacts, string? ResultsDigest);
}
