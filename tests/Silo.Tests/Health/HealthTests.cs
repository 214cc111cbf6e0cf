using System.Net;
using System.Text.Json;
using Sweeps.Silo.Health;
using Sweeps.Store.Doubles;
using Sweeps.Tests;

namespace Sweeps.Silo.Tests.Health;

/// <summary>Probes over real HTTP.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Probes_SiloAtWork_AreGood_AndNotReadyWhileItDrains()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        using var inEpoch = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var trainer = new NoOpTrainer
        {
            BeforeEpoch = (_, _, cancellation) =>
            {
                inEpoch.Release();
                goOn.Wait(cancellation);
            },
        };
        await using var silo = await TestSweep.StartAsync(store, TestSweep.Settings("probed", slots: 1), trainer);
        await using var server = await HealthServer.StartAsync(
            () => silo.Health, new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new HttpClient { BaseAddress = server.Address };
        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 1));
        Assert.True(await inEpoch.WaitAsync(TestSweep.Deadline));

        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(client, HealthServer.LivePath));
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(client, HealthServer.ReadyPath));
        var status = JsonDocument.Parse((await GetAsync(client, "/")).Text).RootElement;
        Assert.Equal("probed", status.GetProperty("silo").GetString());
        Assert.Equal("test", status.GetProperty("training")[0].GetProperty("key").GetProperty("sweep").GetString());

        var drained = silo.DrainAsync(TestSweep.Deadline);
        var (code, text) = await GetAsync(client, HealthServer.ReadyPath);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
        Assert.Contains("drains", text);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, HealthServer.LivePath)).Code);
        goOn.Set();
        await drained;
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, HealthServer.LivePath)).Code);
    }

    [Fact]
    public async Task Ready_StoreThatTakesNoHeartbeat_SaysSoAfterTheLease()
    {
        await using var store = new FaultyStore(
            new MemoryStore(TimeProvider.System),
            call => call == StoreCall.Heartbeat ? StoreFault.Outage : StoreFault.None);
        await using var silo = await TestSweep.StartAsync(store);

        using var limit = new CancellationTokenSource(TestSweep.Deadline);
        while (silo.Health.IsReady)
            await Task.Delay(50, limit.Token);

        Assert.Contains("no heartbeat", silo.Health.Reason);
        Assert.True(silo.Health.IsLive);
    }

    [Fact]
    public async Task Listen_PortInUse_SaysWhatToDo()
    {
        await using var store = new MemoryStore(TimeProvider.System);
        await using var silo = await TestSweep.StartAsync(store);
        await using var first = await HealthServer.StartAsync(() => silo.Health, new IPEndPoint(IPAddress.Loopback, 0));

        var error = await Assert.ThrowsAsync<Core.SweepsException>(
            () => HealthServer.StartAsync(() => silo.Health, new IPEndPoint(IPAddress.Loopback, first.Address.Port)));

        Assert.Equal(Core.ErrorKind.Usage, error.Kind);
        Assert.Contains("free port", error.Message);
    }

    private static async Task<(HttpStatusCode Code, string Text)> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
