namespace Sweeps.Core.Networks;

/// <summary>
/// Reads one layer written as a map: <c>conv2d: {filters: 32, kernel_size: 5}</c>, <c>dense: 128</c>, <c>flatten:</c>.
/// A bare text is the short notation's (<see cref="RepeatedLayers"/>).
/// </summary>
internal static class LayerMap
{
    public static Layer Read(LayerNode node)
    {
        switch (node)
        {
            case LayerNode.Map map when map.Find("class_name") is not null:
                return new KerasReader([map], _ => { }).Read(map) is [.., var layer] ? layer : throw new LayerException(
                    "it is no layer of a list: the data set says the input and its scale; remove it");
            case LayerNode.Map { Entries: [var only] }:
                return ReadNamed(only.Key, only.Value);
            case LayerNode.Map { Entries: [_, _, ..] several } when several.All(entry => IsLayer(entry.Key)):
                throw new LayerException(
                    $"{Keys(several)} are layers of their own; write each as an item of the list: "
                    + string.Join(" and ", several.Select(entry => $"'- {Written(entry.Key, entry.Value)}'")));
            case LayerNode.Map { Entries: var entries }:
                throw new LayerException(
                    $"a layer is one name with its fields, as in 'dense: {{units: 128}}', not {entries.Count} names "
                    + $"({Keys(entries)}); indent the fields below the layer's name");
            default:
                throw new LayerException(
                    "a layer is a text such as 'dense 128 relu' or a map such as 'dense: {units: 128}'");
        }
    }

    /// <summary>The text of a field's value: a pair becomes <c>5x5</c>, a serialised Keras function its name.</summary>
    public static string ValueText(string field, LayerNode node) => node switch
    {
        LayerNode.Scalar { Text: { } text } => text,
        LayerNode.Sequence { Items: [LayerNode.Scalar { Text: { } one }] } => one,
        LayerNode.Sequence { Items: [LayerNode.Scalar { Text: { } rows }, LayerNode.Scalar { Text: { } columns }] } =>
            $"{rows}x{columns}",
        LayerNode.Map map when KerasModel.ItemsOf(map) is { } items => ValueText(field, new LayerNode.Sequence(items)),
        LayerNode.Map map when field == "activation" && map.Find("config")?.Word is { } function => function,
        _ => throw new LayerException($"{field}: a single value or a pair of numbers is expected"),
    };

    private static Layer ReadNamed(string name, LayerNode value)
    {
        if (value is LayerNode.Scalar scalar)
            return LayerSyntax.Read($"{name} {scalar.Text}");
        if (JoinSyntax.Find(name) is { } join)
            return ReadJoin(join, value);
        if (value is not LayerNode.Map map)
            throw new LayerException(
                $"the fields of '{Quote.Short(name)}' are a map, as in '{Quote.Short(name)}: {{...}}'");
        var isActivation = LayerTable.Find(name) is null && Activation.IsName(name);
        var entry = LayerTable.Find(isActivation ? "activation" : name)
            ?? throw new LayerException(LayerTable.Unknown(name));
        if (isActivation && map.Entries.Count > 0)
            throw new LayerException($"'{Quote.Short(name)}' has no fields in this notation; write "
                + $"'{Quote.Short(name)}' alone, or with its slope: 'leaky_relu 0.1'");
        var fields = new LayerFields(entry);
        if (isActivation)
            fields.Set("activation", name);
        foreach (var (key, node) in map.Entries)
        {
            var field = LayerTable.FindField(entry, key)
                ?? throw new LayerException($"'{Quote.Short(key)}' is no field of a {entry.Name} layer" + (IsLayer(key)
                    ? $" but a layer of its own; write it as the next item of the list: '- {Written(key, node)}'"
                    : NearestName.Suggest(key, [.. entry.Fields])));
            if (node is not LayerNode.Scalar { Text: null })
                fields.Set(field, ValueText(field, node));
        }

        return fields.Build();
    }

    /// <summary>A list of paths, each a list of layers, a text, or nothing.</summary>
    private static JoinLayer ReadJoin(JoinKind kind, LayerNode value)
    {
        if (value is not LayerNode.Sequence { Items: var paths })
            throw new LayerException("its paths are a list of lists of layers, as in 'add: [[conv 8 3x3 same], []]'");
        var layer = new JoinLayer(
            kind,
            [.. paths.Select(path => path switch
            {
                LayerNode.Sequence list => (IReadOnlyList<Layer>)
                [
                    .. list.Items.SelectMany(item => item is LayerNode.Scalar { Text: { } text }
                        ? RepeatedLayers.Read(text) : [Read(item)]),
                ],
                LayerNode.Scalar { Text: { Length: > 0 } text } => RepeatedLayers.Read(text),
                LayerNode.Scalar => [],
                _ => [Read(path)],
            })],
            Activation.None);
        layer.Validate();
        return layer;
    }

    private static bool IsLayer(string name) => LayerTable.Find(name) is not null;

    private static string Written(string name, LayerNode value) => Quote.Short(value switch
    {
        LayerNode.Scalar { Text: { Length: > 0 } text } => $"{name}: {text}",
        LayerNode.Scalar => name,
        _ => $"{name}: {{...}}",
    });

    private static string Keys(IReadOnlyList<KeyValuePair<string, LayerNode>> entries) =>
        Quote.Short(string.Join(", ", entries.Select(entry => entry.Key)));
}
