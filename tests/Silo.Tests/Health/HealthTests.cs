using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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

    /// <summary>As where a disk has room for the database and none for a checkpoint.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Ready_ReportsThatAreNotStored_SaysSo_AndWhenItIsOver()
    {
        var isFull = true;
        var said = new ConcurrentQueue<string>();
        await using var store = new FaultyStore(
            new MemoryStore(TimeProvider.System),
            call => call == StoreCall.WriteArtifact && Volatile.Read(ref isFull) ? StoreFault.Outage : StoreFault.None);
        await using var silo = await SiloHost.StartAsync(
            store, new NoOpTrainer(), new("test-numerics"), plan => new FixedSearcher(plan.Configurations),
            TestSweep.Settings(), new SiloStart(said.Enqueue));
        await TestSweep.SubmitAsync(silo, TestSweep.Plan(configurations: 1));
        using var limit = new CancellationTokenSource(TestSweep.Deadline);

        // A busy machine may also say that it stood still.
        const string trouble = "nothing that trainings report was stored for ";
        while (silo.Health.IsReady || !said.Any(line => line.StartsWith(trouble, StringComparison.Ordinal)))
            await Task.Delay(50, limit.Token);
        Assert.StartsWith(trouble, silo.Health.Reason);
        Volatile.Write(ref isFull, false);
        await TestSweep.EndAsync(store, "test");
        while (!silo.Health.IsReady || !said.Any(line => line.Contains("takes writes again", StringComparison.Ordinal)))
            await Task.Delay(50, limit.Token);
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
    public async Task Ready_OnceTheLogSaysThatTheStoreIsAway_SaysSoToo_AndWhenItIsOver()
    {
        var isAway = true;
        var said = new ConcurrentQueue<string>();
        await using var store = new FaultyStore(
            new MemoryStore(TimeProvider.System),
            call => call == StoreCall.Heartbeat && Volatile.Read(ref isAway) ? StoreFault.Outage : StoreFault.None);
        // It is said after 10 s, well before the lease is over.
        var settings = TestSweep.Settings() with { Lease = TimeSpan.FromSeconds(30) };
        await using var silo = await SiloHost.StartAsync(
            store, new NoOpTrainer(), new("test-numerics"), plan => new FixedSearcher(plan.Configurations),
            settings, new SiloStart(said.Enqueue));
        using var limit = new CancellationTokenSource(TestSweep.Deadline);

        // A busy machine may also say that it stood still.
        const string trouble = "no write to the store has succeeded for ";
        while (!said.Any(one => one.StartsWith(trouble, StringComparison.Ordinal)))
            await Task.Delay(50, limit.Token);
        SiloHealth health;
        while ((health = silo.Health).IsReady)
            await Task.Delay(50, limit.Token);

        Assert.StartsWith(trouble, health.Reason);
        Assert.Contains(said, line => line.Contains("it does not answer. Trainings go on", StringComparison.Ordinal));
        Volatile.Write(ref isAway, false);
        while (!silo.Health.IsReady)
            await Task.Delay(50, limit.Token);
    }

    /// <summary>Elsewhere than on loopback a sweep's name is for who has the token; probes need none.</summary>
    [Fact]
    public async Task Names_OnAnotherAddressThanLoopback_AreForWhoHasTheToken()
    {
        await using var server = await HealthServer.StartAsync(
            AtWork, new IPEndPoint(IPAddress.Any, 0), new HealthAccess(Token));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Address.Port}") };

        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(client, HealthServer.ReadyPath));
        var (_, anonymous) = await GetAsync(client, "/");
        Assert.DoesNotContain("secret-plans", anonymous, StringComparison.Ordinal);
        Assert.Equal(7, TrainingIn(anonymous).GetProperty("epoch").GetInt32());
        client.DefaultRequestHeaders.Authorization = new("Bearer", "another-token-of-length");
        var (code, refused) = await GetAsync(client, "/");
        Assert.Equal(HttpStatusCode.Unauthorized, code);
        Assert.DoesNotContain("secret-plans", refused, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, refused, StringComparison.Ordinal);
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var (_, full) = await GetAsync(client, "/");
        Assert.Equal("secret-plans", TrainingIn(full).GetProperty("key").GetProperty("sweep").GetString());
    }

    /// <summary>An address that means all of them is none that a link could name.</summary>
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task Address_OfAllAddresses_IsOneOfThisMachine(string listens)
    {
        var any = IPAddress.Parse(listens);
        if (any.Equals(IPAddress.IPv6Any) && !System.Net.Sockets.Socket.OSSupportsIPv6)
            return;
        await using var server = await HealthServer.StartAsync(AtWork, new IPEndPoint(any, 0));
        using var client = new HttpClient();

        var named = IPAddress.Parse(server.Address.Host);
        Assert.NotEqual(IPAddress.Any, named);
        Assert.NotEqual(IPAddress.IPv6Any, named);
        Assert.Equal("ok\n", (await GetAsync(client, new Uri(server.Address, HealthServer.ReadyPath).ToString())).Text);
    }

    [Fact]
    public async Task Names_WithoutAToken_AreForNobodyElsewhere_AndForEverybodyOnLoopback()
    {
        await using var elsewhere = await HealthServer.StartAsync(AtWork, new IPEndPoint(IPAddress.Any, 0));
        await using var here = await HealthServer.StartAsync(AtWork, new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new HttpClient();

        var there = await GetAsync(client, $"http://127.0.0.1:{elsewhere.Address.Port}/");
        Assert.DoesNotContain("secret-plans", there.Text, StringComparison.Ordinal);
        Assert.Contains("secret-plans", (await GetAsync(client, $"{here.Address}")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("long enough but with spaces")]
    public void Token_ThatIsNone_IsRefused_AndNotShown(string token)
    {
        var error = Assert.Throws<Core.SweepsException>(() => new HealthAccess(token));
        Assert.Equal(Core.ErrorKind.Usage, error.Kind);
        Assert.DoesNotContain(token, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_OfFiles_IsUsed_AndReadAgainWhenItIsReplaced()
    {
        var folder = Directory.CreateTempSubdirectory("sweeps-health-");
        var (certificate, key) = (Path.Combine(folder.FullName, "c.pem"), Path.Combine(folder.FullName, "k.pem"));
        try
        {
            var first = WriteCertificate(certificate, key);
            await using var server = await HealthServer.StartAsync(
                AtWork, new IPEndPoint(IPAddress.Loopback, 0), certificate: new HealthCertificate(certificate, key));
            Assert.Equal("https", server.Address.Scheme);

            Assert.Equal(first, await ThumbprintAsync(server.Address));
            var second = WriteCertificate(certificate, key);
            using var limit = new CancellationTokenSource(TestSweep.Deadline);
            while (await ThumbprintAsync(server.Address) != second)
                await Task.Delay(500, limit.Token);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Certificate_ThatIsNoneOrOfAnotherKey_IsRefusedInOneLine()
    {
        var folder = Directory.CreateTempSubdirectory("sweeps-health-");
        try
        {
            string At(string name) => Path.Combine(folder.FullName, name);
            WriteCertificate(At("a.pem"), At("a.key"));
            WriteCertificate(At("b.pem"), At("b.key"));
            File.WriteAllText(At("noise"), "no certificate");
            foreach (var (certificate, key) in (ReadOnlySpan<(string, string?)>)
                [("a.pem", "b.key"), ("noise", null), ("a.pem", null), ("nowhere", "a.key"), ("a.pem", "nowhere")])
            {
                var error = Assert.Throws<Core.SweepsException>(
                    () => new HealthCertificate(At(certificate), key is null ? null : At(key)));
                Assert.Equal(Core.ErrorKind.Usage, error.Kind);
                Assert.StartsWith($"--certificate {At(certificate)}", error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', error.Message);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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

    private const string Token = "0123456789abcdef0123";

    private static SiloHealth AtWork() => new(
        "probed", "incarnation", "0.1.0", "fingerprint", 1, "active", IsLive: true, IsReady: true, null, 0, 1,
        [new TrialActivity(0, new("secret-plans", 0, 0, 1), "a label", 7, 9, 0, double.NaN, 100)]);

    private static JsonElement TrainingIn(string json) =>
        JsonDocument.Parse(json).RootElement.GetProperty("training")[0];

    private static string WriteCertificate(string certificate, string key)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", pair, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(key, pair.ExportPkcs8PrivateKeyPem());
        return made.Thumbprint;
    }

    /// <summary>Of the certificate that a new connection gets.</summary>
    private static async Task<string> ThumbprintAsync(Uri address)
    {
        var thumbprint = "";
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
            {
                thumbprint = certificate!.Thumbprint;
                return true;
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = address };
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(client, HealthServer.LivePath));
        return thumbprint;
    }

    private static async Task<(HttpStatusCode Code, string Text)> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
