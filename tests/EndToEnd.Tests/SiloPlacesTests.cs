using System.Text.Json;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>Names, ports and data of real silos of one machine over a real PostgreSQL.</summary>
[Trait("Speed", "slow")]
public sealed class SiloPlacesTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private readonly List<SweepsProcess> _silos = [];
    private PostgresServer _server = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.SkipReason is null)
            _server = await PostgresServer.CreateAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public void Dispose()
    {
        foreach (var silo in _silos)
            silo.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// Three of one name that start at once have three names, and ports of the range that was opened.
    /// </summary>
    [PostgresFact]
    public async Task Silos_OfOneNameAtOnce_HaveThreeNames_AndPortsOfTheirRange()
    {
        var first = FreePort.Next();
        for (var i = 0; i < 3; i++)
            Silo("--name", "same", "--silo-port", $"{first}-{first + 9}");

        await UntilAsync(async () => (await SilosAsync()).Count == 3);

        Assert.Equal(
            ["same", "same-2", "same-3"], (await SilosAsync()).Select(row => row.GetProperty("name").GetString()));
        var members = await _server.SqlAsync("SELECT silo FROM sweeps.cluster_members WHERE active");
        var ports = members.Split('\n').Select(line => int.Parse(line.Split('@')[0].Split(':')[^1], null)).ToList();
        Assert.Equal(3, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, first, first + 9));
    }

    /// <summary>
    /// A silo without a sweep's data trains none of its trials: submit says so before, silos and watch why.
    /// </summary>
    [ClothesFact]
    public async Task Silo_WithoutTheData_IsNamedBySubmit_AndRefusedWithTheReason()
    {
        var here = ClothesFact.Folder!;
        Silo("--name", "has", "--data-dir", here);
        Silo("--name", "lacks", "--data-dir", _folder.Path);
        await UntilAsync(async () => (await SilosAsync()).Count == 2);
        var file = Path.Combine(_folder.Path, "sweep.yaml");
        await File.WriteAllTextAsync(file, "data: fashion-mnist\nfolds: 3\nepochs: 2000\narchitectures: [linear]\n");

        var said = await RunAsync("submit", file, "--data-dir", here, "--name", "clothes");
        Assert.Contains("fashion-mnist on has; not on lacks", said, StringComparison.Ordinal);
        using var watch = SweepsProcess.Start(_folder.Path, Variables, "watch", "clothes");
        await UntilAsync(async () => (await SilosAsync()).Any(
            row => row.GetProperty("data_problems").TryGetProperty("clothes", out _)));

        await Task.Delay(TimeSpan.FromSeconds(2));
        watch.Signal("INT");
        var (_, _, error) = await watch.EndAsync();
        Assert.Contains("silo lacks does not train for it:", error, StringComparison.Ordinal);
        var shown = JsonDocument.Parse(await RunAsync("list", "--json")).RootElement.GetProperty("sweeps")[0];
        Assert.Equal(0, shown.GetProperty("failed").GetInt64());
    }

    private Dictionary<string, string> Variables => new()
    {
        ["SWEEPS_STORE"] = _server.Address(),
        ["SWEEPS_DATA"] = "",
    };

    private void Silo(params string[] arguments) => _silos.Add(SweepsProcess.Start(
        _folder.Path, Variables, ["silo", "--slots", "1", "--lease", "6", .. arguments]));

    private async Task<List<JsonElement>> SilosAsync()
    {
        using var process = SweepsProcess.Start(_folder.Path, Variables, "silos", "--json");
        var (code, output, _) = await process.EndAsync();
        // There is no store before the first silo has made it.
        return code == 0
            ? [.. JsonDocument.Parse(output).RootElement.GetProperty("silos").EnumerateArray()]
            : [];
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var process = SweepsProcess.Start(_folder.Path, Variables, arguments);
        var (code, output, error) = await process.EndAsync();
        Assert.True(code == 0, $"exit code {code}: {error}");
        return output;
    }

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!await holds())
        {
            Assert.DoesNotContain(_silos, silo => silo.HasExited);
            await Task.Delay(200, limit.Token);
        }
    }
}

/// <summary>A test that needs PostgreSQL and the real Fashion-MNIST; skipped by name where one is missing.</summary>
public sealed class ClothesFact : FactAttribute
{
    public ClothesFact() => Skip = PostgresServer.SkipReason
        ?? (Folder is not null && Directory.Exists(Path.Combine(Folder, "fashion-mnist"))
            ? null
            : "Fashion-MNIST is not in the folder of SWEEPS_DATA");

    /// <summary>The folder of the real data; null: none is named.</summary>
    internal static string? Folder => Environment.GetEnvironmentVariable("SWEEPS_DATA");
}
