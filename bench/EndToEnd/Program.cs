using System.Globalization;
using Sweeps.Bench.EndToEnd;

// How long small sweeps take from typing the command to the prompt, and where that time goes.
//   dotnet run -c Release --project bench/EndToEnd -- [RUNS, default 5] [DATA, default digits] [PEER, a command]
// A peer is any command that trains the same sweep: it is given the sweep file as its last argument and timed beside.
// With Optuna and PyTorch: ... -- 5 mnist "python3 bench/EndToEnd/peer.py" (what it needs stands in it).
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var runs = args.Length > 0 ? int.Parse(args[0]) : 5;
var data = args.Length > 1 ? args[1] : "digits";
var peer = args.ElementAtOrDefault(2);
foreach (var (name, sweep) in SmallSweep.All)
    await Benchmark.RunAsync(name, sweep.Replace("DATA", data, StringComparison.Ordinal), runs, peer);
