using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sweeps.Core.Specs.Source;

/// <summary>Reads YAML by its events, which carry line and column; types are decided later, by what each key expects.</summary>
internal static class YamlSource
{
    /// <summary>The file as nodes.</summary>
    /// <exception cref="SourceException">It is not one YAML document, or breaks a limit.</exception>
    public static SourceNode Read(string text)
    {
        try
        {
            return ReadDocument(new Parser(new StringReader(text)));
        }
        catch (YamlException e)
        {
            throw new SourceException(At(e.Start), $"not valid YAML: {Clean(e)}");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException
            or IndexOutOfRangeException or OverflowException)
        {
            // The scanner answers some malformed escapes and tags with bare exceptions that know no place.
            throw new SourceException(new(1, 1), $"not valid YAML: {e.Message}");
        }
    }

    private static SourceNode ReadDocument(Parser parser)
    {
        var builder = new SourceBuilder();
        var anchors = new Dictionary<AnchorName, SourceNode>();
        var openAnchors = new Stack<AnchorName>();
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case DocumentStart start when builder.Root is not null:
                    throw new SourceException(At(start.Start), "a second document starts here; a sweep file is one document");
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
                    openAnchors.Push(node.Anchor);
                    builder.Open(At(node.Start), node is MappingStart);
                    break;
                case MappingEnd or SequenceEnd:
                    Register(anchors, openAnchors.Pop(), builder.Close());
                    break;
                case AnchorAlias alias:
                    builder.Add(Resolve(anchors, alias, builder.ExpectsKey));
                    break;
            }
        }

        return builder.Root ?? throw new SourceException(
            new(1, 1), "the file is empty; a sweep needs at least 'data' and 'architectures', see the examples folder");
    }

    private static string KeyOf(Scalar scalar) => scalar.Value != "<<"
        ? scalar.Value
        : throw new SourceException(At(scalar.Start), "merge keys (<<) are not supported; write the keys out, or use an alias for a whole value");

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
