using System.Globalization;
using Sweeps.Bench.Orchestration;

// What orchestration costs: dotnet run -c Release --project bench/Orchestration [-- --smoke] [-- --no-reuse]
// [-- --store postgres://...]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["silo", var store, var name])
    return await SiloProcess.RunAsync(store, name);
NoOpSweep.Reuses = !args.Contains("--no-reuse");
var smoke = args.Contains("--smoke");
var shared = args.SkipWhile(argument => argument != "--store").Skip(1).FirstOrDefault();
if (shared is not null)
{
    foreach (var silos in (int[])(smoke ? [1, 2] : [1, 2, 4, 8]))
        await SharedStore.RunAsync(shared, silos, smoke ? 2_000 : 100_000);
    return 0;
}

await Throughput.RunAsync(smoke ? 2_000 : 100_000);
await Overhead.RunAsync(smoke ? 4 : 40);
return 0;
