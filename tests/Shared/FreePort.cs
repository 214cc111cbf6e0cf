using System.Net;
using System.Net.Sockets;

namespace Sweeps.Tests.Shared;

/// <summary>Ports for servers that a test starts.</summary>
internal static class FreePort
{
    /// <summary>A port of this machine that nobody uses now.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
