using System.Globalization;
using Sweeps.Bench.Orchestration;

// What orchestration costs: dotnet run -c Release --project bench/Orchestration [-- --smoke] [-- --no-reuse]
// [-- --trials 30000] [-- --folder KEPT] [-- --store postgres://... [--silos 4]]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["silo", var store, var name])
    return await SiloProcess.RunAsync(store, name);
NoOpSweep.Reuses = !args.Contains("--no-reuse");
var smoke = args.Contains("--smoke");
var trials = Number("--trials") ?? (smoke ? 2_000 : 100_000);
if (Word("--store") is { } shared)
{
    foreach (var silos in Number("--silos") is { } one ? [one] : smoke ? [1, 2] : (int[])[1, 2, 4, 8])
        await SharedStore.RunAsync(shared, silos, trials);
    return 0;
}

if (Word("--folder") is { } folder)
{
    await Throughput.RunAsync(trials, folder);
    return 0;
}

await Throughput.RunAsync(trials);
await Overhead.RunAsync(smoke ? 4 : 40);
return 0;

string? Word(string option) => args.SkipWhile(argument => argument != option).Skip(1).FirstOrDefault();

int? Number(string option) => Word(option) is { } word ? int.Parse(word, CultureInfo.InvariantCulture) : null;
