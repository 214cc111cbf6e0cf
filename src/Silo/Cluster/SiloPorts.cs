using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sweeps.Core;

namespace Sweeps.Silo.Cluster;

/// <summary>The ports that a silo may listen on for the others.</summary>
/// <param name="First">The first; 0: any that is free.</param>
/// <param name="Last">The last.</param>
public readonly record struct SiloPorts(int First, int Last)
{
    /// <summary>This process's own, kept until it ends.</summary>
    private static readonly ConcurrentDictionary<int, Socket> s_reserved = new();

    /// <summary>A port that nobody uses now, so that several silos run side by side on one machine.</summary>
    /// <param name="address">Where it will listen.</param>
    /// <exception cref="SweepsException">All are taken.</exception>
    internal int Free(IPAddress address)
    {
        for (var port = First; port <= Last; port++)
        {
            if (!Reserve(port))
                continue;
            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one.
            }
            catch (SocketException error)
            {
                throw new SweepsException(
                    ErrorKind.Usage,
                    $"--silo-port {this}: port {port} of {address} cannot be used: {error.Message}. Choose others, "
                        + "from 1024 on where the user is not root.",
                    error);
            }
        }

        throw new SweepsException(
            ErrorKind.Usage,
            $"--silo-port {this}: other processes use all of them on {address}. Give as many as silos run on the "
                + "machine.");
    }

    /// <summary>
    /// Orleans' listeners share a port with whoever does the same, so that two silos that start at once could both have
    /// it and get each other's connections: the first to bind a name of this network has the port until it ends.
    /// </summary>
    private static bool Reserve(int port)
    {
        // Of any port that is free there are too many for two to meet; other systems share no ports.
        if (port == 0 || !OperatingSystem.IsLinux() || s_reserved.ContainsKey(port))
            return true;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0sweeps-silo-port-{port}"));
            return s_reserved.TryAdd(port, socket);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return false;
        }
    }

    /// <inheritdoc />
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
