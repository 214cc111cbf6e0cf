using System.Globalization;

namespace Sweeps.Client.Silos;

/// <summary>Lines with a time, for the journals of service managers and containers.</summary>
internal sealed class PlainLog(TextWriter output, TimeProvider time)
{
    public void Write(string line)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z {line}"));
        output.Flush();
    }
}
