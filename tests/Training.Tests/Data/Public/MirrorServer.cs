using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sweeps.Training.Tests.Data.Public;

/// <summary>
/// A mirror on the loopback: answers one GET per connection by hand, so that a test can cut a body, ignore a range or
/// send something else. Bytes go straight to the socket because no web server lets its own answers be broken.
/// </summary>
internal sealed class MirrorServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, long?, MirrorAnswer> _answer;
    private readonly Task _loop;

    /// <summary>Answers each request by its path and, where asked for, the first byte of its range.</summary>
    public MirrorServer(Func<string, long?, MirrorAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = RunAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    /// <summary>The requests so far: path, and first byte of the range or null.</summary>
    public List<(string Path, long? From)> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(connection.GetStream());
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IOException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var reader = new StreamReader(stream, Encoding.ASCII);
        var path = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1].TrimStart('/');
        long? from = null;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } header)
        {
            if (header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                from = long.Parse(header[13..^1]);
        }

        lock (Requests)
            Requests.Add((path, from));
        var answer = _answer(path, from);
        var start = answer.Status == 206 ? from!.Value : 0;
        var body = answer.Body.AsMemory((int)start);
        var head = $"HTTP/1.1 {answer.Status} x\r\nContent-Length: {body.Length}\r\nConnection: close\r\n";
        if (answer.Status == 206)
            head += $"Content-Range: bytes {start}-{answer.Body.Length - 1}/{answer.Body.Length}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n"), _stop.Token);
        await stream.WriteAsync(body[..(int)Math.Min(body.Length, answer.CutAfter)], _stop.Token);
        if (answer.Stall)
            await Task.Delay(Timeout.Infinite, _stop.Token);
    }
}

/// <summary>What a mirror answers: the whole file's bytes, of which 206 sends those from the range on.</summary>
internal sealed record MirrorAnswer(int Status, byte[] Body)
{
    /// <summary>The connection closes after that many bytes of the body.</summary>
    public long CutAfter { get; init; } = long.MaxValue;

    /// <summary>The connection stays open and silent instead of closing.</summary>
    public bool Stall { get; init; }
}
