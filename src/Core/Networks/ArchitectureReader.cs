namespace Sweeps.Core.Networks;

/// <summary>Reads architectures in every notation; each error says which layer it is about.</summary>
internal static class ArchitectureReader
{
    public static Architecture Read(string text, Action<string>? note = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > NetworkLimits.MaxText)
            throw new SweepsException(ErrorKind.Usage,
                $"An architecture of {text.Length} characters is too long; at most {NetworkLimits.MaxText} are read.");
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
            throw new SweepsException(ErrorKind.Usage,
                "The architecture is empty; write a name such as mlp-128-128 or layers such as 'flatten | dense'.");
        if (trimmed[0] is '{' or '[')
            return Read(LayerNode.Parse(trimmed), note);
        if (ArchitectureTemplate.Find(trimmed) is { } template)
            throw new SweepsException(ErrorKind.Usage,
                $"'{Quote.Short(trimmed)}' has placeholders ({string.Join(", ", template.Names)}), which a sweep file "
                + "fills from its parameters; write numbers here.");
        if (BuiltInArchitectures.Find(trimmed) is { } known)
            return known;
        var parts = trimmed.Split('|');
        CheckCount(parts.Length);
        if (parts.Length == 1 && !IsLayer(trimmed))
            throw Unknown(trimmed);
        var layers = new List<Layer>(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i].Trim();
            layers.AddRange(At(i, () => part, () => ReadPart(part)));
            CheckCount(layers.Count, least: 0);
        }

        return new(layers);
    }

    /// <summary>Reads each layer of a list, so that every wrong one is told, not the first alone.</summary>
    /// <returns>False when there are errors.</returns>
    public static bool Check(LayerNode.Sequence list, Action<ArchitectureException> report)
    {
        var isRight = true;
        for (var i = 0; i < list.Items.Count; i++)
        {
            try
            {
                ReadLayer(list.Items[i], i);
            }
            catch (ArchitectureException error)
            {
                report(error);
                isRight = false;
            }
        }

        return isRight;
    }

    public static Architecture Read(LayerNode node, Action<string>? note = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        switch (node)
        {
            case LayerNode.Scalar { Text: { } text }:
                return Read(text, note);
            case LayerNode.Sequence list:
                return ReadLayers(list.Items);
            case LayerNode.Map model when KerasModel.IsModel(model):
                return ReadKeras(KerasModel.LayersOf(model), note ?? (_ => { }));
            default:
                throw new SweepsException(
                    ErrorKind.Usage,
                    "An architecture is a name (mlp-128-128), a text (flatten | dense 128 relu | dense), a list of "
                    + "layers, or a Keras Sequential model.");
        }
    }

    /// <summary>Runs something about one layer and turns what is wrong into an error that names the layer.</summary>
    public static T At<T>(int index, Func<string> layer, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (LayerException problem)
        {
            throw new ArchitectureException(
                index, Sentence.Ended($"Layer {index + 1} '{Quote.Short(layer())}': {problem.Message}"), problem);
        }
    }

    /// <inheritdoc cref="At{T}" />
    public static void At(int index, Func<string> layer, Action act) => At(index, layer, () =>
    {
        act();
        return true;
    });

    private static Architecture ReadLayers(IReadOnlyList<LayerNode> nodes)
    {
        CheckCount(nodes.Count);
        var layers = new List<Layer>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            layers.AddRange(ReadLayer(nodes[i], i));
            CheckCount(layers.Count, least: 0);
        }

        return new(layers);
    }

    private static Architecture ReadKeras(IReadOnlyList<LayerNode> nodes, Action<string> note)
    {
        CheckCount(nodes.Count);
        var reader = new KerasReader(nodes, note);
        var layers = new List<Layer>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            layers.AddRange(At(i, () => Describe(node), () => reader.Read(node)));
        }

        reader.Finish();
        return new(layers) { WrittenFor = reader.Input };
    }

    private static IReadOnlyList<Layer> ReadLayer(LayerNode node, int index) => At(
        index, () => Describe(node), () => node is LayerNode.Scalar { Text: { } text }
            ? ReadPart(text)
            : [LayerMap.Read(node)]);

    /// <summary>A layer, or the layers of a built-in network: <c>normalize torch | resnet-18</c>.</summary>
    private static IReadOnlyList<Layer> ReadPart(string text) =>
        !IsLayer(text) && BuiltInArchitectures.Find(text) is { } known ? known.Layers : RepeatedLayers.Read(text);

    private static string Describe(LayerNode node) => node switch
    {
        LayerNode.Scalar scalar => scalar.Text ?? "",
        LayerNode.Map map => (map.Find("config") as LayerNode.Map)?.Find("name")?.Word
            ?? map.Find("class_name")?.Word
            ?? (map.Entries.Count > 0 ? map.Entries[0].Key : "{}"),
        _ => "[...]",
    };

    private static bool IsLayer(string text)
    {
        var first = text.Split((char[]?)null, 2)[0];
        return text.Contains(' ', StringComparison.Ordinal) || JoinSyntax.Begins(text)
            || LayerTable.Find(first) is not null || Activation.IsName(first);
    }

    private static void CheckCount(int layers, int least = 1)
    {
        if (layers < least || layers > NetworkLimits.MaxLayers)
            throw new SweepsException(ErrorKind.Usage,
                $"An architecture has 1 to {NetworkLimits.MaxLayers} layers, not {layers}.");
    }

    private static SweepsException Unknown(string text)
    {
        List<string> known = [.. BuiltInArchitectures.All.Select(entry => entry.Name), .. LayerTable.Names];
        return new(
            ErrorKind.Usage,
            $"There is no architecture '{Quote.Short(text)}'{NearestName.Suggest(text, known)} "
            + "List them with 'sweeps model --list', or write layers: 'flatten | dense 128 relu | dense'.");
    }
}
