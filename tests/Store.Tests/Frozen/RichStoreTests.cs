using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Schedulers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Store.Tests.Postgres;
using Sweeps.Tests.Shared;

namespace Sweeps.Store.Tests.Frozen;

/// <summary>
/// Stores of the fifth version of a folder and the sixth of a database, by one program, with the same sweeps: 'narrow'
/// keeps its checkpoints over two repeats of two folds, 'wide' goes on from them, 'again' takes all of 'narrow' over,
/// 'rungs' breeds for two objectives and is decided in index order, 'own' trains a network of an assembly, 'cancelled'
/// never began, and 'cut' was killed in its first bracket (tests/EndToEnd.Tests finishes it). The digests of results
/// are what that program printed, so that both stores have the same; those of the events were taken without it. Blobs
/// are not here.
/// </summary>
[Collection("postgres")]
public sealed class RichStoreTests(PostgresFixture fixture)
{
    private static readonly Dictionary<string, string?> s_results = new()
    {
        ["again"] = "8d58d29a65cdf2ca0c78e5afd8ecd77b2991b0cc0d15e620b4912dad799216da",
        ["cancelled"] = null,
        ["cut"] = null,
        ["narrow"] = "8d58d29a65cdf2ca0c78e5afd8ecd77b2991b0cc0d15e620b4912dad799216da",
        ["own"] = "dc978f6c445efd8fb685a4673bdc37a38394eeeafb4697ff511abbac95b48618",
        ["rungs"] = "c2c48836e9a944dbe1dd700825c0829a42430a2d77b42b06358eef5147271416",
        ["wide"] = "352348b649dd9cccfd46f411f0a5f5b95a4c34551a2f3fa11273dbd2d284aa56",
    };

    [Fact]
    public async Task Open_FifthSqlite_ReadsTheSameEventsAndResults_AndGoesOn()
    {
        using var folder = new TemporaryFolder();
        File.Copy(PathOf("fifth.db"), folder.File("sweeps.db"));
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder.Path));
        await CheckAsync(store, new()
        {
            ["again"] = "aeeb8ff556a6d53d6f7e219d8eade928b3006e44059a7949a403d9cc13698b07",
            ["cancelled"] = "a1cfb00c3d6d8e8ff1f615860efc31d055dca9093f22c0d103b34501c9559ff4",
            ["cut"] = "394337dc6d663e82f349f7802d84bedb29b4e65557d5e9c528e359efe14aa3d3",
            ["narrow"] = "9934216eabc67053747feb88ea3523a46dba0efdb720cb4bdb6c8922b7ba1d8f",
            ["own"] = "cb3529a610ffb562ff38492f5cc57f01a8a948042f093adfbc9546e262541724",
            ["rungs"] = "08072f50a5639d33e134c7d2181c2b1391cd16f9066628fcf14d48de4b74bd52",
            ["wide"] = "b2ef22f4b713cabae354a8e4840e0ede984718cee633b09e80b7d75db2fcd568",
        });
        // This store has one more: brackets, on the engine that its file names.
        var bracket = await StateAsync(store, "bracket");
        Assert.Equal(EngineKind.Torch, bracket.Plan.Engine);
        Assert.Equal("66b835eec649132c55cc8c2ccb2824e94df73a1d7255f91fa4e0d2c2ad34ef4e", ResultsDigest.Of(bracket));
        Assert.Equal((RungOrder.Bracket, SweepStatus.Completed), (bracket.Plan.Schedule!.Order, bracket.Status));
    }

    [PostgresFact]
    public async Task Open_SixthPostgres_ReadsTheSameEventsAndResults_AndGoesOn()
    {
        var address = await fixture.Server.CreateDatabaseAsync();
        var database = address[(address.LastIndexOf('/') + 1)..];
        await fixture.Server.SqlFileAsync(PathOf("sixth.sql"), database);
        Assert.Equal("6", await fixture.Server.SqlAsync("SELECT max(version) FROM sweeps.migrations", database));
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        await CheckAsync(store, new()
        {
            ["again"] = "29de3769cad84f9aa4f53f24a776947f3ad9bfc9f311b032fb26d56227a6a1fa",
            ["cancelled"] = "411b2fc765db43a962d88a0552581bbcc55c3aec91b735b1c6eac52d40c1fe6b",
            ["cut"] = "d7c5c8d7163f66822ea480fd6242d4d0d54863e4fb4448cb2877f14ccafdf4f6",
            ["narrow"] = "daf722e83ffb2bf2a7100f7ad2fe37b17d8c71a683ed3541d405006c8d3b1db1",
            ["own"] = "17cc625f363513657f408b11e4acf37332d5982572e45f07e2ad2be161c99827",
            ["rungs"] = "26f512e546ffe7722f4d92360fe823cf9758dcf2738a20179e5802d33aad2317",
            ["wide"] = "ed2238442b8eb2ade72dd841e2eb0d5264e8cafab9beae4a66d041a538489dd1",
        });
    }

    private static async Task CheckAsync(ISweepStore store, Dictionary<string, string> eventDigests)
    {
        foreach (var (sweep, digest) in eventDigests)
        {
            var events = await store.Log.ReadAsync(sweep, 0);
            Assert.Equal((sweep, digest), (sweep, FrozenStoreTests.DigestOf(events)));
            var state = await StateAsync(store, sweep);
            if (s_results[sweep] is { } results)
                Assert.Equal((sweep, results), (sweep, ResultsDigest.Of(state)));
        }

        var (again, rungs) = (await StateAsync(store, "again"), await StateAsync(store, "rungs"));
        Assert.Equal((9, "narrow"), (again.Totals.Reused, again.SourceOf(again.Trials().First())!.Sweep));
        Assert.Equal((true, RungOrder.Index), (rungs.Plan.HasSeveralObjectives, rungs.Plan.Schedule!.Order));
        Assert.True(rungs.Totals.Stopped > 0);
        Assert.NotNull((await StateAsync(store, "own")).Plan.Assemblies);
        Assert.Equal(SweepStatus.Cancelled, (await StateAsync(store, "cancelled")).Status);
        Assert.Equal(SweepStatus.Running, (await StateAsync(store, "cut")).Status);
        Assert.Equal(4, (await StateAsync(store, "narrow")).Plan.TrialsPerConfiguration);
        var begun = (await EventsAsync(store, "wide")).OfType<TrialStarted>()
            .Where(started => started.Beginning is not null).ToList();
        Assert.Equal(9, begun.Count);
        Assert.All(begun, started => Assert.Equal(("narrow", 2), (started.Beginning!.Sweep, started.Beginning.Epochs)));
        var kept = (await store.Artifacts.ListAsync("narrow"))
            .Count(artifact => artifact.Key.Name == ArtifactKey.KeptCheckpoint);
        Assert.Equal(9, kept);

        // It goes on where it ended.
        var last = (await store.Log.ReadAsync("cut", 0)).Count;
        Assert.True((await store.Log.AppendAsync("cut", last, [new NewEvent("T", "{}"u8.ToArray())])).IsAppended);
    }

    private static async Task<SweepState> StateAsync(ISweepStore store, string sweep)
    {
        var state = new SweepState();
        foreach (var item in await EventsAsync(store, sweep))
            state.Evolve(item);
        return state;
    }

    private static async Task<List<SweepEvent>> EventsAsync(ISweepStore store, string sweep) =>
        [.. (await store.Log.ReadAsync(sweep, 0)).Select(item => SweepEventCodec.Decode(item.Type, item.Payload.Span))];

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Frozen", name);
}
