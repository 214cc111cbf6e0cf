using System.Globalization;
using System.Runtime.CompilerServices;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Public;

namespace Sweeps.TrainingBench;

/// <summary>
/// Races the engines against a plain loop of TorchSharp, alternating, and says where a step's time goes.
/// </summary>
internal static class Benchmark
{
    private const int SmokeSamples = 600;

    public static int Run(string[] args)
    {
        var smoke = args.Contains("--smoke");
        var runs = int.Parse(Value(args, "--runs") ?? "5", CultureInfo.InvariantCulture);
        var cases = Case.All.Where(race => Value(args, "--only") is not { } only || race.Name == only).ToList();
        var beside = new DataFolder(Path.Combine(Root(), "..", "shared", "data"), "beside the repository");
        var folders = new DataFolders([.. DataFolders.FromEnvironment().All, beside]);
        var sets = new DataSets(folders);
        if (smoke)
            return Smoke(sets, cases);
        var data = PublicDataSets.Find("mnist")!.Find(folders) is null ? "digits" : "mnist";
        Console.WriteLine($"images/s on {data}, one thread, median of {runs} runs; 'cpu' by the thread's CPU time, "
            + "which neighbours disturb less");
        Console.WriteLine($"{"",19}{"native",22}{"torch engine",22}{"TorchSharp loop",22}"
            + $"{"native/loop",16}{"native/engine",16}");
        Console.WriteLine($"{"network",-14}{"batch",5}"
            + string.Concat(Enumerable.Repeat($"{"clock",11}{"cpu",11}", 3))
            + string.Concat(Enumerable.Repeat($"{"clock",8}{"cpu",8}", 2)));
        foreach (var race in cases)
            Race(race, sets, data, runs);
        Console.WriteLine("\nmicroseconds of a step of the native engine");
        foreach (var race in cases)
        {
            var costs = StepCosts.Of(race, sets, data).Select(cost => F($"{cost.Part} {cost.Microseconds:0.0}"));
            Console.WriteLine($"{race.Name,-14} {string.Join("   ", costs)}");
        }

        Console.WriteLine("\ntwo trainings on two threads against one");
        foreach (var race in cases.Where(race => race.Name is "mlp-128-128" or "cnn-lab"))
            SideBySide(race, sets, data, runs);
        return 0;
    }

    private static int Smoke(DataSets sets, List<Case> cases)
    {
        foreach (var race in cases)
        {
            var request = race.Request("digits", SmokeSamples);
            var (native, engine) = (Sides.Trainer(sets, request).Wall, Sides.TorchEngine(sets, request).Wall);
            var loop = Sides.TorchSharp(race, sets, request).Wall;
            Console.WriteLine(
                F($"{race.Name,-14} {native,10:N0} {engine,10:N0} {loop,10:N0} images/s (no measurement)"));
        }

        return 0;
    }

    private static void Race(Case race, DataSets sets, string data, int runs)
    {
        List<Speed> natives = [], engines = [], loops = [];
        // The first run compiles.
        for (var run = 0; run <= runs; run++)
        {
            var request = race.Request(data, run == 0 ? Math.Max(2_000, race.Samples / 10) : race.Samples);
            natives.Add(Sides.Trainer(sets, request));
            engines.Add(Sides.TorchEngine(sets, request));
            loops.Add(Sides.TorchSharp(race, sets, request));
        }

        var (native, engine, loop) =
            (Speed.Median(natives[1..]), Speed.Median(engines[1..]), Speed.Median(loops[1..]));
        var speeds = string.Concat(new[] { native, engine, loop }.Select(speed =>
            F($"{speed.Wall,11:N0}{speed.Cpu,11:N0}")));
        var ratios = string.Concat(new[] { loop, engine }.Select(other =>
            F($"{native.Wall / other.Wall,8:0.00}{native.Cpu / other.Cpu,8:0.00}")));
        Console.WriteLine(F($"{race.Name,-14} {race.BatchSize,4}{speeds}{ratios}"));
    }

    private static void SideBySide(Case race, DataSets sets, string data, int runs)
    {
        List<Speed> ones = [], twos = [];
        for (var run = 0; run < runs; run++)
        {
            ones.Add(Sides.SideBySide(sets, race.Request(data, race.Samples), 1));
            twos.Add(Sides.SideBySide(sets, race.Request(data, race.Samples), 2));
        }

        var (one, two) = (Speed.Median(ones), Speed.Median(twos));
        Console.WriteLine(
            F($"{race.Name,-14} ratio {two.Wall / one.Wall:0.00}   by CPU time {two.Cpu / one.Cpu:0.00}"));
    }

    private static string? Value(string[] args, string name) =>
        Array.IndexOf(args, name) is var index and >= 0 && index + 1 < args.Length ? args[index + 1] : null;

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
