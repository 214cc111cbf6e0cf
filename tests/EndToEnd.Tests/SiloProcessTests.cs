using System.Net;
using System.Text.Json;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>Silos as service managers run them: joined, probed over HTTP, told to stop.</summary>
[Trait("Speed", "slow")]
public sealed class SiloProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [PostgresFact]
    public async Task Silo_TrainsWhatIsSubmitted_AnswersProbes_AndLeavesOnSigterm()
    {
        await using var server = await PostgresServer.CreateAsync();
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string>
        {
            ["SWEEPS_STORE"] = server.Address(withPassword: false),
            ["PGPASSWORD"] = PostgresServer.Password,
        };
        var port = FreePort.Next();
        using var silo = SweepsProcess.Start(
            folder.Path, environment, "silo", "--name", "probed", "--slots", "1", "--listen", $"{port}");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await UntilAsync(silo, async () => await StatusAsync(client, "/health/ready") == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/health/live"));
        var arguments = await File.ReadAllTextAsync($"/proc/{silo.Id}/cmdline");
        Assert.DoesNotContain(PostgresServer.Password, arguments);

        var file = Sweeps.Tests.RepositoryRoot.Combine("examples", "digits.yaml");
        await RunAsync(folder.Path, environment, "submit", file, "--set", "epochs=400");
        await UntilAsync(silo, async () =>
        {
            var status = JsonDocument.Parse(await client.GetStringAsync(new Uri("/", UriKind.Relative))).RootElement;
            return status.GetProperty("training").GetArrayLength() > 0;
        });
        // The sweep's networks all train on the native engine.
        Assert.DoesNotContain("libtorch", await File.ReadAllTextAsync($"/proc/{silo.Id}/maps"));
        silo.Signal("TERM");
        var notReady = await UntilGoneAsync(client);
        var (exit, _, error) = await silo.EndAsync();

        Assert.True(exit == 0, $"exit code {exit}: {error}");
        Assert.True(notReady || error.Contains("leaves", StringComparison.Ordinal));
        Assert.DoesNotContain(PostgresServer.Password, error);
        Assert.Contains("draining", error);
        var listing = await RunAsync(folder.Path, environment, "silos", "--all", "--json");
        var silos = JsonDocument.Parse(listing).RootElement;
        Assert.Equal("left", silos.GetProperty("silos")[0].GetProperty("state").GetString());
        var shown = JsonDocument.Parse(await RunAsync(folder.Path, environment, "list", "--json")).RootElement;
        Assert.Equal("interrupted", shown.GetProperty("sweeps")[0].GetProperty("state").GetString());
    }

    private static async Task<string> RunAsync(
        string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = SweepsProcess.Start(folder, environment, arguments);
        var (exit, output, error) = await process.EndAsync();
        Assert.True(exit == 0, $"exit code {exit}: {error}");
        return output;
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task UntilAsync(SweepsProcess silo, Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!await holds())
        {
            Assert.False(silo.HasExited, "the silo ended");
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>Asks until nobody answers; whether the silo said in between that it is not ready.</summary>
    private static async Task<bool> UntilGoneAsync(HttpClient client)
    {
        using var limit = new CancellationTokenSource(Deadline);
        var notReady = false;
        while (await StatusAsync(client, "/health/ready") is { } status)
        {
            notReady |= status == HttpStatusCode.ServiceUnavailable;
            await Task.Delay(5, limit.Token);
        }

        return notReady;
    }
}
