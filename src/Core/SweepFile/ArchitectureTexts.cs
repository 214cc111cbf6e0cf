using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>Reads networks in every notation and tries each on the data set's shape, if that is known.</summary>
internal sealed partial class ArchitectureTexts(KnownDataSet? data, ReadingContext context)
{
    /// <summary>The canonical text: a built-in name, or layers.</summary>
    /// <returns>Null when there are errors.</returns>
    public string? Read(SourceNode node, string path)
    {
        var file = FileOf(node);
        if (file is not null)
            return ReadFile(node, path, file);
        if (node is SourceList list && !LayersAreRight(list, path))
            return null;
        return Check(node, path, "", () => Architecture.Parse(LayersOf(node)));
    }

    private string? ReadFile(SourceNode node, string path, string file)
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

        return Check(node, path, $"{file}: ", () => Architecture.Parse(text));
    }

    private string? Check(SourceNode node, string path, string prefix, Func<Architecture> parse)
    {
        try
        {
            var architecture = parse();
            if (data is not null)
                NetworkShape.Create(architecture, data.Input, data.Outputs);
            return architecture.Name ?? architecture.ToString();
        }
        catch (SweepsException e)
        {
            context.Errors.Add(PlaceOf(node, e.Message), path, prefix + e.Message);
            return null;
        }
    }

    /// <summary>Each layer alone, so that every wrong one is told with its own line.</summary>
    private bool LayersAreRight(SourceList list, string path)
    {
        var before = context.Errors.Count;
        for (var i = 0; i < list.Items.Length; i++)
        {
            try
            {
                Architecture.Parse(new LayerNode.Sequence([LayersOf(list.Items[i])]));
            }
            catch (SweepsException e)
            {
                var message = LayerPrefix()
                    .Replace(e.Message, string.Create(CultureInfo.InvariantCulture, $"Layer {i + 1} "), 1);
                context.Error(list.Items[i], path, message);
            }
        }

        return context.Errors.Count == before;
    }

    /// <summary>The line of the layer that the message is about, where layers have lines of their own.</summary>
    private static SourcePosition PlaceOf(SourceNode node, string message)
    {
        var match = LayerPrefix().Match(message);
        return match.Success && node is SourceList list
            && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var layer)
                && layer <= list.Items.Length
                ? list.Items[layer - 1].Position
                : node.Position;
    }

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

    [GeneratedRegex(@"^Layer (\d+) ")]
    private static partial Regex LayerPrefix();
}
