namespace Sweeps.EndToEnd.Tests;

/// <summary>The rolling log beside a store: what a test can see of a process from outside, without stopping
/// it.</summary>
internal sealed class SiloLog(string folder)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    /// <summary>How often the text stands in the log so far.</summary>
    public int Count(string text) => Directory.Exists(folder)
        ? Directory.GetFiles(folder).Sum(
            file => Lines(file).Count(line => line.Contains(text, StringComparison.Ordinal)))
        : 0;

    /// <summary>Waits until the text stands in the log more than <paramref name="times"/> times, or the process
    /// ends.</summary>
    /// <returns>False: it ended first.</returns>
    public async Task<bool> UntilMoreAsync(string text, int times, SweepsProcess process)
    {
        for (var waited = TimeSpan.Zero; waited < Deadline; waited += TimeSpan.FromMilliseconds(50))
        {
            if (Count(text) > times)
                return true;
            if (process.HasExited)
                return false;
            await Task.Delay(50);
        }

        throw new TimeoutException($"The log in {folder} never said '{text}' again.");
    }

    private static List<string> Lines(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }
}
