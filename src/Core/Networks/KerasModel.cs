namespace Sweeps.Core.Networks;

/// <summary>
/// Finds the layers in what Keras's <c>model.to_json()</c> gives, as Keras 1 (config is the list), 2 and 3
/// (config.layers) write it: a Sequential model, or a functional one that is a chain of layers.
/// </summary>
internal static class KerasModel
{
    public static bool IsModel(LayerNode node) => node is LayerNode.Map map && map.Find("class_name") is not null;

    /// <summary>The layers' nodes, from the input to the output; throws <see cref="SweepsException"/>.</summary>
    public static IReadOnlyList<LayerNode> LayersOf(LayerNode.Map model)
    {
        var name = model.Find("class_name")?.Word;
        if (name is not ("Sequential" or "Functional" or "Model"))
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"The Keras model is a '{Quote.Short(name ?? "?")}'; allowed: Sequential, or Functional where it is a "
                + "chain of layers: write it as keras.Sequential([...]) and save its to_json().");
        }

        var config = model.Find("config");
        var layers = config as LayerNode.Sequence ?? (config as LayerNode.Map)?.Find("layers") as LayerNode.Sequence;
        var items = layers?.Items ?? throw new SweepsException(
            ErrorKind.Usage, "The Keras model has no list of layers (config.layers); save it with model.to_json().");
        return name == "Sequential" ? items : KerasChain.Order(items);
    }

    /// <summary>The name that Keras gives a layer.</summary>
    public static string NameOf(LayerNode node) =>
        ((node as LayerNode.Map)?.Find("config") as LayerNode.Map)?.Find("name")?.Word
        ?? (node as LayerNode.Map)?.Find("name")?.Word
        ?? (node as LayerNode.Map)?.Find("class_name")?.Word ?? "";

    /// <summary>The items of a list, which Keras also writes as <c>{"class_name": "__tuple__", "items":
    /// [...]}</c>; null: it is none.</summary>
    public static IReadOnlyList<LayerNode>? ItemsOf(LayerNode? node) => node switch
    {
        LayerNode.Sequence list => list.Items,
        LayerNode.Map map => (map.Find("items") as LayerNode.Sequence)?.Items,
        _ => null,
    };
}

/// <summary>Puts the layers of a functional model in their order, which must be a chain.</summary>
internal static class KerasChain
{
    public static IReadOnlyList<LayerNode> Order(IReadOnlyList<LayerNode> layers)
    {
        var next = new Dictionary<string, LayerNode>(StringComparer.Ordinal);
        LayerNode? first = null;
        foreach (var layer in layers)
        {
            var inputs = InputsOf(layer);
            if (inputs is [])
            {
                first = first is null ? layer : throw NotAChain(
                    $"'{Name(first)}' and '{Name(layer)}' are both inputs");
            }
            else if (inputs is not [var only])
            {
                throw NotAChain($"the layer '{Name(layer)}' takes {inputs.Count} inputs, or is used twice");
            }
            else if (!next.TryAdd(only, layer))
            {
                throw NotAChain(
                    $"the output of '{Quote.Short(only)}' goes to '{Name(next[only])}' and '{Name(layer)}'");
            }
        }

        var chain = new List<LayerNode>(layers.Count);
        for (var at = first; at is not null && chain.Count <= layers.Count;
            at = next.GetValueOrDefault(KerasModel.NameOf(at)))
            chain.Add(at);
        return chain.Count == layers.Count
            ? chain
            : throw NotAChain("its layers do not follow one another from one input to one output");
    }

    /// <summary>The names of the layers whose output a layer takes, one for each use of it.</summary>
    private static List<string> InputsOf(LayerNode layer)
    {
        var names = new List<string>();
        if ((layer as LayerNode.Map)?.Find("inbound_nodes") is { } nodes)
            Collect(nodes, names);
        return names;
    }

    /// <summary>Keras 1 and 2 write <c>["conv2d", 0, 0]</c>, Keras 3 a <c>__keras_tensor__</c> with such a
    /// history.</summary>
    private static void Collect(LayerNode node, List<string> names)
    {
        switch (node)
        {
            case LayerNode.Sequence { Items: [LayerNode.Scalar { Text: { } name }, LayerNode.Scalar, ..] }:
                names.Add(name);
                break;
            case LayerNode.Sequence list:
                foreach (var item in list.Items)
                    Collect(item, names);
                break;
            case LayerNode.Map map when map.Find("keras_history") is { } history:
                Collect(history, names);
                break;
            case LayerNode.Map map:
                foreach (var key in new[] { "args", "config" })
                {
                    if (map.Find(key) is { } inner)
                        Collect(inner, names);
                }

                break;
        }
    }

    private static string Name(LayerNode layer) => Quote.Short(KerasModel.NameOf(layer));

    private static SweepsException NotAChain(string why) => new(
        ErrorKind.Usage,
        $"The Keras model is no chain of layers: {why}; allowed are models in which each layer follows one other. A "
        + "residual block can be written in short: 'residual 64'.");
}
