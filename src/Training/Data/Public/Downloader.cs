using Sweeps.Core;

namespace Sweeps.Training.Data.Public;

/// <summary>
/// Brings a public data set onto this machine. Each file goes to a <c>.part</c> file, which a later attempt continues,
/// is compared with its published checksum and then renamed, so that a file that has its name is whole.
/// </summary>
/// <param name="http">The client; its timeout has to allow for long transfers.</param>
/// <param name="progress">Told about every stretch that arrives; null: nobody.</param>
public sealed class Downloader(HttpClient http, IProgress<DownloadProgress>? progress = null)
{
    // Attempts at one mirror that each bring new bytes before they are cut.
    private const int AttemptsPerMirror = 5;

    /// <summary>How long a mirror may send nothing.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A client for downloads: no limit on the whole transfer, ten seconds to connect.</summary>
    public static HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("sweeps");
        return client;
    }

    /// <summary>Downloads what is missing or damaged.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="folders">It goes into the first of them, in a subfolder of its name.</param>
    /// <param name="cancellation">Stops; what has arrived is kept for the next time.</param>
    /// <returns>The folder that holds its files now.</returns>
    /// <exception cref="SweepsException">No mirror delivered, or the folder cannot be written.</exception>
    public async Task<string> GetAsync(PublicDataSet set, DataFolders folders, CancellationToken cancellation)
    {
        var folder = Path.Combine(folders.Target.Path, set.Name);
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var file in set.Download.Files)
                await GetAsync(set, file, folder, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(ErrorKind.Data, $"'{folder}' cannot be written: {error.Message}", error);
        }

        return folder;
    }

    private async Task GetAsync(PublicDataSet set, PublicFile file, string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, file.Name);
        if (File.Exists(path) && await PublicFileCheck.IsPublishedAsync(path, file, cancellation))
        {
            progress?.Report(new(file.Name, file.Bytes, file.Bytes, "here already"));
            return;
        }

        var failures = new List<string>();
        foreach (var mirror in set.Download.Mirrors)
        {
            var address = new Uri(new Uri(mirror), file.Name);
            for (var attempt = 1; attempt <= AttemptsPerMirror; attempt++)
            {
                try
                {
                    await new MirrorTransfer(http, Patience, progress).RunAsync(address, file, path, cancellation);
                    return;
                }
                catch (MirrorException error)
                {
                    if (error.Retry && attempt < AttemptsPerMirror)
                        continue;
                    failures.Add($"{address}: {error.Message}");
                    break;
                }
            }
        }

        throw new SweepsException(
            ErrorKind.Data,
            $"Could not download {file.Name} of '{set.Name}':\n  {string.Join("\n  ", failures)}\n"
            + $"Put {set.FileNames} into '{folder}' by hand, or use 'digits', which needs no files.");
    }
}

/// <summary>How far the download of one file is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Bytes">Bytes on disk so far, those of an earlier attempt included.</param>
/// <param name="Total">Bytes in all.</param>
/// <param name="Mirror">The host they come from.</param>
public sealed record DownloadProgress(string File, long Bytes, long Total, string Mirror);
