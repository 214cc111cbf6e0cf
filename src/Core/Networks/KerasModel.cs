namespace Sweeps.Core.Networks;

/// <summary>
/// Reads what Keras's <c>model.to_json()</c> gives for a Sequential model, in the forms of Keras 1 (config is the
/// list), 2 and 3 (config.layers).
/// </summary>
internal static class KerasModel
{
    public static bool IsModel(LayerNode node) => node is LayerNode.Map map && map.Find("class_name") is not null;

    /// <summary>The layers' nodes; throws <see cref="SweepsException"/>.</summary>
    public static IReadOnlyList<LayerNode> LayersOf(LayerNode.Map model)
    {
        var name = model.Find("class_name")?.Word;
        if (name != "Sequential")
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"The Keras model is a '{Quote.Short(name ?? "?")}'; only Sequential is supported: write it as "
                + "keras.Sequential([...]) and save its to_json().");
        }

        var config = model.Find("config");
        var layers = config as LayerNode.Sequence ?? (config as LayerNode.Map)?.Find("layers") as LayerNode.Sequence;
        return layers?.Items ?? throw new SweepsException(
            ErrorKind.Usage, "The Keras model has no list of layers (config.layers); save it with model.to_json().");
    }

    /// <summary>One of those nodes; null for an InputLayer. Throws <see cref="LayerException"/>.</summary>
    public static Layer? Read(LayerNode node)
    {
        if (node is not LayerNode.Map map || !IsModel(map))
            throw new LayerException("it is not a map with a class_name");
        if (map.Find("class_name")?.Word is "Sequential" or "Functional" or "Model")
            throw new LayerException("a model within a model is not supported; put its layers into the outer list");
        return KerasLayer.Read(map);
    }
}
