using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sweeps.Core.SweepFile.Syntax;

/// <summary>Reads YAML by its events, which carry line and column; types are decided later, by what each key
/// expects.</summary>
internal static class YamlSource
{
    /// <summary>The file as nodes.</summary>
    /// <exception cref="SourceException">It is not one YAML document, or breaks a limit.</exception>
    public static SourceNode Read(string text, ProblemList problems)
    {
        try
        {
            return Parse(text, problems);
        }
        catch (SourceException e) when (e.Message.StartsWith(YamlMistake.Start, StringComparison.Ordinal))
        {
            throw YamlMistake.Of(text, e, FailureOf);
        }
    }

    private static SourceNode Parse(string text, ProblemList problems)
    {
        try
        {
            return ReadDocument(new Parser(new StringReader(text)), problems);
        }
        catch (YamlException e)
        {
            throw new SourceException(At(e.Start), YamlMistake.Start + Clean(e));
        }
    }

    /// <summary>Where a text is no YAML; null: it is.</summary>
    private static SourcePosition? FailureOf(string text)
    {
        try
        {
            Parse(text, new ProblemList());
            return null;
        }
        catch (SourceException e)
        {
            return e.Position;
        }
    }

    private static SourceNode ReadDocument(Parser parser, ProblemList problems)
    {
        var builder = new SourceBuilder();
        var anchors = new Dictionary<AnchorName, SourceNode>();
        var open = new Stack<NodeEvent>();
        while (Advance(parser, open))
        {
            switch (parser.Current)
            {
                case DocumentStart start when builder.Root is not null:
                    throw new SourceException(
                        At(start.Start), "a second document starts here; a sweep file is one document");
                case Scalar scalar when builder.ExpectsKey:
                    builder.AddKey(At(scalar.Start), KeyOf(scalar));
                    break;
                case Scalar scalar:
                    var value = new SourceScalar(At(scalar.Start), scalar.Value, scalar.Style != ScalarStyle.Plain);
                    Register(anchors, scalar.Anchor, value);
                    builder.Add(value);
                    break;
                case NodeEvent node and (MappingStart or SequenceStart):
                    if (builder.ExpectsKey)
                        throw new SourceException(At(node.Start), "a key is a text, not a map or a list");
                    open.Push(node);
                    builder.Open(At(node.Start), node is MappingStart);
                    break;
                case MappingEnd or SequenceEnd:
                    Register(anchors, open.Pop().Anchor, builder.Close());
                    break;
                case AnchorAlias alias:
                    builder.Add(Resolve(anchors, alias, builder.ExpectsKey));
                    break;
            }
        }

        problems.AddRange(builder.Duplicates);
        return builder.Root ?? throw new SourceException(
            new(1, 1), "the file is empty; a sweep needs at least 'data' and 'architectures', see the examples folder");
    }

    /// <summary>
    /// The scanner answers some malformed texts with bare exceptions that know no place; the commonest is a list or map
    /// in brackets that is not closed.
    /// </summary>
    private static bool Advance(Parser parser, Stack<NodeEvent> open)
    {
        var last = parser.Current?.End ?? Mark.Empty;
        try
        {
            return parser.MoveNext();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException
            or IndexOutOfRangeException or OverflowException or NullReferenceException)
        {
            throw open.FirstOrDefault() switch
            {
                MappingStart { Style: MappingStyle.Flow } map =>
                    new SourceException(At(map.Start), "not valid YAML: this map is not closed; a '}' is missing"),
                SequenceStart { Style: SequenceStyle.Flow } list =>
                    new SourceException(At(list.Start), "not valid YAML: this list is not closed; a ']' is missing"),
                _ => new SourceException(At(
                    last), "not valid YAML: nothing that YAML knows follows here; quote texts with special characters"),
            };
        }
    }

    private static string KeyOf(Scalar scalar) => scalar.Value != "<<"
        ? scalar.Value
        : throw new SourceException(At(
            scalar.Start), "merge keys (<<) are not supported; write the keys out, or use an alias for a whole value");

    private static SourceNode Resolve(Dictionary<AnchorName, SourceNode> anchors, AnchorAlias alias, bool isKey)
    {
        if (isKey)
            throw new SourceException(At(alias.Start), "an alias cannot be a key; write the key out");
        return anchors.TryGetValue(alias.Value, out var node)
            ? node
            : throw new SourceException(At(alias.Start), $"no anchor '&{alias.Value}' is complete before this alias");
    }

    private static void Register(Dictionary<AnchorName, SourceNode> anchors, AnchorName anchor, SourceNode node)
    {
        if (!anchor.IsEmpty)
            anchors[anchor] = node;
    }

    private static SourcePosition At(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    /// <summary>The parser's message starts with its marks, which the problem has already.</summary>
    private static string Clean(YamlException e)
    {
        var text = e.Message;
        var end = text.StartsWith('(') ? text.IndexOf("): ", StringComparison.Ordinal) : -1;
        return end >= 0 ? text[(end + 3)..] : text;
    }
}
