namespace Sweeps.Client.Commands;

/// <summary>Finds out what the output can show.</summary>
internal static class DataTerminal
{
    /// <summary>Colours on a terminal, by COLORTERM and TERM; none in a pipe or with NO_COLOR (no-color.org).</summary>
    public static DataColors ColorsOf(TextWriter output)
    {
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
            return DataColors.None;
        if (Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") == "dumb")
            return DataColors.None;
        return Environment.GetEnvironmentVariable("COLORTERM") is "truecolor" or "24bit" ? DataColors.True : DataColors.Indexed;
    }
}
