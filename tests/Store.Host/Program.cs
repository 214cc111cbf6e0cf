using System.Globalization;
using System.Text;
using Sweeps.Core;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

// The process that tests kill. It appends to a sweep from several callers at once, groups of 1 to 5 events, and prints
// each acknowledged group as "FIRST LAST"; an event's payload is its sequence number. It enters a silo of its own
// number. Arguments: STORE [SWEEP [CALLERS]].
// STORE trade FOLD ROUNDS: saves the same four contents as others do under a name of its own, and reads them back.
// STORE read SWEEP: opens it for reading only and prints the number of events.
var sweep = args.Length > 1 ? args[1] : "sweep";
var callers = args.Length == 3 && sweep != "read" ? Number(args[2]) : 4;
try
{
    var access = sweep == "read" ? StoreAccess.ReadOnly : StoreAccess.ReadWrite;
    await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(args[0]), new() { Access = access });
    if (sweep == "read")
    {
        Console.WriteLine((await store.Log.ReadAsync(args[2], 0)).Count);
        return 0;
    }

    if (sweep == "trade")
    {
        await TradeAsync(store, Number(args[2]), Number(args[3]));
        return 0;
    }

    await store.Silos.RegisterAsync(new("host", $"{Environment.ProcessId}", Environment.MachineName, "1", 1, "f"));
    Console.WriteLine("open");
    await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => AppendAsync(store, caller))));
    return 0;
}
catch (SweepsException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return (int)error.Kind;
}

static async Task TradeAsync(ISweepStore store, int fold, int rounds)
{
    // Names that all go through the same four contents: each save removes what another may be saving.
    var key = new ArtifactKey(new TrialKey("traded", 0, fold), ArtifactKey.Checkpoint);
    for (var epoch = 1; epoch <= rounds; epoch++)
    {
        var content = new byte[1000 + (epoch % 4)];
        if (await store.Artifacts.SaveAsync(key, 1, epoch, content) is null)
            throw new InvalidOperationException("A save was fenced.");
        if (await store.Artifacts.ReadAsync(key) is not { } read || !read.AsSpan().SequenceEqual(content))
            throw new InvalidOperationException($"Epoch {epoch} is not what was saved.");
        if (epoch % 7 == 0)
            await store.Artifacts.PruneAsync(TimeSpan.FromMinutes(10));
    }

    await store.Artifacts.ReleaseAsync(key, 1);
}

async Task AppendAsync(ISweepStore store, int caller)
{
    for (long last = (await store.Log.FindAsync(sweep))?.LastSequence ?? 0, turn = caller; ; turn++)
    {
        var expected = last;
        var events = Enumerable.Range(1, 1 + (int)(turn % 5))
            .Select(offset => new NewEvent("Appended", Encoding.UTF8.GetBytes($"{expected + offset}")))
            .ToArray();
        var result = await store.Log.AppendAsync(sweep, expected, events);
        if (result.IsAppended)
            Console.WriteLine($"{expected + 1} {result.LastSequence}");
        last = result.LastSequence;
    }
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
