using System.Net;
using System.Net.Http.Headers;

namespace Sweeps.Training.Data.Public;

/// <summary>One attempt to bring one file from one mirror.</summary>
internal sealed class MirrorTransfer(HttpClient http, TimeSpan patience, IProgress<DownloadProgress>? progress)
{
    /// <summary>Continues <c>PATH.part</c>, checks it and renames it to <paramref name="path"/>.</summary>
    /// <exception cref="MirrorException">The mirror did not deliver the file.</exception>
    public async Task RunAsync(Uri address, PublicFile file, string path, CancellationToken cancellation)
    {
        var part = path + ".part";
        bool resumed;
        try
        {
            resumed = await FillAsync(address, file, part, cancellation);
        }
        finally
        {
            if (new FileInfo(part) is { Exists: true, Length: 0 })
                File.Delete(part);
        }

        if (!await PublicFileCheck.IsPublishedAsync(part, file, cancellation))
        {
            File.Delete(part);
            throw new MirrorException("what came is not the published file: its SHA-256 differs", retry: resumed);
        }

        File.Move(part, path, overwrite: true);
    }

    // Whether bytes of an earlier attempt, maybe from another mirror, are part of the file.
    private async Task<bool> FillAsync(Uri address, PublicFile file, string part, CancellationToken cancellation)
    {
        await using var target = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        var before = target.Length;
        if (before > file.Bytes)
            target.SetLength(before = 0);
        if (before == file.Bytes)
            return true;
        target.Position = before;
        try
        {
            await ReceiveAsync(address, file, target, cancellation);
        }
        catch (HttpRequestException error)
        {
            throw new MirrorException(error.Message, retry: target.Length > before);
        }

        await target.FlushAsync(cancellation);
        target.Flush(flushToDisk: true);
        if (target.Length < file.Bytes)
            throw new MirrorException($"cut after {target.Length} of {file.Bytes} bytes", target.Length > before);
        return before > 0;
    }

    private async Task ReceiveAsync(Uri address, PublicFile file, FileStream target, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (target.Position > 0)
            request.Headers.Range = new RangeHeaderValue(target.Position, null);
        using var response = await InTime(
            token => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellation);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            throw new MirrorException($"answered {(int)response.StatusCode} {response.ReasonPhrase}");
        if (response.StatusCode == HttpStatusCode.OK)
            target.SetLength(target.Position = 0);
        else if (response.Content.Headers.ContentRange?.From != target.Position)
            throw new MirrorException("answered with another range than the one asked for");

        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[1 << 16];
        while (true)
        {
            var got = await InTime(token => body.ReadAsync(buffer, token).AsTask(), cancellation);
            if (got == 0)
                return;
            if (target.Position + got > file.Bytes)
            {
                target.SetLength(0);
                throw new MirrorException($"sends more than the {file.Bytes} bytes of the published file");
            }

            await target.WriteAsync(buffer.AsMemory(0, got), cancellation);
            progress?.Report(new(file.Name, target.Position, file.Bytes, address.Host));
        }
    }

    // Network steps only: an IOException that gets past here is the disk's.
    private async Task<T> InTime<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(patience);
        try
        {
            return await step(timer.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"sent nothing for {patience.TotalSeconds:0.#} seconds");
        }
        catch (IOException error)
        {
            throw new HttpRequestException(error.Message, error);
        }
    }
}

/// <summary>One mirror did not deliver a file; the next one may.</summary>
/// <param name="message">Why.</param>
/// <param name="retry">Whether trying the same mirror again can help: the transfer was cut after bytes had
/// come.</param>
internal sealed class MirrorException(string message, bool retry = false) : Exception(message)
{
    public bool Retry { get; } = retry;
}
