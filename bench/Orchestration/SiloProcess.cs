using Sweeps.Silo;
using Sweeps.Silo.Hosting;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests;

namespace Sweeps.Bench.Orchestration;

/// <summary>One silo of the shared-store measurement, as a process of its own: ends when its standard input
/// does.</summary>
internal static class SiloProcess
{
    public static async Task<int> RunAsync(string address, string name)
    {
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(address));
        await using var silo = await SiloHost.StartAsync(
            store, new NoOpTrainer(), new("bench"), NoOpSweep.SourceOf, new SiloSettings { Name = name, Slots = 2 });
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
