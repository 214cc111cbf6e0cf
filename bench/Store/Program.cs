using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sweeps.Core.Trainings;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

// Measures a store: durable appends with one and with many callers, reading a long log, size and statements a trial.
//   dotnet run -c Release --project bench/Store -- [STORE]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = Directory.CreateTempSubdirectory("sweeps-bench-").FullName;
var address = StoreAddress.Parse(args.Length > 0 ? args[0] : folder);
var run = Guid.NewGuid().ToString("n")[..8];
await using (var store = await StoreFactory.OpenAsync(address))
{
    Console.WriteLine($"store {address}");
    await AppendAsync(store, callers: 1, perAppend: 1, TimeSpan.FromSeconds(3));
    await AppendAsync(store, callers: 1, perAppend: 100, TimeSpan.FromSeconds(3));
    await AppendAsync(store, callers: 64, perAppend: 1, TimeSpan.FromSeconds(3));
    await AppendAsync(store, callers: 64, perAppend: 10, TimeSpan.FromSeconds(3));
    await ReadAsync(store, 200_000);
    await TrialsAsync(store, 20_000, epochs: 5);
}

var size = new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
if (args.Length == 0)
    Console.WriteLine($"database in all: {size / 1e6:0.0} MB");
Directory.Delete(folder, recursive: true);

// A payload as long as the serialised event of a completed trial.
NewEvent Event(int number) => new(
    "TrialCompleted",
    Encoding.UTF8.GetBytes(
        $$"""{"configuration":{{number}},"fold":3,"attempt":1,"metric":0.9731,"loss":0.0912,"seconds":1.2345}"""));

async Task AppendAsync(ISweepStore store, int callers, int perAppend, TimeSpan time)
{
    var watch = Stopwatch.StartNew();
    var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
    {
        var sweep = $"{run}-{callers}-{perAppend}-{caller}";
        var appends = 0;
        for (long last = 0; watch.Elapsed < time; appends++)
        {
            var events = new NewEvent[perAppend];
            for (var index = 0; index < perAppend; index++)
                events[index] = Event(appends);
            var result = await store.Log.AppendAsync(sweep, last, events);
            last = result.LastSequence;
        }

        return appends;
    })));
    var rate = counts.Sum() / watch.Elapsed.TotalSeconds;
    Console.WriteLine($"{callers,3} callers x {perAppend,3} events: {rate,10:N0} appends/s {rate * perAppend,10:N0} "
        + "events/s");
}

async Task ReadAsync(ISweepStore store, int count)
{
    var sweep = $"{run}-read";
    for (var from = 0; from < count; from += 5000)
        await store.Log.AppendAsync(sweep, from, [.. Enumerable.Range(from, 5000).Select(Event)]);
    for (var round = 0; round < 4; round++)
    {
        var watch = Stopwatch.StartNew();
        var whole = await store.Log.ReadAsync(sweep, 0);
        var all = watch.Elapsed;
        watch.Restart();
        var parts = 0;
        for (long after = 0; ;)
        {
            var part = await store.Log.ReadAsync(sweep, after, 10_000);
            if (part.Count == 0)
                break;
            after = part[^1].Sequence;
            parts += part.Count;
        }

        Console.WriteLine($"read {whole.Count:N0} events: {all.TotalMilliseconds:0} ms at once, "
            + $"{watch.Elapsed.TotalMilliseconds:0} ms in parts of 10,000 ({parts:N0})");
    }
}

async Task TrialsAsync(ISweepStore store, int trials, int epochs)
{
    var sweep = $"{run}-trials";
    var before = await SizeAsync();
    var asked = store.Statistics;
    var watch = Stopwatch.StartNew();
    long last = 0;
    for (var trial = 0; trial < trials; trial += 100)
    {
        NewEvent[] events = [.. Enumerable.Range(trial, 200).Select(Event)];
        var append = store.Log.AppendAsync(sweep, last, events);
        if (last == 0)
            await append;
        var metrics = store.Metrics.PutAsync(
        [
            .. from number in Enumerable.Range(trial, 100)
               from epoch in Enumerable.Range(1, epochs)
               select new MetricRow(new TrialKey(sweep, number / 5, number % 5), 1,
                   new EpochReport(epoch, 0.31, 0.91, 0.33, 0.9, 1.2, 0.1, 1.1, 48_000)),
        ]);
        last = (await append).LastSequence;
        await metrics;
    }

    Console.WriteLine($"trials of 2 events and {epochs} epochs, 100 an append: "
        + $"{trials / watch.Elapsed.TotalSeconds:N0} trials/s");
    var now = store.Statistics;
    Console.WriteLine(
        $"a trial: {(double)(now.Statements - asked.Statements) / trials:0.000} round trips, "
            + $"{(double)(now.Commits - asked.Commits) / trials:0.000} commits");
    var after = await SizeAsync();
    if (after > 0)
        Console.WriteLine($"size a trial: {(after - before) / (double)trials:0} bytes");
}

async Task<long> SizeAsync()
{
    await Task.Yield();
    return new DirectoryInfo(folder).EnumerateFiles("*.db*").Sum(file => file.Length);
}
