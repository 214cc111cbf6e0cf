using System.Diagnostics;

namespace Sweeps.Bench.EndToEnd;

/// <summary>Runs a sweep as a user does, again and again in a folder of its own, and prints medians.</summary>
internal static class Benchmark
{
    private const string Title = "where the time went";

    public static async Task RunAsync(string name, string sweep, int runs, string? peer)
    {
        var (totals, phases) = (new List<double>(), new List<(string Phase, double Seconds)>());
        var peers = new List<double>();
        // The first run may build the program and unpack the data.
        for (var run = 0; run <= runs; run++)
        {
            var folder = Directory.CreateTempSubdirectory("sweeps-bench-").FullName;
            try
            {
                var file = Path.Combine(folder, $"{name}.yaml");
                await File.WriteAllTextAsync(file, sweep);
                var (seconds, error) = await TimeAsync(folder, Launcher(), "run", file, "--verbose");
                var theirs = peer is null
                    ? (double?)null
                    : (await TimeAsync(folder, "/bin/sh", "-c", $"{peer} \"$0\"", file)).Seconds;
                if (run == 0)
                    continue;
                totals.Add(seconds);
                phases.AddRange(PhasesIn(error));
                if (theirs is { } known)
                    peers.Add(known);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        Console.WriteLine($"{name}: {Text(totals)} from command to prompt, {runs} runs");
        foreach (var phase in phases.GroupBy(item => item.Phase))
            Console.WriteLine($"  {phase.Key,-30} {Text([.. phase.Select(item => item.Seconds)])}");
        if (peers.Count > 0)
            Console.WriteLine($"  peer: {Text(peers)}, {Median(peers) / Median(totals):0.0} times as long");
    }

    private static string Launcher()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sweeps.sln")))
            folder = folder.Parent;
        return Path.Combine(
            folder?.FullName ?? throw new InvalidOperationException("Run it from the checkout: its ./sweeps is timed."),
            "sweeps");
    }

    private static async Task<(double Seconds, string Error)> TimeAsync(
        string folder, string program, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (watch.Elapsed.TotalSeconds, error)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {error}");
    }

    /// <summary>The rows of the table that <c>--verbose</c> ends with: phase, its seconds, seconds since the start.
    /// </summary>
    private static IEnumerable<(string Phase, double Seconds)> PhasesIn(string error) =>
        from line in error.Split('\n').SkipWhile(line => !line.Contains(Title, StringComparison.Ordinal)).Skip(2)
        let cells = line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        where cells.Length == 3
        select (cells[0], double.Parse(cells[1]));

    private static string Text(List<double> seconds) =>
        $"{Median(seconds):0.00} s ({seconds.Min():0.00} to {seconds.Max():0.00})";

    private static double Median(List<double> seconds)
    {
        var sorted = seconds.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
