using System.Diagnostics;
using Sweeps.Core.Log;
using Sweeps.Grains.Coordination;
using Sweeps.Silo;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests;

namespace Sweeps.Bench.Orchestration;

/// <summary>Durable no-op trials a second through one PostgreSQL with several silo processes.</summary>
internal static class SharedStore
{
    /// <summary>Most trials of each silo before the measurement: until then its code is being compiled.</summary>
    private const int WarmUp = 15_000;

    public static async Task RunAsync(string address, int silos, int trials)
    {
        var id = $"bench-{Environment.ProcessId}-{silos}";
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        var processes = Enumerable.Range(0, silos).Select(index => Start(address, $"bench-{index}")).ToList();
        foreach (var process in processes)
            await process.StandardOutput.ReadLineAsync();
        await TrainAsync(store, $"{id}-warm", silos * Math.Min(WarmUp, trials));
        var started = processes.Sum(process => process.TotalProcessorTime.TotalSeconds);
        var clock = Stopwatch.StartNew();
        await TrainAsync(store, id, trials);
        var seconds = clock.Elapsed.TotalSeconds;
        var processor = processes.Sum(process => process.TotalProcessorTime.TotalSeconds) - started;
        foreach (var process in processes)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        SweepAudit audit = (await NoOpSweep.ReadAsync(store, id)).Audit();
        Console.WriteLine(
            $"durable no-op trials on PostgreSQL, {silos} silo processes: {trials / seconds:N0} a second "
                + $"({trials:N0} in {seconds:0.00} s), {1e6 * processor / trials:0} microseconds of the silos' "
            + "processors a trial; "
            + $"planned {audit.Planned}, completed {audit.Completed}, unique {audit.Unique}, retried {audit.Retried}");
    }

    private static async Task TrainAsync(ISweepStore store, string id, int trials)
    {
        var coordinator = new SweepCoordinator(id, store, NoOpSweep.SearcherOf, new(store, TimeProvider.System));
        await coordinator.ExecuteAsync([new SubmitSweep(NoOpSweep.Plan(id, trials))]);
        await NoOpSweep.EndAsync(store, id);
    }

    private static Process Start(string address, string name)
    {
        var program = Environment.ProcessPath!;
        // Started as 'dotnet X.dll', the program is the first word.
        string[] own =
            Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return Process.Start(new ProcessStartInfo(program, [.. own, "silo", address, name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }
}

/// <summary>One silo of the shared-store measurement, as a process of its own: ends when its standard input
/// does.</summary>
internal static class SiloProcess
{
    public static async Task<int> RunAsync(string address, string name)
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        await using var silo = await SiloHost.StartAsync(
            store, new NoOpTrainer(), new("bench"), NoOpSweep.SearcherOf, new SiloSettings { Name = name, Slots = 2 });
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
