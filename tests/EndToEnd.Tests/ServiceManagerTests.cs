using System.Net.Sockets;
using System.Text;

namespace Sweeps.EndToEnd.Tests;

/// <summary>systemd's protocol for services of Type=notify: datagrams to the socket that NOTIFY_SOCKET names.</summary>
public sealed class ServiceManagerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Silo_OfTypeNotify_SaysWhenItIsReady_AndWhenItStops()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path };
        using var silo = SweepsProcess.Start(folder.Path, environment, "silo", "--name", "noted", "--slots", "1");

        var start = await UntilAsync(systemd, "READY=1");
        Assert.Contains(
            start, line => line.StartsWith("STATUS=silo noted joined ", StringComparison.Ordinal));
        silo.Signal("TERM");
        await UntilAsync(systemd, "STOPPING=1");

        Assert.Equal(0, (await silo.EndAsync()).ExitCode);
    }

    private static async Task<List<string>> UntilAsync(Socket systemd, string last)
    {
        using var limit = new CancellationTokenSource(Deadline);
        var told = new List<string>();
        var buffer = new byte[4096];
        while (!told.Contains(last))
            told.Add(Encoding.UTF8.GetString(buffer, 0, await systemd.ReceiveAsync(buffer, limit.Token)));
        return told;
    }
}
