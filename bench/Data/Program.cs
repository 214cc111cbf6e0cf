using System.Diagnostics;
using System.Globalization;
using Sweeps.Core.Randomness;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Digits;

// Measures the data sets: loading them, and gathering batches of random samples, once an epoch as a training does.
//   dotnet run -c Release --project bench/Data -- [NAME, default digits]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int BatchSize = 100;
var name = args.Length > 0 ? args[0] : DigitsDataSet.Name;
var sets = new DataSets(DataFolders.FromEnvironment());
var watch = Stopwatch.StartNew();
var data = sets.Load(new DataRequest(name));
Console.WriteLine($"{name}: {data.Train.Count:N0} training samples loaded in {watch.Elapsed.TotalMilliseconds:0} ms");
var digest = Stopwatch.StartNew();
Console.WriteLine($"digest {data.Digest[..16]}... in {digest.Elapsed.TotalMilliseconds:0} ms");

var order = new int[data.Train.Count];
new RandomStream(new StreamKey(1, Purpose.Order)).FillPermutation(order);
Measure("one batch again and again (in cache)", order[..Math.Min(BatchSize, order.Length)], rounds: 300);
Measure("random samples, an epoch", order, rounds: 1);

// The best of many runs: everything that disturbs makes it slower.
void Measure(string what, int[] indices, int rounds)
{
    var rows = new float[BatchSize * data.Features];
    var best = double.PositiveInfinity;
    for (var run = 0; run < 30; run++)
    {
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var first in Enumerable.Range(0, indices.Length / BatchSize))
                data.Train.Gather(indices.AsSpan(first * BatchSize, BatchSize), rows);
        }

        var samples = (double)rounds * (indices.Length / BatchSize) * BatchSize;
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / samples);
    }

    Console.WriteLine($"{what}: {best:0.0} ns a sample, {data.Features * sizeof(float) / best:0.0} GB/s of floats");
}
