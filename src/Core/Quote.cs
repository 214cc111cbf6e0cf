namespace Sweeps.Core;

/// <summary>Repeats what the user wrote in an error message without letting it flood the terminal.</summary>
internal static class Quote
{
    private const int Longest = 60;

    /// <summary>The text, cut at 60 characters, with control characters as spaces.</summary>
    public static string Short(string text)
    {
        var cut = text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "...");
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }
}
