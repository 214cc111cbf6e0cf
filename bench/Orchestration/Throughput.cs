using System.Diagnostics;
using Sweeps.Silo;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests;

namespace Sweeps.Bench.Orchestration;

/// <summary>
/// Durable trials a second on SQLite through the real grains and worker, with a trainer that does nothing; whether the
/// time of a trial stays flat; how long a sweep of that size takes to open and what memory it holds.
/// </summary>
internal static class Throughput
{
    private const int Tenths = 10;

    /// <summary>Measures in a folder.</summary>
    /// <param name="trials">Trials of the sweep.</param>
    /// <param name="kept">A folder that stays, for other programs to look at; a sweep that is there already, of a
    /// process that was killed, goes on. Null: one that goes.</param>
    public static async Task RunAsync(int trials, string? kept = null)
    {
        var folder = kept ?? Directory.CreateTempSubdirectory("sweeps-bench-").FullName;
        try
        {
            await TrainAsync(folder, trials);
            Console.WriteLine($"  {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB resident at most");
            await OpenAsync(folder, trials);
        }
        finally
        {
            if (kept is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TrainAsync(string folder, int trials)
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder));
        await using var silo = await SiloHost.StartAsync(
            store, new NoOpTrainer(), new("bench"), NoOpSweep.SearcherOf, new SiloSettings { Slots = 2 });
        var clock = Stopwatch.StartNew();
        var marks = new List<double> { 0 };
        // Two events a trial: started, completed.
        void Mark(long sequence)
        {
            while (marks.Count <= Tenths && sequence >= 2L * trials * marks.Count / Tenths)
                marks.Add(clock.Elapsed.TotalSeconds);
        }

        var before = (await store.Log.FindAsync("noop"))?.LastSequence ?? 0;
        if (before == 0)
            await NoOpSweep.SubmitAsync(silo, NoOpSweep.Plan("noop", trials));
        await NoOpSweep.EndAsync(store, "noop", sequence =>
        {
            if (sequence > before && before > 0)
                Console.WriteLine(
                    $"  went on after {before:N0} events: {clock.Elapsed.TotalSeconds:0.00} s to the next");
            before = sequence > before ? 0 : before;
            Mark(sequence);
        });
        var seconds = clock.Elapsed.TotalSeconds;
        Console.WriteLine(
            $"durable no-op trials on SQLite: {trials / seconds:N0} a second ({trials:N0} in {seconds:0.00} s)");
        var tenths = marks.Zip(marks.Skip(1)).Select(pair => 1e6 * (pair.Second - pair.First) * Tenths / trials);
        Console.WriteLine(
            $"  microseconds a trial, by tenths: {string.Join(" ", tenths.Select(value => $"{value:0}"))}");
    }

    private static async Task OpenAsync(string folder, int trials)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder));
        var state = await NoOpSweep.ReadAsync(store, "noop");
        clock.Stop();
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        var audit = state.Audit();
        Console.WriteLine(
            $"opening it again: {clock.Elapsed.TotalSeconds:0.00} s for {state.Sequence:N0} events, {held / 1e6:0} "
                + $"MB held, "
            + $"{Environment.WorkingSet / 1e6:0} MB resident; planned {audit.Planned}, completed {audit.Completed}, "
                + $"unique {audit.Unique}");
        if (!audit.Holds || audit.Completed != trials)
            throw new InvalidOperationException("The audit does not hold.");
        GC.KeepAlive(state);
    }
}
