using Sweeps.TrainingBench;

// dotnet run -c Release --project bench/Training [-- [--smoke] [--runs N] [--seconds S] [--only CASE,...]
// [--batch N,...]]
return Benchmark.Run(args);
