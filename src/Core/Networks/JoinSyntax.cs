namespace Sweeps.Core.Networks;

/// <summary>
/// Reads <c>add(...; ...) relu</c> and <c>concat(...; ...)</c>: paths with <c>;</c> between them, each of layers with
/// <c>&gt;</c> between them. An empty path, or <c>identity</c>, passes its input on.
/// </summary>
internal static class JoinSyntax
{
    private const int MaxDepth = 4;

    private static readonly (string Word, JoinKind Kind)[] s_words =
        [("add", JoinKind.Add), ("concat", JoinKind.Concat), ("concatenate", JoinKind.Concat)];

    /// <summary>Whether a text begins a join.</summary>
    public static bool Begins(string text) => KindOf(text) is not null;

    /// <summary>What a word of the maps' notation joins; null: nothing.</summary>
    public static JoinKind? Find(string word) => s_words.Where(known => known.Word == LayerTable.Normalize(word))
        .Select(known => (JoinKind?)known.Kind).FirstOrDefault();

    /// <summary>Reads it.</summary>
    public static JoinLayer Read(string text)
    {
        var trimmed = text.Trim();
        var open = trimmed.IndexOf('(', StringComparison.Ordinal);
        var close = Close(trimmed, open);
        var rest = trimmed[(close + 1)..].Trim();
        var paths = Split(trimmed[(open + 1)..close], ';').Select(ReadPath).ToList();
        var join = new JoinLayer(
            KindOf(trimmed)!.Value, paths, rest.Length == 0 ? Activation.None : Activation.Read(rest));
        join.Validate();
        return join;
    }

    private static JoinKind? KindOf(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open > 0 ? Find(text[..open].Trim()) : null;
    }

    private static IReadOnlyList<Layer> ReadPath(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length == 0 || trimmed.Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? []
            : [.. Split(text, '>').SelectMany(part => RepeatedLayers.Read(part.Trim()))];
    }

    private static int Close(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth > MaxDepth)
                throw new LayerException($"it has more than {MaxDepth} layers of paths within paths");
            if (depth == 0)
                return i;
        }

        throw new LayerException("a ')' is missing at its end");
    }

    /// <summary>Splits where no parenthesis is open.</summary>
    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var (depth, first) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth != 0 || text[i] != separator)
                continue;
            parts.Add(text[first..i]);
            first = i + 1;
        }

        parts.Add(text[first..]);
        return parts;
    }
}
