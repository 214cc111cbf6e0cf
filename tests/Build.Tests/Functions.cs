using System.Text.RegularExpressions;

namespace Sweeps.Build.Tests;

/// <summary>
/// Finds the functions of a C# file by its braces: blocks that stand directly in a type. Their length is counted from
/// the line where the header begins. Tables that initialise a member are no functions.
/// </summary>
internal static partial class Functions
{
    internal sealed record Function(string Header, int Line, int Lines);

    private enum Block
    {
        Type,
        Function,
        Other,
    }

    /// <param name="code">Without comments and strings.</param>
    public static IEnumerable<Function> Of(string code)
    {
        var open = new Stack<(Block Kind, string Header, int Line)>();
        var (header, headerLine, line, parentheses) = (string.Empty, 1, 1, 0);
        foreach (var character in code)
        {
            switch (character)
            {
                case '\n':
                    line++;
                    header += ' ';
                    continue;
                case '{':
                    open.Push((KindOf(header, open.Count == 0 ? Block.Type : open.Peek().Kind), header, headerLine));
                    header = string.Empty;
                    continue;
                case '}':
                    // A quotation mark within an interpolated string can hide a brace; such files balance at their end.
                    if (open.TryPop(out var closed) && closed.Kind == Block.Function)
                        yield return new(closed.Header.Trim(), closed.Line, line - closed.Line + 1);
                    header = string.Empty;
                    continue;
                case ';' when parentheses == 0:
                    header = string.Empty;
                    continue;
            }

            parentheses += character switch { '(' => 1, ')' => -1, _ => 0 };
            if (string.IsNullOrWhiteSpace(header) && !char.IsWhiteSpace(character))
                headerLine = line;
            header += character;
        }
    }

    private static Block KindOf(string header, Block around)
    {
        if (around != Block.Type)
            return Block.Other;
        if (TypeHeader().IsMatch(header))
            return Block.Type;
        return Initialiser().IsMatch(Parenthesised().Replace(header, "()")) ? Block.Other : Block.Function;
    }

    [GeneratedRegex(@"\b(class|struct|record|interface|enum|namespace|extension)\b")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex Parenthesised();

    [GeneratedRegex(@"(?<![=!<>])=(?![=>])")]
    private static partial Regex Initialiser();
}
