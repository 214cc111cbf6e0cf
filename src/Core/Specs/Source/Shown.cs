namespace Sweeps.Core.Specs.Source;

/// <summary>How text from a file is shown in a message: short, on one line.</summary>
internal static class Shown
{
    private const int Length = 60;

    /// <summary>The text, cut where it is long and with dots for control characters.</summary>
    public static string Text(string text)
    {
        var shown = text.Length <= Length ? text : text[..Length] + "...";
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\u00b7' : c));
    }
}
