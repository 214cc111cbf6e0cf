namespace Sweeps.Client.Terminal;

/// <summary>Finds out what the output can show.</summary>
internal static class DataTerminal
{
    /// <summary>Colours on a terminal, by COLORTERM and TERM; none in a pipe or with NO_COLOR (no-color.org).</summary>
    public static DataColors ColorsOf(TextWriter output)
    {
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
            return DataColors.None;
        if (Variable("NO_COLOR").Length > 0 || Variable("TERM") == "dumb")
            return DataColors.None;
        return Variable("COLORTERM") is "truecolor" or "24bit" ? DataColors.True : DataColors.Indexed;
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
