using System.Globalization;
using Sweeps.Training.Data.Public;

namespace Sweeps.Client.Data;

/// <summary>Shows a download: a line that is redrawn on a terminal, a line a file elsewhere.</summary>
internal sealed class DataProgress(TextWriter output, bool redrawn) : IProgress<DownloadProgress>
{
    private const int BarWidth = 30;
    private (string File, long Tenths) _shown;

    public void Report(DownloadProgress value)
    {
        var done = value.Bytes >= value.Total;
        var tenths = value.Total == 0 ? 1000 : value.Bytes * 1000 / value.Total;
        if (_shown == (value.File, tenths) || (!redrawn && !done))
            return;
        _shown = (value.File, tenths);
        var amount = string.Create(
            CultureInfo.InvariantCulture,
            $"{tenths / 10.0,5:0.0} %  {value.Bytes / 1e6:0.0} of {value.Total / 1e6:0.0} MB");
        var text = $"{value.File,-28} {Bar(tenths)} {amount}  {value.Mirror}";
        output.Write(redrawn ? $"\r{text}\u001b[K{(done ? "\n" : "")}" : text + "\n");
        output.Flush();
    }

    private static string Bar(long tenths)
    {
        var full = (int)(tenths * BarWidth / 1000);
        return "[" + new string('#', full) + new string('.', BarWidth - full) + "]";
    }
}
