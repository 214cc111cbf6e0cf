using Sweeps.TrainingBench;

// One command: dotnet run -c Release --project bench/Training [-- --smoke] [--raw FILE] [--runs N] [--only CASE]
return Benchmark.Run(args);
