using System.Globalization;
using Sweeps.Training.Data.Pictures;

namespace Sweeps.Client.Terminal;

/// <summary>How far a large data set has been read, on one line of the terminal; elsewhere a line every few seconds.
/// </summary>
internal sealed class ReadingLine(TextWriter error, bool isRedirected)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private long _told = TimeProvider.System.GetTimestamp();
    private int _width;

    public void Show(ReadingProgress progress)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{progress.What}: {progress.Done:N0} of {progress.Total:N0} pictures");
        if (!isRedirected)
        {
            var isDone = progress.Done == progress.Total;
            if (isDone && _width == 0)
                return;
            error.Write($"\r{(isDone ? "" : text).PadRight(_width)}{(isDone ? "\r" : "")}");
            _width = isDone ? 0 : text.Length;
        }
        else if (progress.Done < progress.Total && TimeProvider.System.GetElapsedTime(_told) >= s_interval)
        {
            error.WriteLine(text);
            _told = TimeProvider.System.GetTimestamp();
        }
    }
}
