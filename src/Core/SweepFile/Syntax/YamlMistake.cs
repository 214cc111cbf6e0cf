using Sweeps.Core.Networks;

namespace Sweeps.Core.SweepFile.Syntax;

/// <summary>
/// Finds the line that is to blame for a text that is not YAML. A parser notices some mistakes long after they were
/// made, and then names the place where it gave up, or where the map around it began.
/// </summary>
internal static class YamlMistake
{
    /// <summary>How the message of every such error begins.</summary>
    public const string Start = "not valid YAML: ";

    /// <summary>What the parser says, and what that means for whoever wrote the file.</summary>
    private static readonly (string Says, string Means)[] s_meanings =
    [
        ("cannot start any token", "no value begins with this character; put the text in quotes"),
        ("found invalid mapping", "a text with ': ' in it needs quotes; or a line end is missing here"),
        ("did not find expected key",
            "'key: value' is expected here; a ':' may be missing in this line or in the next"),
        ("did not find expected ',' or ']'", "a ',' or a ']' is missing here"),
        ("did not find expected ',' or '}'", "a ',' or a '}' is missing here"),
        ("could not find expected ':'", "a ':' is missing after this key"),
        ("mapping values are not allowed", "no 'key: value' can stand here; a line end or quotes are missing"),
        ("found duplicate anchor", "this anchor is defined twice; rename one"),
    ];

    /// <summary>The error.</summary>
    /// <param name="text">The file.</param>
    /// <param name="found">What the parser says, and where it gave up.</param>
    /// <param name="failureOf">Where the parser gives up on another text; null: it does not.</param>
    public static SourceException Of(string text, SourceException found, Func<string, SourcePosition?> failureOf)
    {
        var lines = text.Split('\n');
        if (Tab(lines) is { } tab && failureOf(WithoutTabs(lines)) != found.Position)
            return Error(tab, "a tab is no indentation; use spaces");
        if (OpenQuote(lines, found.Position) is { } quote)
            return Error(quote, "this quote is not closed; a second one like it is missing");
        if (Indentation(lines, found.Position) is { } line)
        {
            return Error(line, "this line is indented differently from those above it that it belongs to; give the "
                + "keys of one map the same number of spaces");
        }

        if (Placeholder(lines, found.Position) is { } brace)
        {
            return Error(brace, "a text with a placeholder in braces needs quotes here, as in "
                + "mlp: \"flatten | dense {width} relu | dense\"");
        }

        var meaning = Array.Find(s_meanings, m => found.Message.Contains(m.Says, StringComparison.Ordinal)).Means;
        return meaning is null ? found : Error(found.Position, meaning);
    }

    private static string WithoutTabs(string[] lines) => string.Join('\n', lines.Select(line =>
    {
        var content = line.TrimStart(' ', '\t');
        return line[..^content.Length].Replace("\t", "  ", StringComparison.Ordinal) + content;
    }));

    private static SourceException Error(SourcePosition position, string message) =>
        new(position, Start + message);

    /// <summary>The first tab in front of a line's text, which YAML forbids; not in a block of text, whose lines are
    /// all indented.</summary>
    private static SourcePosition? Tab(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var start = lines[i].Length - lines[i].TrimStart(' ').Length;
            if (start < lines[i].Length && lines[i][start] == '\t' && !string.IsNullOrWhiteSpace(lines[i]))
                return new(i + 1, start + 1);
        }

        return null;
    }

    /// <summary>The last line before the end that opens a quote and does not close it, where the parser ran to a place
    /// after it.</summary>
    private static SourcePosition? OpenQuote(string[] lines, SourcePosition found)
    {
        SourcePosition? last = null;
        for (var i = 0; i < lines.Length && i < found.Line; i++)
        {
            if (OpenQuote(lines[i]) is { } column)
                last ??= new(i + 1, column + 1);
        }

        return last;
    }

    /// <summary>The column of a quote that begins a value and does not end on its line; null: none.</summary>
    private static int? OpenQuote(string line)
    {
        var open = -1;
        var sign = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (open >= 0)
            {
                if (c == '\\' && sign == '"')
                    i++;
                else if (c == sign)
                    open = -1;
            }
            else if (c == '#' && (i == 0 || line[i - 1] == ' '))
            {
                return null;
            }
            else if (c is '"' or '\'' && line[..i].TrimEnd() is var before
                && (before.Length == 0 || before[^1] is ':' or '-' or '[' or ',' or '{'))
            {
                (open, sign) = (i, c);
            }
        }

        return open >= 0 ? open : null;
    }

    /// <summary>A name alone in braces, outside quotes, in the line where the parser gave up: YAML takes the brace for
    /// a map.</summary>
    private static SourcePosition? Placeholder(string[] lines, SourcePosition found)
    {
        if (found.Line < 1 || found.Line > lines.Length)
            return null;
        var line = lines[found.Line - 1];
        var match = ArchitectureTemplate.PlaceholderIn(line);
        var isQuoted = match >= 0 && line[..match].Count(c => c is '"' or '\'') % 2 == 1;
        return match < 0 || isQuoted ? null : new(found.Line, match + 1);
    }

    /// <summary>The line of a key that is indented less than its map's first and more than what is around it, at or
    /// before the place where the parser gave up.</summary>
    private static SourcePosition? Indentation(string[] lines, SourcePosition found)
    {
        var open = new Stack<int>();
        for (var i = 0; i < lines.Length && i < found.Line; i++)
        {
            var content = lines[i].TrimStart(' ');
            if (content.TrimEnd().Length == 0 || content[0] is '#' or '-' or '[' or ']' or '{' or '}')
                continue;
            var indent = lines[i].Length - content.Length;
            while (open.TryPeek(out var above) && above > indent)
                open.Pop();
            if (open.TryPeek(out var level) ? level != indent : i > 0 && indent > 0)
            {
                // Deeper is a new map only after a key without a value.
                var previous = Array.FindLast(
                    lines[..i], l => l.Trim().Length > 0 && l.TrimStart()[0] != '#')?.TrimEnd();
                if (previous is not null && !previous.EndsWith(':') && content.Contains(": ", StringComparison.Ordinal))
                    return new(i + 1, indent + 1);
            }

            if (!open.TryPeek(out level) || level < indent)
                open.Push(indent);
        }

        return null;
    }
}
