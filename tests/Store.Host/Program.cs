using System.Globalization;
using System.Text;
using Sweeps.Core;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

// The process that tests kill. It appends to a sweep from several callers at once, groups of 1 to 5 events, and prints
// each acknowledged group as "FIRST LAST"; an event's payload is its sequence number.
// Arguments: STORE [SWEEP [CALLERS]].
var sweep = args.Length > 1 ? args[1] : "sweep";
var callers = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 4;
try
{
    await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(args[0]));
    Console.WriteLine("open");
    await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => AppendAsync(store, caller))));
    return 0;
}
catch (SweepsException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return (int)error.Kind;
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
