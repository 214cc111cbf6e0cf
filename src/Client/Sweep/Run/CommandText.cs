using System.CommandLine;
using Sweeps.Storage;

namespace Sweeps.Client.Sweep.Run;

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
        // An address may have been typed with its password, which is never printed.
        if (typed.IndexOf("--store") + 1 is > 0 and var store && store < typed.Count)
            typed[store] = StoreAddress.Parse(typed[store]) is { Kind: StoreKind.Postgres } address
                ? $"{address}"
                : typed[store];
        return typed.Contains("--fresh")
            ? $"sweeps resume {id}"
            : $"sweeps {string.Join(' ', typed.Where(word => !s_onceOnly.Contains(word)).Select(Quoted))}";
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "-_./=:,@+%".Contains(letter))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
