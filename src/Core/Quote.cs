using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Sweeps.Core;

/// <summary>Repeats what the user wrote in a message without letting it flood or steer the terminal.</summary>
public static class Quote
{
    private const int Longest = 60;

    /// <summary>
    /// The text on one line, cut at 60 characters, with a dot for each character that is not shown as itself: control
    /// characters, halves of surrogate pairs, and those that change the direction of the text around them.
    /// </summary>
    [SuppressMessage("Naming", "CA1720", Justification = "Short as in brief, not as a type of number.")]
    public static string Short(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var length = text.Length <= Longest ? text.Length
            : char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
        var shown = new StringBuilder(length + 3);
        foreach (var rune in text.AsSpan(0, length).EnumerateRunes())
            shown.Append(IsShown(rune) ? rune.ToString() : "\u00b7");
        return shown.Append(length < text.Length ? "..." : "").ToString();
    }

    /// <summary>The text as a shell takes it for one argument.</summary>
    public static string Argument(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || "-_./=:,@+%".Contains(letter))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>Whether a terminal shows the character as itself: no control, no change of direction, no broken
    /// one.</summary>
    public static bool IsShown(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator);
}

/// <summary>Puts messages together.</summary>
public static class Sentence
{
    /// <summary>With a full stop at its end, unless it ends a sentence already.</summary>
    public static string Ended(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && text[^1] is '.' or '?' or '!' ? text : $"{text}.";
    }
}
