using Sweeps.TrainingBench;

// One command: dotnet run -c Release --project bench/Training [-- --smoke] [--runs N] [--only CASE]
return Benchmark.Run(args);
