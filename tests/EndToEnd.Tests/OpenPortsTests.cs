using System.Globalization;
using System.Net;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// Where a process of the program listens, as the kernel has it: on a folder nowhere, so that no other user of the
/// machine can speak to it; over a database on the one port that the other silos use, on one address.
/// </summary>
[Trait("Speed", "slow")]
public sealed class OpenPortsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [LinuxFact]
    public async Task Run_OnAFolder_ListensNowhere()
    {
        using var folder = new TemporaryFolder();
        var file = Sweeps.Tests.RepositoryRoot.Combine("examples", "digits.yaml");
        using var run = SweepsProcess.Start(folder.Path, "run", file, "--set", "epochs=400");

        // Its log is there once its silo trains.
        await UntilAsync(run, () => Logs(folder).Contains("begins in slot", StringComparison.Ordinal));

        Assert.Empty(Listening(run.Id));
    }

    [PostgresFact]
    public async Task Silo_OfADatabase_ListensOnOnePortOfOneAddress()
    {
        await using var server = await PostgresServer.CreateAsync();
        using var folder = new TemporaryFolder();
        using var silo = SweepsProcess.Start(
            folder.Path, new Dictionary<string, string> { ["SWEEPS_STORE"] = server.Address() },
            "silo", "--slots", "1");

        await UntilAsync(
            silo,
            async () => (await server.SqlAsync("SELECT to_regclass('sweeps.silos') IS NOT NULL")) == "t"
                && await server.SqlAsync("SELECT count(*) FROM sweeps.silos") == "1");

        Assert.Equal(IPAddress.Loopback, Assert.Single(Listening(silo.Id)).Address);
    }

    private static string Logs(TemporaryFolder folder) => string.Concat(
        Directory.GetFiles(folder.Path, "*.log", SearchOption.AllDirectories).Select(path =>
        {
            using var reader = new StreamReader(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }));

    private static Task UntilAsync(SweepsProcess process, Func<bool> holds) =>
        UntilAsync(process, () => Task.FromResult(holds()));

    private static async Task UntilAsync(SweepsProcess process, Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!await holds())
        {
            Assert.False(process.HasExited, "the process ended");
            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>The process's own sockets among those of the machine that listen, TCP and UDP.</summary>
    private static List<IPEndPoint> Listening(int process)
    {
        var own = Directory.GetFiles($"/proc/{process}/fd")
            .Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target[8..^1])
            .ToHashSet();
        return
        [
            .. new[] { ("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07") }.SelectMany(
                kind => File.ReadLines($"/proc/{process}/net/{kind.Item1}").Skip(1)
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Where(fields => fields[3] == kind.Item2 && own.Contains(fields[9]))
                    .Select(fields => Read(fields[1]))),
        ];
    }

    /// <summary>An address of /proc/net: words of four bytes in the machine's order, in hexadecimal digits.</summary>
    private static IPEndPoint Read(string text)
    {
        var (address, port) = (text.Split(':')[0], text.Split(':')[1]);
        var bytes = Convert.FromHexString(address);
        for (var word = 0; word < bytes.Length; word += 4)
            Array.Reverse(bytes, word, 4);
        return new(new IPAddress(bytes), int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    /// <summary>A test that looks into /proc.</summary>
    private sealed class LinuxFact : FactAttribute
    {
        public LinuxFact() => Skip = OperatingSystem.IsLinux() ? null : "it looks into /proc";
    }
}
