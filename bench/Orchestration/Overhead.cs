using System.Diagnostics;
using Sweeps.Silo;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests;

namespace Sweeps.Bench.Orchestration;

/// <summary>
/// What orchestration adds to trials that last: the wall time of a sweep whose trainings take a second of a slot,
/// against the same trainings one after the other.
/// </summary>
internal static class Overhead
{
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(int trials)
    {
        var folder = Directory.CreateTempSubdirectory("sweeps-bench-").FullName;
        try
        {
            long idle = 0;
            var trained = 0;
            long last = 0;
            var trainer = new NoOpTrainer
            {
                BeforeEpoch = (_, _, _) =>
                {
                    var start = Stopwatch.GetTimestamp();
                    if (trained++ > 0)
                        idle += start - last;
                    Busy(start);
                    last = Stopwatch.GetTimestamp();
                },
            };
            await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder));
            await using var silo = await SiloHost.StartAsync(
                store, trainer, new("bench"), NoOpSweep.SearcherOf, new SiloSettings { Slots = 1 });
            await NoOpSweep.SubmitAsync(silo, NoOpSweep.Plan("overhead", Math.Max(5, trials / 5 * 5)));
            await NoOpSweep.EndAsync(store, "overhead");
            var each = (double)idle / Stopwatch.Frequency / (trained - 1);
            Console.WriteLine(
                $"between two trials of {Trial.TotalSeconds:0} s a slot waits {1000 * each:0.00} "
                    + $"ms: {100 * each / Trial.TotalSeconds:0.00} % "
                + $"over the bare training ({trained} trials)");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Computing, not sleeping: a slot's thread holds its core as a training does.
    private static void Busy(long start)
    {
        while (Stopwatch.GetElapsedTime(start) < Trial)
            Thread.SpinWait(100);
    }
}
