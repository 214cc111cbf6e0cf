using System.Globalization;
using System.Runtime.CompilerServices;
using Sweeps.Core.Networks;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Public;
using Sweeps.Training.Runs;

namespace Sweeps.TrainingBench;

/// <summary>
/// Races the engines against a plain loop of TorchSharp, alternating, and says where a step's time goes.
/// </summary>
internal static class Benchmark
{
    private const int SmokeBatch = 100;
    private static readonly string s_columns = $"{"network",-12}{"batch",6}{"images/s",11}{"GFLOP/s",9}{"of peak",9}"
        + $"{"loop",10}{"ratio",7}{"least-most",12}{"torch",7}";

    public static int Run(string[] args)
    {
        var runs = int.Parse(Value(args, "--runs") ?? "5", CultureInfo.InvariantCulture);
        var seconds = double.Parse(Value(args, "--seconds") ?? "0.4", CultureInfo.InvariantCulture);
        var only = Value(args, "--only")?.Split(',');
        var cases = Case.All.Where(race => only?.Contains(race.Name) ?? true).ToList();
        var batches = Value(args, "--batch") is { } given
            ? [.. given.Split(',').Select(size => int.Parse(size, CultureInfo.InvariantCulture))]
            : Case.BatchSizes;
        var beside = new DataFolder(Path.Combine(Root(), "..", "shared", "data"), "beside the repository");
        var folders = new DataFolders([.. DataFolders.FromEnvironment().All, beside]);
        var sets = new DataSets(folders);
        var grey = PublicDataSets.Find("mnist")!.Find(folders) is null ? "digits" : "mnist";
        var smoke = args.Contains("--smoke");
        var data = new BenchData(smoke ? "digits" : grey, MadePictures.Admit(sets), smoke ? 600 : null);
        if (smoke)
            return Smoke(sets, data, cases);
        Console.WriteLine(F($"""
            One thread, Adam, by CPU time, which neighbours disturb less; {data.Grey}. Medians of {runs}
            runs of about {seconds} s, the sides in turn. GFLOP/s: products of matrices alone; peak:
            multiply-adds in registers, {Peak.Measure() / 1e9:0} GFLOP/s now. ratio: to a plain TorchSharp loop;
            torch: the torch engine's. Where there is no loop, the torch engine stands for it.

            """));
        Console.WriteLine(s_columns);
        foreach (var race in cases)
        {
            foreach (var batch in batches)
                Race(race, batch, sets, data, runs, seconds);
        }

        Console.WriteLine("\nMicroseconds of a step of 100, by part");
        foreach (var race in cases)
        {
            var costs = StepCosts.Of(race, sets, data).Select(cost => F($"{cost.Part} {cost.Microseconds:0.0}"));
            Console.WriteLine($"{race.Name,-12}  {string.Join("   ", costs)}");
        }

        Console.WriteLine("\nTwo trainings on two threads against one");
        foreach (var race in cases.Where(race => race.Name is "mlp-128-128" or "cnn-lab"))
            SideBySide(race, sets, data, runs, seconds);
        return 0;
    }

    private static int Smoke(DataSets sets, BenchData data, List<Case> cases)
    {
        foreach (var race in cases)
        {
            var request = race.Request(data, SmokeBatch, 2);
            var (native, engine) = (Sides.Trainer(sets, request).Wall, Sides.TorchEngine(sets, request).Wall);
            var loop = race.Module is null ? double.NaN : Sides.TorchSharp(race, sets, request).Wall;
            Console.WriteLine(
                F($"{race.Name,-12} {native,10:N0} {engine,10:N0} {loop,10:N0} images/s (no measurement)"));
        }

        return Peak.Measure() > 0 ? 0 : 1;
    }

    private static void Race(Case race, int batch, DataSets sets, BenchData data, int runs, double seconds)
    {
        List<Speed> natives = [], engines = [], loops = [];
        List<double> peaks = [];
        // The first run compiles, the second says how many steps take the time wanted.
        Sides.Trainer(sets, race.Request(data, batch, 2));
        var steps = StepsFor(seconds, race, batch, sets, data);
        var request = race.Request(data, batch, steps);
        Sides.TorchEngine(sets, race.Request(data, batch, 2));
        if (race.Module is not null)
            Sides.TorchSharp(race, sets, race.Request(data, batch, 2));
        for (var run = 0; run < runs; run++)
        {
            natives.Add(Sides.Trainer(sets, request));
            engines.Add(Sides.TorchEngine(sets, request));
            loops.Add(race.Module is null ? engines[^1] : Sides.TorchSharp(race, sets, request));
            peaks.Add(Peak.Measure());
        }

        var (native, engine, loop) = (Speed.Median(natives), Speed.Median(engines), Speed.Median(loops));
        var ratios = natives.Zip(loops, (ours, theirs) => ours.Cpu / theirs.Cpu).Order().ToList();
        var operations = native.Cpu * OperationsOf(TrainingSetup.Of(request, sets).Plan);
        Console.WriteLine(F($"{race.Name,-12}{batch,6}{native.Cpu,11:N0}{operations / 1e9,9:0.0}")
            + F($"{operations / Speed.Median(peaks),9:0 %}{loop.Cpu,10:N0}{native.Cpu / loop.Cpu,7:0.00}")
            + F($"{ratios[0],7:0.00}-{ratios[^1]:0.00}{engine.Cpu / loop.Cpu,7:0.00}"));
    }

    private static int StepsFor(double seconds, Case race, int batch, DataSets sets, BenchData data)
    {
        for (var steps = 3; ; steps *= 4)
        {
            var taken = steps * batch / Sides.Trainer(sets, race.Request(data, batch, steps)).Wall;
            if (taken > seconds / 8)
                return Math.Max(3, (int)(steps * seconds / taken));
        }
    }

    // Forward once, back once for the weights and once for the inputs, which the first layer has no use for.
    private static double OperationsOf(NetworkShape network)
    {
        var products = network.Layers.Select(layer => layer.MultiplyAdds).Where(products => products > 0).ToList();
        return 2.0 * ((3 * products.Sum()) - products[0]);
    }

    private static void SideBySide(Case race, DataSets sets, BenchData data, int runs, double seconds)
    {
        var request = race.Request(data, SmokeBatch, StepsFor(seconds, race, SmokeBatch, sets, data));
        List<Speed> ones = [], twos = [];
        for (var run = 0; run < runs; run++)
        {
            ones.Add(Sides.SideBySide(sets, request, 1));
            twos.Add(Sides.SideBySide(sets, request, 2));
        }

        var (one, two) = (Speed.Median(ones), Speed.Median(twos));
        Console.WriteLine(
            F($"{race.Name,-12}  ratio {two.Wall / one.Wall:0.00}   by CPU time {two.Cpu / one.Cpu:0.00}"));
    }

    private static string? Value(string[] args, string name) =>
        Array.IndexOf(args, name) is var index and >= 0 && index + 1 < args.Length ? args[index + 1] : null;

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
