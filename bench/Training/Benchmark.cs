using System.Globalization;
using System.Runtime.CompilerServices;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Public;

namespace Sweeps.TrainingBench;

/// <summary>Races the trainer against raw_libtorch.cpp, alternating, and says where a step's time goes.</summary>
internal static class Benchmark
{
    private const int SmokeSamples = 600;

    public static int Run(string[] args)
    {
        var smoke = args.Contains("--smoke");
        var runs = int.Parse(Value(args, "--runs") ?? "5", CultureInfo.InvariantCulture);
        var cases = Case.All.Where(race => Value(args, "--only") is not { } only || race.Name == only).ToList();
        var shared = Path.Combine(Root(), "..", "shared");
        var beside = new DataFolder(Path.Combine(shared, "data"), "beside the repository");
        var folders = new DataFolders([.. DataFolders.FromEnvironment().All, beside]);
        var sets = new DataSets(folders);
        if (smoke)
            return Smoke(sets, cases);
        var mnist = PublicDataSets.Find("mnist")!.Find(folders);
        var raw = RawSide.Build(Value(args, "--raw") ?? Path.Combine(shared, "bench", "raw_libtorch.cpp"), mnist);
        var data = mnist is null ? "digits" : "mnist";
        var missed = 0;
        Console.WriteLine("images/s, one thread, median of the runs; 'cpu' by CPU time, which neighbours disturb less");
        Console.WriteLine(
            "network        batch        ours         raw   ratio    ours cpu     raw cpu   ratio   target");
        foreach (var race in cases)
            missed += Race(race, sets, data, raw, runs) ? 0 : 1;
        Console.WriteLine("\nmicroseconds of a step");
        foreach (var race in cases)
        {
            var costs = StepCosts.Of(race, sets, data).Select(cost => F($"{cost.Part} {cost.Microseconds:0.0}"));
            Console.WriteLine($"{race.Name,-14} {string.Join("   ", costs)}");
        }

        Console.WriteLine("\ntwo trainings on two threads against one");
        foreach (var race in cases.Where(race => race.Name is "mlp-128-128" or "cnn-lab"))
            SideBySide(race, sets, data, runs);
        return missed == 0 ? 0 : 1;
    }

    private static int Smoke(DataSets sets, List<Case> cases)
    {
        foreach (var race in cases)
        {
            var speed = OurSide.Run(sets, race.Request("digits", SmokeSamples)).Wall;
            Console.WriteLine(F($"{race.Name,-14} {speed,10:N0} images/s (smoke, not a measurement)"));
        }

        return 0;
    }

    private static bool Race(Case race, DataSets sets, string data, RawSide? raw, int runs)
    {
        // Compiled code first: the raw loop comes compiled.
        OurSide.Run(sets, race.Request(data, race.Samples));
        List<Speed> ours = [], theirs = [];
        for (var run = 0; run < runs; run++)
        {
            ours.Add(OurSide.Run(sets, race.Request(data, race.Samples)));
            if (raw is not null)
                theirs.Add(raw.Run(race));
        }

        var (wall, cpu) =
            (Speed.Median(ours.Select(speed => speed.Wall)), Speed.Median(ours.Select(speed => speed.Cpu)));
        if (raw is null)
        {
            Console.WriteLine(F($"{race.Name,-14} {race.BatchSize,5} {wall,11:N0} {"-",11} {"-",7} {cpu,11:N0}"));
            return true;
        }

        var (rawWall, rawCpu) =
            (Speed.Median(theirs.Select(speed => speed.Wall)), Speed.Median(theirs.Select(speed => speed.Cpu)));
        var byClock = F($"{wall,11:N0} {rawWall,11:N0} {wall / rawWall,7:0.00}");
        var byCpu = F($"{cpu,11:N0} {rawCpu,11:N0} {cpu / rawCpu,7:0.00}");
        Console.WriteLine(F($"{race.Name,-14} {race.BatchSize,5} {byClock} {byCpu} {race.Target,8:0.00}"));
        return wall / rawWall >= race.Target;
    }

    private static void SideBySide(Case race, DataSets sets, string data, int runs)
    {
        List<Speed> one = [], two = [];
        for (var run = 0; run < runs; run++)
        {
            one.Add(OurSide.RunSideBySide(sets, race.Request(data, race.Samples), 1));
            two.Add(OurSide.RunSideBySide(sets, race.Request(data, race.Samples), 2));
        }

        var wall = Speed.Median(two.Select(speed => speed.Wall)) / Speed.Median(one.Select(speed => speed.Wall));
        var cpu = Speed.Median(two.Select(speed => speed.Cpu)) / Speed.Median(one.Select(speed => speed.Cpu));
        Console.WriteLine(F($"{race.Name,-14} ratio {wall:0.00}   by CPU time {cpu:0.00}   target 1.90"));
    }

    private static string? Value(string[] args, string name) =>
        Array.IndexOf(args, name) is var index and >= 0 && index + 1 < args.Length ? args[index + 1] : null;

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
