using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile;

/// <summary>
/// Reads <c>{assembly: Nets.dll, type: My.Net, arguments: {width: 64}}</c> and its short form
/// <c>own Nets.dll My.Net width=64</c>: both become the text that names the assembly by its digest.
/// </summary>
internal static class OwnSection
{
    private const string Assembly = "assembly";
    private const string Type = "type";
    private const string Arguments = "arguments";

    /// <summary>The keys of such a network.</summary>
    public static Rule<SourceNode> Rule { get; } = new MapRule(
        "a network of your own code",
        new Key<string>(
            Assembly, new TextRule { Noun = "the path of a .NET assembly", MaxLength = 1_000 },
            "The .NET assembly with the network, beside this file: Nets.dll.")
        { IsRequired = true },
        new Key<string>(
            Type, new TextRule { Noun = "the full name of a type", MaxLength = 256 },
            "Its class, which derives from TorchSharp.torch.nn.Module<Tensor, Tensor>: My.Net.")
        { IsRequired = true },
        new Key<SourceNode>(
            Arguments, new ShapeRule<SourceNode> { Map = new AnyRule("object") },
            "Arguments of its constructor by their names; values may be placeholders: {width: \"{width}\"}."))
        .Whole.Select((_, node) => node);

    /// <summary>Whether a network is the user's own code.</summary>
    public static bool Is(SourceNode node) => node switch
    {
        SourceMap map => map.ValueOf(Assembly) is not null,
        SourceScalar { IsNull: false } scalar => OwnLayer.Begins(scalar.Text),
        _ => false,
    };

    /// <summary>The text; null when there are errors.</summary>
    public static string? TextOf(SourceNode node, string path, ReadingContext context)
    {
        try
        {
            if (node is SourceScalar scalar)
                return OwnLayer.WithDigest(scalar.Text, DigestOf);
            var map = (SourceMap)node;
            return IsRight(map, path, context)
                ? OwnLayer.WithDigest(
                    OwnLayer.TextOf(
                        Path(Text(map, Assembly)!), Text(map, Type)!,
                        (map.ValueOf(Arguments) as SourceMap)?.Entries.Select(
                            e => KeyValuePair.Create(e.Key, ValueOf(e.Value)!)) ?? []),
                    _ => DigestOf(Text(map, Assembly)!))
                : null;
        }
        catch (SweepsException error)
        {
            context.Error(node, path, error.Message);
            return null;
        }

        string DigestOf(string file) => context.Assembly is { } read ? read(file) : throw new SweepsException(
            ErrorKind.Usage, $"the assembly '{file}' cannot be read here; name it by its SHA-256");
    }

    // A path may have blanks, which divide the words of the text: the digest takes its place at once.
    private static string Path(string written) => written.Contains(' ', StringComparison.Ordinal) ? "-" : written;

    private static bool IsRight(SourceMap map, string path, ReadingContext context)
    {
        var count = context.Errors.Count;
        if (Text(map, Type)!.Any(char.IsWhiteSpace))
            context.Error(map.ValueOf(Type)!, $"{path}.{Type}", "the full name of a type is expected, such as My.Net");
        foreach (var entry in (map.ValueOf(Arguments) as SourceMap)?.Entries ?? [])
        {
            if (ValueOf(entry.Value) is null)
            {
                context.Error(
                    entry.Value, $"{path}.{Arguments}.{entry.Key}",
                    "allowed are numbers, true, false, texts of letters, digits and . _ + - : /, and a placeholder "
                        + "such as \"{width}\"");
            }
        }

        return context.Errors.Count == count;
    }

    private static string? Text(SourceMap map, string key) =>
        map.ValueOf(key) is SourceScalar { IsNull: false } scalar && scalar.Text.Trim() is { Length: > 0 } text
            ? text
            : null;

    private static string? ValueOf(SourceNode node) =>
        node is SourceScalar { IsNull: false } scalar && OwnLayer.IsValue(scalar.Text.Trim())
            ? scalar.Text.Trim() : null;
}
