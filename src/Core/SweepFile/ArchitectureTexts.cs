using Sweeps.Core.Networks;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>Reads networks in every notation and tries each on the data set's shape, if that is known.</summary>
internal sealed class ArchitectureTexts(KnownDataSet? data, ReadingContext context)
{
    /// <summary>Finds the names that the file's architectures make parameters.</summary>
    public static void FindPlaceholders(SourceMap file, ReadingContext context)
    {
        var parameters = file.ValueOf("parameters") as SourceMap;
        foreach (var node in new[] { file.ValueOf("architectures"), parameters?.ValueOf(ParameterNames.Architecture) })
        {
            foreach (var text in node is null ? [] : TextsOf(node))
                context.Placeholders.UnionWith(ArchitectureTemplate.NamesIn(text));
        }
    }

    /// <summary>The text that is trained, with placeholders if it has some; null when there are errors.</summary>
    public string? ReadText(SourceNode node, string path)
    {
        if (OwnSection.Is(node))
        {
            if (OwnSection.TextOf(node, path, context) is not { } own)
                return null;
            node = new SourceScalar(node.Position, own, isQuoted: true);
        }

        if (!TextsOf(node).Any(text => ArchitectureTemplate.Find(text) is not null))
            return Read(node, path)?.Text;
        var layers = node switch
        {
            SourceScalar scalar => scalar.Text,
            SourceList list when list.Items.All(item => item is SourceScalar) =>
                string.Join(" | ", list.Items.Select(item => ((SourceScalar)item).Text)),
            _ => null,
        };
        if (layers is null)
        {
            context.Error(
                node, path, "placeholders stand in layers that are texts: write 'dense {width} relu' instead of a map");
            return null;
        }

        var template = ArchitectureTemplate.Find(layers)!;
        var foreign = template.Sizes.Where(name => Rules.Parameters.Names.Contains(name)).ToList();
        foreach (var name in foreign)
            context.Error(node, path, $"{{{name}}} is no part of a network but of its training; allowed: {{dropout}}, "
                + "{activation}, and sizes with names of your own");
        return foreign.Count > 0 ? null : template.Text;
    }

    private static IEnumerable<string> TextsOf(SourceNode node) => node switch
    {
        SourceScalar scalar => [scalar.Text],
        SourceList list => list.Items.SelectMany(TextsOf),
        SourceMap map => map.Entries.SelectMany(e => TextsOf(e.Value)),
        _ => [],
    };

    /// <summary>The network; null when there are errors.</summary>
    private Architecture? Read(SourceNode node, string path)
    {
        var file = FileOf(node);
        if (file is not null)
            return ReadFile(node, path, file);
        var layers = LayersOf(node);
        if (layers is LayerNode.Sequence list && !ArchitectureReader.Check(
            list, error => context.Errors.Add(PlaceOf(node, error), path, error.Message)))
            return null;
        return Check(node, path, "", () => Architecture.Parse(layers, note => context.Note(node, path, note)));
    }

    private Architecture? ReadFile(SourceNode node, string path, string file)
    {
        if (context.ReadFile is null)
        {
            context.Error(node, path, $"'{file}' cannot be read here; write the layers into the sweep file");
            return null;
        }

        string text;
        try
        {
            text = context.ReadFile(file);
        }
        catch (Exception e) when (e
            is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            context.Error(node, path, $"the file '{file}' cannot be read: {e.Message}");
            return null;
        }

        return Check(node, path, $"{file}: ", () => Architecture.Parse(
            text, note => context.Note(node, path, $"{file}: {note}")));
    }

    private Architecture? Check(SourceNode node, string path, string prefix, Func<Architecture> parse)
    {
        try
        {
            var architecture = parse();
            // Plans are read where the user's code is not: its shape is checked with the data.
            if (data is not null && architecture.Own is null)
            {
                NetworkShape.Create(architecture, data.Input, data.Outputs);
                if (architecture.NoteOn(data.Input) is { } note)
                    context.Note(node, path, prefix + note);
            }

            return architecture;
        }
        catch (SweepsException e)
        {
            context.Errors.Add(PlaceOf(node, e), path, prefix + e.Message);
            return null;
        }
    }

    /// <summary>The line of the layer that the error is about, where layers have lines of their own.</summary>
    private static SourcePosition PlaceOf(SourceNode node, SweepsException error) =>
        error is ArchitectureException { Layer: var layer } && node is SourceList list && layer < list.Items.Length
            ? list.Items[layer].Position
            : node.Position;

    private static string? FileOf(SourceNode node) => node switch
    {
        SourceMap map => (map.ValueOf("keras") as SourceScalar)?.Text.Trim(),
        SourceScalar scalar when scalar.Text.TrimEnd().EndsWith(".json", StringComparison.OrdinalIgnoreCase) =>
            scalar.Text.Trim(),
        _ => null,
    };

    private static LayerNode LayersOf(SourceNode node) => node switch
    {
        SourceScalar scalar => new LayerNode.Scalar(scalar.IsNull ? null : scalar.Text),
        SourceList list => new LayerNode.Sequence([.. list.Items.Select(LayersOf)]),
        SourceMap map => new LayerNode.Map([.. map.Entries.Select(e => KeyValuePair.Create(e.Key, LayersOf(e.Value)))]),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };
}
