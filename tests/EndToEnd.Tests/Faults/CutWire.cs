using System.Net;
using System.Net.Sockets;

namespace Sweeps.EndToEnd.Tests.Faults;

/// <summary>
/// A way to a server on this machine that can be cut: then nothing arrives in either direction and no connection
/// breaks, as on a network that loses packets. Healed, everything held up goes on.
/// </summary>
internal sealed class CutWire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private readonly CancellationTokenSource _closing = new();
    private TaskCompletionSource _open = new();

    public CutWire(int server)
    {
        _server = server;
        _open.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut() => Volatile.Write(ref _open, new(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Heal() => Volatile.Read(ref _open).TrySetResult();

    public void Dispose()
    {
        _closing.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token));
            }
            catch (Exception error)
                when (error is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await PassAsync();
            await far.ConnectAsync(IPAddress.Loopback, _server, _closing.Token);
            await Task.WhenAny(
                CopyAsync(near.GetStream(), far.GetStream()), CopyAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException)
        {
            // The connection is over: both ends are closed.
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[65_536];
        while (await from.ReadAsync(buffer, _closing.Token) is > 0 and var count)
        {
            await PassAsync();
            await to.WriteAsync(buffer.AsMemory(0, count), _closing.Token);
        }
    }

    private Task PassAsync() => Volatile.Read(ref _open).Task.WaitAsync(_closing.Token);
}
