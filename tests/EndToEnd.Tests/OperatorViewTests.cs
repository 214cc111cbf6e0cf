using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sweeps.Core;
using Sweeps.EndToEnd.Tests.Faults;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Tests;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>
/// What an operator is told by real processes over a real PostgreSQL while silos and the database go.
/// </summary>
[Trait("Speed", "slow")]
public sealed partial class OperatorViewTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private const string Away = "no write to the store has succeeded";
    private const string Back = "the store takes writes again, after";

    private readonly TemporaryFolder _folder = new();
    private readonly List<SweepsProcess> _silos = [];
    private PostgresServer _server = null!;
    private string _address = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.SkipReason is not null)
            return;
        _server = await PostgresServer.CreateAsync();
        _address = await _server.CreateDatabaseAsync();
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
    /// Silos that were killed are lost once their lease is over, and so is the sweep that they trained.
    /// </summary>
    [PostgresFact]
    public async Task KilledSilos_AreLostInEveryListing_OnceTheLeaseIsOver()
    {
        var silo = Silo("w1", []);
        await SubmitAsync("trained", 400);
        await UntilTrainsAsync("trained", silos: 1);
        Assert.Equal(1, (await SilosAsync())[0].GetProperty("training").GetArrayLength());
        Assert.Equal("running", await StateAsync("trained"));
        await SubmitAsync("not-begun", 1, "--set", "data=digits");
        await RunAsync("pause", "not-begun");
        await RunAsync("cancel", "not-begun", "--reason", "a test");

        silo.Kill();
        var clock = Stopwatch.StartNew();
        await UntilAsync(async () => (await SilosAsync())[0].GetProperty("state").GetString() == "lost");
        Assert.True(clock.Elapsed < Lease + TimeSpan.FromSeconds(10), $"it took {clock.Elapsed}");
        Assert.Equal("lost", await StateAsync("trained"));
        await SubmitAsync("waits", 1);
        Assert.Equal("waiting", await StateAsync("waits"));
        var (code, _, error) = await EndAsync("resume", "not-begun");
        Assert.Equal(2, code);
        Assert.Contains("was cancelled (a test), and a cancelled sweep does not go on", error);
    }

    /// <summary>The console says once that the database is away, and once that it is back; and nothing else.</summary>
    [PostgresFact]
    public async Task Database_AwayForLongerThanALease_IsSaidOnceAndOnceWhenItIsBack()
    {
        var silo = Silo("w1", ["--log-format", "json"]);
        await SubmitAsync("outage", 400);
        await UntilTrainsAsync("outage", silos: 1);
        await _server.StopAsync();
        await UntilAsync(() => Task.FromResult(silo.Said.Contains(Away, StringComparison.Ordinal)));
        // Others that would say it, or say it again, have their time.
        await Task.Delay(Lease * 2);
        await _server.StartAsync();
        await UntilAsync(() => Task.FromResult(silo.Said.Contains(Back, StringComparison.Ordinal)));
        await Task.Delay(TimeSpan.FromSeconds(2));
        silo.Signal("TERM");
        var (_, _, error) = await silo.EndAsync();

        var lines = error.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var said = lines.ConvertAll(line => line.GetProperty("message").GetString()!);
        Assert.Single(said, line => line.StartsWith(Away, StringComparison.Ordinal));
        Assert.Single(said, line => line.StartsWith(Back, StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains("Request [", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.False(line.TryGetProperty("error", out _), line.ToString()));
    }

    /// <summary>Watching outlasts a restart of the database, begun before it or in the midst of it.</summary>
    [PostgresFact]
    public async Task Watch_DatabaseAway_SaysItOnceAndOnceWhenItIsBack_AndGoesOn()
    {
        await SubmitAsync("watched", 400);
        using var watch = SweepsProcess.Start(_folder.Path, Environment, "watch", "watched");
        await UntilAsync(() => Task.FromResult(watch.Said.Contains("trials", StringComparison.Ordinal)));
        await _server.StopAsync();
        using var late = SweepsProcess.Start(_folder.Path, Environment, "watch", "watched");
        SweepsProcess[] both = [watch, late];
        await UntilAsync(() => Task.FromResult(Array.TrueForAll(
            both, one => one.Said.Contains("the store does not answer", StringComparison.Ordinal))));
        await _server.StartAsync();
        await UntilAsync(() => Task.FromResult(Array.TrueForAll(
            both, one => one.Said.Contains("the store answers again", StringComparison.Ordinal))));
        await RunAsync("cancel", "watched", "--reason", "a test");

        foreach (var one in both)
        {
            var (code, _, said) = await one.EndAsync();
            Assert.Equal((int)ErrorKind.Sweep, code);
            Assert.Equal((1, 1), (Count(said, "the store does not"), Count(said, "answers again")));
        }
    }

    /// <summary>
    /// A lost coordinator is one warning and one "again" at most, on each silo, in no more than a few lines.
    /// </summary>
    [PostgresFact]
    public async Task Coordinator_Killed_CostsEachSiloOneWarningAndOneAgain()
    {
        var ports = new List<int>();
        foreach (var name in (string[])["w1", "w2", "w3"])
        {
            ports.Add(FreePort.Next());
            Silo(name, ["--health", $"{ports[^1]}"]);
        }

        await SubmitAsync("long", 400);
        await UntilTrainsAsync("long", silos: 3);
        var coordinator = -1;
        using var client = new HttpClient();
        await UntilAsync(async () =>
        {
            for (var i = 0; i < ports.Count; i++)
            {
                var waiting = Waiting().Match(await MetricsAsync(client, ports[i]));
                if (waiting.Success && waiting.Groups[1].Value != "0")
                    coordinator = i;
            }

            return coordinator >= 0;
        });
        _silos[coordinator].Kill();
        await Task.Delay(Lease * 4);
        foreach (var (silo, i) in _silos.Select((silo, i) => (silo, i)).Where(pair => pair.i != coordinator))
        {
            silo.Signal("TERM");
            var (_, _, error) = await silo.EndAsync();
            Assert.True(Count(error, "The coordinator of sweep long does not answer") <= 1, error);
            Assert.True(Count(error, "answers again") <= 1, error);
            Assert.DoesNotContain("   at ", error);
            Assert.DoesNotContain("Request [", error);
        }
    }

    /// <summary>
    /// Every metric that the dashboard asks for is one that a silo serves; traces of sweeps name none.
    /// </summary>
    [PostgresFact]
    public async Task Dashboard_AsksForMetricsThatASiloServes()
    {
        var port = FreePort.Next();
        Silo("secret-silo", ["--health", $"{port}"]);
        await SubmitAsync("secret-plans", 2);
        await UntilAsync("secret-plans", log => log.State.IsOver);
        Assert.Equal("completed", await StateAsync("secret-plans"));
        using var client = new HttpClient();
        var served = await MetricsAsync(client, port);
        var dashboard = await File.ReadAllTextAsync(
            RepositoryRoot.Combine("deploy", "grafana", "sweeps.json"));

        var asked = Expressions(JsonDocument.Parse(dashboard).RootElement)
            .SelectMany(text => MetricName().Matches(text).Select(match => match.Value)).Distinct().ToList();
        Assert.True(asked.Count > 12, string.Join(' ', asked));
        Assert.All(asked, name => Assert.Matches($"(?m)^{name}[ {{]", served));
        Assert.DoesNotContain("secret-plans", served);
        Assert.Matches("sweeps_attempts_total{[^}]*ending=\"completed\"[^}]*} 28", served);
        Assert.Matches("sweeps_slots{[^}]*} 1\n", served);
    }

    private static IEnumerable<string> Expressions(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member.NameEquals("expr") ? [member.Value.GetString()!] : Expressions(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Expressions),
        _ => [],
    };

    private static async Task<string> MetricsAsync(HttpClient client, int port)
    {
        try
        {
            return await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
        }
        catch (HttpRequestException)
        {
            return string.Empty; // It starts.
        }
    }

    private SweepsProcess Silo(string name, string[] arguments)
    {
        var silo = SweepsProcess.Start(
            _folder.Path,
            Environment,
            ["silo", "--name", name, "--slots", "1", "--lease", $"{Lease.TotalSeconds}", .. arguments]);
        _silos.Add(silo);
        return silo;
    }

    private Task<string> SubmitAsync(string id, int epochs, params string[] more) => RunAsync(
        [
            "submit", RepositoryRoot.Combine("examples", "digits.yaml"), "--name", id, "--set", $"epochs={epochs}",
            .. more,
        ]);

    private Dictionary<string, string> Environment => new() { ["SWEEPS_STORE"] = _address };

    private async Task<List<JsonElement>> SilosAsync() =>
        [.. JsonDocument.Parse(await RunAsync("silos", "--json")).RootElement.GetProperty("silos").EnumerateArray()];

    private async Task<string?> StateAsync(string id) => JsonDocument.Parse(await RunAsync("list", "--json"))
        .RootElement.GetProperty("sweeps").EnumerateArray().Single(sweep => sweep.GetProperty("id").GetString() == id)
        .GetProperty("state").GetString();

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await EndAsync(arguments);
        Assert.True(code == 0, $"exit code {code}: {error}");
        return output;
    }

    private async Task<(int Code, string Output, string Error)> EndAsync(params string[] arguments)
    {
        using var process = SweepsProcess.Start(_folder.Path, Environment, arguments);
        return await process.EndAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!await holds())
            await Task.Delay(200, limit.Token);
    }

    private Task UntilTrainsAsync(string id, int silos) =>
        UntilAsync(id, log => log.State.SilosAtWork.Count() == silos);

    /// <summary>The test's own look at the store: a command would cost a process each time.</summary>
    private async Task UntilAsync(string id, Func<SweepLog, bool> shown)
    {
        await using var store = await StoreFactory.OpenAsync(
            StoreAddress.Parse(_address), new StoreOptions { Access = StoreAccess.ReadOnly });
        await UntilAsync(async () => shown(await SweepLog.ReadAsync(store, id)));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("sweeps_trials{[^}]*state=\"waiting\"[^}]*} ([0-9]+)")]
    private static partial Regex Waiting();

    [GeneratedRegex("sweeps_[a-z_]+")]
    private static partial Regex MetricName();
}
