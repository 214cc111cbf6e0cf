using System.Diagnostics;
using System.Text.Json;
using Sweeps.Tests.Shared;
using Xunit.Abstractions;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// Every search method with every schedule in real processes: one digest with any number of slots, and on a cluster of
/// three silos over PostgreSQL of which one is killed again and again.
/// </summary>
[Trait("Speed", "nightly")]
public sealed class SearchMatrixTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Methods { get; } = new(SearchMatrix.All.Select(pair => pair.Method).Distinct());

    [PostgresTheory]
    [MemberData(nameof(Methods))]
    public async Task Cluster_EveryScheduleWithKills_GivesTheDigestOfAnySlots(string method)
    {
        await using var server = await PostgresServer.CreateAsync();
        using var folder = new TemporaryFolder();
        using var cluster = new Cluster(folder, server.Address(withPassword: false));
        var pairs = SearchMatrix.All.Where(pair => pair.Method == method).ToList();
        foreach (var pair in pairs)
            await cluster.RunAsync("submit", Write(folder, pair));

        var kills = await cluster.EndAsync();

        foreach (var pair in pairs)
        {
            var shown = JsonDocument.Parse(await cluster.RunAsync("show", IdOf(pair), "--json")).RootElement;
            var digest = Digest(shown);
            foreach (var slots in (int[])[1, 2, 4, 8])
                Assert.True(digest == await RunAsync(folder, pair, slots), $"{pair} on {slots} slots");
            output.WriteLine($"{pair}: {digest[..16]}, retried {shown.GetProperty("retried")}");
        }

        output.WriteLine($"{kills} silos killed");
        Assert.InRange(kills, 1, int.MaxValue);
    }

    private static string IdOf((string Method, string Schedule) pair) => string.Concat(
        $"{pair.Method}-{pair.Schedule}".Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'))
        .Replace("--", "-", StringComparison.Ordinal).Trim('-');

    private static string Write(TemporaryFolder folder, (string Method, string Schedule) pair)
    {
        var path = Path.Combine(folder.Path, $"{IdOf(pair)}.yaml");
        File.WriteAllText(path, $"""
            name: {IdOf(pair)}
            data: digits
            architectures: [mlp-5]
            method: {pair.Method}
            {SearchMatrix.SpaceOf(pair.Method)}
            run_cap: 12
            lag: 3
            warmup: 4
            schedule: {pair.Schedule}
            folds: 3
            epochs: 20
            reuse: false
            """);
        return path;
    }

    private static async Task<string> RunAsync(
        TemporaryFolder folder, (string Method, string Schedule) pair, int slots)
    {
        var result = await SweepsProcess.RunJsonAsync(
            folder.Path, "run", Write(folder, pair), "--slots", $"{slots}", "--store", $"{IdOf(pair)}.{slots}");
        return Digest(result);
    }

    private static string Digest(JsonElement result)
    {
        Assert.Equal("completed", result.GetProperty("state").GetString());
        Assert.Equal(0, result.GetProperty("failed").GetInt64());
        Assert.Equal(
            result.GetProperty("planned").GetInt64(),
            result.GetProperty("unique").GetInt64() + result.GetProperty("stopped").GetInt64());
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        return result.GetProperty("digest").GetString()!;
    }

    /// <summary>Three silos over one database.</summary>
    private sealed class Cluster : IDisposable
    {
        private const int Silos = 3;
        private const int Slots = 2;

        private readonly TemporaryFolder _folder;
        private readonly Dictionary<string, string> _environment;
        private readonly List<SweepsProcess> _silos = [];
        private int _started;

        public Cluster(TemporaryFolder folder, string address)
        {
            _folder = folder;
            _environment = new() { ["SWEEPS_STORE"] = address, ["PGPASSWORD"] = PostgresServer.Password };
            for (var i = 0; i < Silos; i++)
                Start();
        }

        public async Task<string> RunAsync(params string[] arguments)
        {
            using var process = SweepsProcess.Start(_folder.Path, _environment, arguments);
            var (exit, answer, error) = await process.EndAsync();
            Assert.True(exit == 0, $"exit code {exit}: {error}");
            return answer;
        }

        /// <summary>Kills a silo from time to time, and starts another, until all sweeps have ended. Between two kills
        /// as many trials end as train at a time, however slow the machine: one that was killed three times would be
        /// set aside.</summary>
        public async Task<int> EndAsync()
        {
            var (kills, clock, last, done) = (0, Stopwatch.StartNew(), -BetweenKills, (long)-(Silos * Slots));
            while (await ProgressAsync() is { Open: > 0 } progress)
            {
                Assert.True(clock.Elapsed < Deadline, $"not all sweeps ended within {Deadline}");
                await Task.Delay(Poll);
                if (clock.Elapsed - last < BetweenKills || progress.Done - done < Silos * Slots)
                    continue;
                (last, done) = (clock.Elapsed, progress.Done);
                using var killed = _silos[0];
                killed.Kill();
                _silos.RemoveAt(0);
                kills++;
                Start();
            }

            return kills;
        }

        private async Task<(int Open, long Done)> ProgressAsync()
        {
            var sweeps = JsonDocument.Parse(await RunAsync("list", "--json")).RootElement.GetProperty("sweeps");
            return (
                sweeps.EnumerateArray().Count(sweep => sweep.GetProperty("state").GetString() != "completed"),
                sweeps.EnumerateArray().Sum(sweep => sweep.GetProperty("completed").GetInt64()));
        }

        private void Start() => _silos.Add(SweepsProcess.Start(
            _folder.Path, _environment, "silo", "--name", $"silo-{_started++}", "--slots", $"{Slots}", "--lease", "5"));

        public void Dispose()
        {
            foreach (var silo in _silos)
                silo.Dispose();
        }
    }
}
