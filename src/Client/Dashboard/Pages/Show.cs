using System.Globalization;

namespace Sweeps.Client.Dashboard.Pages;

/// <summary>Texts and times as pages show them.</summary>
internal static class Show
{
    /// <summary>At most so many characters; never half of one that takes two places.</summary>
    public static string Short(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return $"{text[..end]}\u2026";
    }

    /// <summary>The machine's own time, as the command line shows it.</summary>
    public static string Time(DateTimeOffset time) =>
        time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
