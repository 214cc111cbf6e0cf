using System.Globalization;

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

/// <summary>
/// Reads one layer as Keras serialises it: <c>{"class_name": "Dense", "config": {...}}</c>. Fields that change the
/// numbers in a way that is not supported here are errors; initialisers, names, types and seeds are passed over, since
/// the configuration decides them.
/// </summary>
internal static class KerasLayer
{
    private static readonly HashSet<string> s_passedOver = new(StringComparer.Ordinal)
    {
        "name", "dtype", "batch_input_shape", "batch_shape", "input_shape", "input_dim", "data_format",
        "seed", "sparse", "ragged", "optional", "kernel_initializer", "bias_initializer", "beta_initializer",
        "gamma_initializer", "moving_mean_initializer", "moving_variance_initializer",
    };

    /// <summary>Fields with the only values supported; null is always one.</summary>
    private static readonly Dictionary<string, string[]> s_fixed = new(StringComparer.Ordinal)
    {
        // A frozen layer would be trained here.
        ["trainable"] = ["true"],
        // The last axis: of an image 3 (channels last) or 1 (channels first), of a vector 1.
        ["axis"] = ["-1", "1", "3"],
        ["dilation_rate"] = ["1", "1x1"],
        ["groups"] = ["1"],
        ["keepdims"] = ["false"],
        ["center"] = ["true"],
        ["scale"] = ["true"],
        ["renorm"] = ["false"],
        ["synchronized"] = ["false"],
        ["threshold"] = ["0", "0.0"],
        ["approximate"] = ["false"],
    };

    /// <returns>Null for an InputLayer: the input comes from the data set.</returns>
    public static Layer? Read(LayerNode.Map node)
    {
        var name = node.Find("class_name")?.Word ?? throw new LayerException("its class_name is not a text");
        var config = node.Find("config") switch
        {
            LayerNode.Map map => map,
            null or LayerNode.Scalar { Text: null } => new LayerNode.Map([]),
            _ => throw new LayerException("its config is not a map"),
        };
        return name switch
        {
            "InputLayer" => null,
            "ReLU" => ReadRelu(config),
            "LeakyReLU" => ReadSloped(config, ActivationKind.LeakyRelu, ["negative_slope", "alpha"], 0.3),
            "ELU" => ReadSloped(config, ActivationKind.Elu, ["alpha"], 1),
            "Softmax" => ReadSoftmax(config),
            _ => ReadListed(name, config),
        };
    }

    private static Layer ReadListed(string name, LayerNode.Map config)
    {
        var entry = LayerTable.Find(name) ?? throw new LayerException(
            $"the Keras layer '{Quote.Short(name)}' is not supported{NearestName.Suggest(name, s_classes)}");
        var fields = new LayerFields(entry);
        foreach (var (key, value) in config.Entries)
        {
            if (value is LayerNode.Scalar { Text: null })
                continue;
            if (LayerTable.FindField(entry, key) is { } field)
                fields.Set(field, LayerMap.ValueText(field, value));
            else
                CheckOther(key, value);
        }

        return fields.Build();
    }

    private static readonly string[] s_classes =
    [
        "Dense", "Conv2D", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "Flatten", "Activation",
        "ReLU", "LeakyReLU", "ELU", "Softmax", "Dropout", "BatchNormalization", "InputLayer",
    ];

    private static ActivationLayer ReadRelu(LayerNode.Map config)
    {
        var slope = ReadNumber(config, ["negative_slope"], 0);
        if (ReadNumber(config, ["max_value"], double.PositiveInfinity) < double.PositiveInfinity)
            throw new LayerException("a ReLU with max_value is not supported; use a plain one");
        CheckAll(config, ["negative_slope", "max_value"]);
        return slope == 0
            ? new(Activation.Of(ActivationKind.Relu))
            : new(new Activation(ActivationKind.LeakyRelu, slope));
    }

    private static ActivationLayer ReadSloped(LayerNode.Map config, ActivationKind kind, string[] names,
        double otherwise)
    {
        var slope = ReadNumber(config, names, otherwise);
        CheckAll(config, names);
        return new(new Activation(kind, slope));
    }

    private static ActivationLayer ReadSoftmax(LayerNode.Map config)
    {
        CheckAll(config, []);
        return new(Activation.Of(ActivationKind.Softmax));
    }

    private static void CheckAll(LayerNode.Map config, string[] known)
    {
        foreach (var (key, value) in config.Entries)
        {
            if (!known.Contains(key, StringComparer.Ordinal) && value is not LayerNode.Scalar { Text: null })
                CheckOther(key, value);
        }
    }

    private static void CheckOther(string key, LayerNode value)
    {
        if (s_passedOver.Contains(key))
            return;
        if (s_fixed.TryGetValue(key, out var allowed))
        {
            var text = LayerMap.ValueText(key, value);
            if (!allowed.Contains(text, StringComparer.OrdinalIgnoreCase))
                throw new LayerException($"{key}: {Quote.Short(text)} is not supported; only {allowed[0]} is");
            return;
        }

        var advice = key.EndsWith("regularizer", StringComparison.Ordinal)
            ? "; use the hyperparameter weight_decay instead"
            : "";
        throw new LayerException($"its field '{Quote.Short(key)}' is not supported{advice}");
    }

    private static double ReadNumber(LayerNode.Map config, string[] names, double otherwise)
    {
        foreach (var name in names)
        {
            var node = config.Find(name);
            if (node is null or LayerNode.Scalar { Text: null })
                continue;
            // Keras 2 wraps some numbers: {"class_name": "__numpy__", "value": ...}.
            var text = node.Word ?? ((node as LayerNode.Map)?.Find("value"))?.Word ?? "";
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number is >= 0 and <= 100
                ? number + 0.0
                : throw new LayerException($"{name}: '{Quote.Short(text)}' is not a number from 0 to 100");
        }

        return otherwise;
    }
}
