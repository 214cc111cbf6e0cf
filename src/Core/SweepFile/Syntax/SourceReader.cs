using System.Globalization;

namespace Sweeps.Core.SweepFile.Syntax;

/// <summary>Turns the text of a sweep file into nodes. Every failure is a problem with its place; nothing is
/// thrown.</summary>
internal static class SourceReader
{
    /// <summary>Reads YAML or JSON; a file that starts like JSON and is not falls back to YAML, whose flow style looks
    /// alike.</summary>
    /// <returns>Null when the text cannot be read; then there is a problem.</returns>
    public static SourceNode? Read(string text, string fileName, ProblemList problems)
    {
        if (text.Length > SourceLimits.Characters)
        {
            problems.Add(new(1, 1), "", string.Create(
                CultureInfo.InvariantCulture,
                $"the file has {text.Length} characters; allowed: at most {SourceLimits.Characters}"));
            return null;
        }

        // Whoever decoded the bytes may have left the mark of their order.
        text = text.TrimStart('\uFEFF');
        var isJson = fileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !text.AsSpan().TrimStart().StartsWith("{"))
            return Parse(YamlSource.Read, text, problems);
        var attempt = new ProblemList();
        var node = Parse(JsonSource.Read, text, attempt);
        if (node is not null || isJson)
        {
            problems.AddRange(attempt);
            return node;
        }

        return Parse(YamlSource.Read, text, problems);
    }

    private static SourceNode? Parse(Func<string, ProblemList, SourceNode> parser, string text, ProblemList problems)
    {
        try
        {
            return parser(text, problems);
        }
        catch (SourceException e)
        {
            problems.Add(e.Position, "", e.Message);
            return null;
        }
    }
}

/// <summary>The text is not YAML or JSON, or exceeds a limit; never leaves <see cref="SourceReader"/>.</summary>
internal sealed class SourceException(SourcePosition position, string message) : Exception(message)
{
    /// <summary>Where.</summary>
    public SourcePosition Position { get; } = position;
}

/// <summary>Bounds on what a sweep file may be. All are far above any file that a person would write.</summary>
internal static class SourceLimits
{
    /// <summary>Characters of a file.</summary>
    public const int Characters = 1 << 20;

    /// <summary>Maps and lists inside each other.</summary>
    public const int Depth = 32;

    /// <summary>Nodes with every alias written out: a file of nested aliases grows exponentially without it.</summary>
    public const int Nodes = 100_000;

    /// <summary>Problems told at once; more would hide the first.</summary>
    public const int Problems = 100;
}
