using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Sweeps.TrainingBench;

/// <summary>
/// Builds and runs raw_libtorch.cpp, the plain C++ autograd loop, on the same libtorch, with one thread.
/// </summary>
internal sealed partial class RawSide
{
    private readonly string _program;
    private readonly string _data;
    private readonly Dictionary<Case, double> _startCpu = [];

    private RawSide(string program, string data) => (_program, _data) = (program, data);

    /// <summary>
    /// Compiles it; null where the source, the compiler, libtorch or MNIST are missing, with the reason on stderr.
    /// </summary>
    public static RawSide? Build(string source, string? mnist)
    {
        if (!File.Exists(source) || mnist is null)
        {
            Console.Error.WriteLine(mnist is null ? "MNIST was not found: no comparison."
                : $"{source} was not found: no comparison.");
            return null;
        }

        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "sweeps-bench-training")).FullName;
        var program = Path.Combine(folder, "raw_libtorch");
        if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(source))
        {
            Console.Error.WriteLine("compiling raw_libtorch.cpp (about 20 s)");
            const string Options = "-O2 -std=c++17 -I/usr/include/torch/csrc/api/include";
            var (code, _, _) = Start("g++", $"{Options} {source} -o {program} -ltorch -ltorch_cpu -lc10");
            if (code != 0)
            {
                Console.Error.WriteLine("raw_libtorch.cpp does not compile here: no comparison.");
                return null;
            }
        }

        foreach (var file in Directory.GetFiles(mnist, "*ubyte.gz"))
        {
            var plain = Path.Combine(folder, Path.GetFileNameWithoutExtension(file));
            if (File.Exists(plain))
                continue;
            using var unpacked = File.Create(plain);
            using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            packed.CopyTo(unpacked);
        }

        return new(program, folder);
    }

    /// <summary>
    /// One training; its CPU time is that of the process, less that of a run of one batch (loading, the test set).
    /// </summary>
    public Speed Run(Case race)
    {
        if (!_startCpu.TryGetValue(race, out var start))
            _startCpu[race] = start = Run(race, race.BatchSize).Cpu;
        var (wall, cpu) = Run(race, race.Samples);
        return new(wall, race.Samples / (cpu - start));
    }

    private (double Wall, double Cpu) Run(Case race, int samples)
    {
        var (code, output, cpu) = Start(_program, string.Create(
            CultureInfo.InvariantCulture,
            $"{_data} {race.Raw} {race.BatchSize} {(samples + 59_999) / 60_000} adam {race.LearningRate} {samples}"));
        var match = Figure().Match(output);
        return code == 0 && match.Success
            ? (double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), cpu)
            : throw new InvalidOperationException($"raw_libtorch failed ({code}): {output}");
    }

    private static (int Code, string Output, double Cpu) Start(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        var before = ChildTime.Seconds;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, ChildTime.Seconds - before);
    }

    [GeneratedRegex("images/s ([0-9]+)")]
    private static partial Regex Figure();
}
