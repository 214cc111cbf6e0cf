using System.Net.Sockets;
using System.Text;
using Sweeps.Silo.Cluster;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;
using Sweeps.Tests.Shared;

namespace Sweeps.Silo.Tests.Cluster;

/// <summary>
/// Somebody on the network who knows the program, and where a silo is: refused, and said once. The silo's work goes on.
/// </summary>
[Collection("postgres")]
public sealed class StrangerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly DirectoryInfo _logs = Directory.CreateTempSubdirectory("sweeps-strangers-");
    private ISweepStore _store = null!;
    private ISweepStore _other = null!;
    private SiloHost _silo = null!;
    private SiloAddress _address = null!;

    public async Task InitializeAsync()
    {
        _store = await OpenAsync(await postgres.Server.CreateDatabaseAsync());
        _other = await OpenAsync(await postgres.Server.CreateDatabaseAsync());
        _silo = await TestSweep.StartAsync(
            _store, TestSweep.Settings() with { LogFolder = _logs.FullName, Lease = TimeSpan.FromSeconds(15) });
        _address = await ForgedTable.AddressOfTheSiloAsync(_store);
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _store.DisposeAsync();
        await _other.DisposeAsync();
        _logs.Delete(recursive: true);
    }

    [PostgresTheory]
    [Trait("Speed", "slow")]
    [InlineData(Papers.None, "it does not speak TLS")]
    [InlineData(Papers.OtherDatabase, "its certificate is not of this store")]
    public async Task ClientOfOrleans_IsRefused_AndSaidOnce(Papers papers, string reason)
    {
        using var certificate = await Stranger.CertificateAsync(papers, _store, _other);

        // It tries many times.
        await Assert.ThrowsAnyAsync<Exception>(() => Stranger.AskAsync(_address, certificate, "test"));

        await AssertRefusedOnceAsync(reason);
    }

    [PostgresTheory]
    [InlineData(Papers.None, "it does not speak TLS")]
    [InlineData(Papers.SelfMade, "its certificate is not of this store")]
    [InlineData(Papers.Forged, "its certificate is not of this store")]
    [InlineData(Papers.OtherDatabase, "its certificate is not of this store")]
    [Trait("Speed", "slow")]
    public async Task FakeSilo_IsRefused_AndSaidOnce(Papers papers, string reason)
    {
        using var certificate = await Stranger.CertificateAsync(papers, _store, _other);

        await Assert.ThrowsAnyAsync<Exception>(() => Stranger.JoinAsync(_address, certificate));

        await AssertRefusedOnceAsync(reason);
    }

    /// <summary>What the strangers of these tests lack is the certificate, and nothing else.</summary>
    [PostgresFact]
    public async Task SiloWithACertificateOfTheStore_IsLetIn()
    {
        using var certificate = await Stranger.CertificateAsync(Papers.Right, _store, _other);

        using var host = await Stranger.JoinAsync(_address, certificate);

        Assert.DoesNotContain("Refused", LogText(), StringComparison.Ordinal);
        await host.StopAsync();
    }

    /// <summary>A scanner, a browser, noise, and silence.</summary>
    [PostgresFact]
    [Trait("Speed", "slow")]
    public async Task ConnectionsThatAreNoSilos_AreClosed_AndHoldNobodyUp()
    {
        using (await ConnectAsync())
        {
            // And gone again, as who looks whether the port is open.
        }

        byte[] noise = [22, 3, 1, 0, 200, .. Enumerable.Range(0, 200).Select(n => (byte)n)];
        foreach (var words in (byte[][])[Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"), noise])
        {
            using var caller = await ConnectAsync();
            await caller.SendAsync(words);
            await AssertClosedAsync(caller);
        }

        var silent = new List<Socket>();
        for (var i = 0; i < Strangers.WaitingMost; i++)
            silent.Add(await ConnectAsync());
        // One too many from one address: it is closed while it connects, or at once.
        try
        {
            silent.Add(await ConnectAsync());
        }
        catch (SocketException)
        {
            // That soon.
        }

        // A handshake that is begun and goes no further.
        await silent[0].SendAsync(new byte[] { 22, 3, 1, 0, 200, 1 });
        await TestSweep.SubmitAsync(_silo, TestSweep.Plan(configurations: 4));
        await TestSweep.EndAsync(_store, "test");
        foreach (var caller in silent)
        {
            await AssertClosedAsync(caller);
            caller.Dispose();
        }

        // None of them holds a place any more.
        using var certificate = await Stranger.CertificateAsync(Papers.Right, _store, _other);
        using var host = await Stranger.JoinAsync(_address, certificate);
        await host.StopAsync();
        await AssertRefusedOnceAsync("it does not speak TLS");
    }

    /// <summary>The documented way to change the authority, while silos run.</summary>
    [PostgresFact]
    [Trait("Speed", "slow")]
    public async Task AuthorityDeleted_SilosThatRunAndOneThatJoins_AgreeOnANewOne()
    {
        var database = _store.Address.ToString().Split('/')[^1];
        await using var second = await TestSweep.StartAsync(_store, Named("second"));
        var before = await Stranger.CertificateAsync(Papers.Right, _store, _other);

        await postgres.Server.SqlAsync("DELETE FROM sweeps.cluster_authorities", database);
        await using var third = await TestSweep.StartAsync(_store, Named("third"));
        await TestSweep.SubmitAsync(third, TestSweep.Plan(configurations: 20));
        await TestSweep.EndAsync(_store, "test");

        await Assert.ThrowsAnyAsync<Exception>(() => Stranger.JoinAsync(_address, before));
        Assert.Equal("1", await postgres.Server.SqlAsync("SELECT count(*) FROM sweeps.cluster_authorities", database));
    }

    private static SiloSettings Named(string name) =>
        TestSweep.Settings(name) with { Lease = TimeSpan.FromSeconds(15) };

    private static Task<ISweepStore> OpenAsync(string address) => StoreFactory.OpenAsync(StoreAddress.Parse(address));

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_address.Endpoint);
        return socket;
    }

    private static async Task AssertClosedAsync(Socket caller)
    {
        using var limit = new CancellationTokenSource(TestSweep.Deadline);
        try
        {
            var answer = new byte[4096];
            while (await caller.ReceiveAsync(answer, limit.Token) > 0)
            {
                // What TLS answers to noise.
            }
        }
        catch (SocketException)
        {
            // Closed the hard way.
        }
    }

    private async Task AssertRefusedOnceAsync(string reason)
    {
        using var limit = new CancellationTokenSource(TestSweep.Deadline);
        while (!LogText().Contains("Refused", StringComparison.Ordinal))
            await Task.Delay(50, limit.Token);
        var lines = LogText().Split('\n');
        var line = Assert.Single(lines, line => line.Contains("Refused a connection", StringComparison.Ordinal));
        Assert.Contains("WRN", line, StringComparison.Ordinal);
        Assert.Contains($"Refused a connection from 127.0.0.1: {reason}", line, StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains("AuthenticationException", StringComparison.Ordinal));
    }

    private string LogText() => string.Concat(_logs.GetFiles("*.log").Select(file =>
    {
        using var reader = new StreamReader(
            new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }));
}
