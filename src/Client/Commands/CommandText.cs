using System.CommandLine;

namespace Sweeps.Client.Commands;

/// <summary>Commands as the user can type them.</summary>
internal static class CommandText
{
    private static readonly string[] s_onceOnly = ["--fresh", "--json", "--verbose"];

    /// <summary>
    /// The command that goes on with a run: what was typed, without what would start anew; a fresh sweep goes on by its
    /// id.
    /// </summary>
    public static string Again(ParseResult parsed, string id)
    {
        var typed = parsed.Tokens.Select(token => token.Value).ToList();
        return typed.Contains("--fresh")
            ? $"sweeps resume {id}"
            : $"sweeps {string.Join(' ', typed.Where(word => !s_onceOnly.Contains(word)).Select(Quoted))}";
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "-_./=:,@+%".Contains(letter))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
