using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// Reads one layer as Keras serialises it: <c>{"class_name": "Dense", "config": {...}}</c>. Fields that change the
/// numbers in a way that is not supported here are errors.
/// </summary>
internal static class KerasLayer
{
    private static readonly HashSet<string> s_passedOver = new(StringComparer.Ordinal)
    {
        "name", "dtype", "batch_input_shape", "batch_shape", "input_shape", "input_dim", "input_dtype", "input_length",
        "data_format", "seed", "sparse", "ragged", "optional", "autocast", "kernel_initializer", "bias_initializer",
        "depthwise_initializer", "pointwise_initializer", "beta_initializer", "gamma_initializer",
        "moving_mean_initializer", "moving_variance_initializer",
    };

    /// <summary>Fields with the only values supported; null is always one.</summary>
    private static readonly Dictionary<string, string[]> s_fixed = new(StringComparer.Ordinal)
    {
        // A frozen layer would be trained here.
        ["trainable"] = ["true"],
        ["dilation_rate"] = ["1", "1x1"],
        ["groups"] = ["1"],
        ["keepdims"] = ["false"],
        ["center"] = ["true"],
        ["scale"] = ["true"],
        ["renorm"] = ["false"],
        ["rms_scaling"] = ["false"],
        ["synchronized"] = ["false"],
        ["dynamic"] = ["false"],
        ["stateful"] = ["false"],
        ["threshold"] = ["0", "0.0"],
        ["approximate"] = ["false"],
        // Keras 1: 0 is the normalisation of each feature over the batch.
        ["mode"] = ["0"],
    };

    private static readonly string[] s_classes =
    [
        "Dense", "Conv2D", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "Flatten", "Activation",
        "ReLU", "LeakyReLU", "ELU", "Softmax", "Dropout", "BatchNormalization", "InputLayer", "SeparableConv2D",
        "DepthwiseConv2D", "LayerNormalization", "GroupNormalization",
    ];

    /// <summary>Layers of Keras that are not to be had here, each with what to do.</summary>
    private static readonly Dictionary<string, string> s_instead = new(StringComparer.Ordinal)
    {
        ["Reshape"] = "pictures come in their shape, 28x28x1 say, and 'flatten' makes them vectors; remove it",
        ["Permute"] = "pictures come in their shape; remove it",
        ["Normalization"] = "pictures come scaled from 0 to 1, tables standardised; remove it",
        ["ZeroPadding2D"] = "give the layer after it padding='same'",
        ["Cropping2D"] = "remove it",
        ["GlobalMaxPooling2D"] = "use GlobalAveragePooling2D, or MaxPooling2D and Flatten",
        ["SpatialDropout2D"] = "use Dropout",
        ["AlphaDropout"] = "use Dropout",
        ["GaussianNoise"] = "use Dropout",
        ["GaussianDropout"] = "use Dropout",
        ["PReLU"] = "use LeakyReLU, whose slope is fixed",
        ["ThresholdedReLU"] = "use ReLU",
        ["Conv2DTranspose"] = "networks here end in classes or a number",
        ["UpSampling2D"] = "networks here end in classes or a number",
        ["Conv1D"] = "networks here take pictures and tables; use Conv2D or Dense",
        ["Convolution1D"] = "networks here take pictures and tables; use Conv2D or Dense",
        ["Conv3D"] = "networks here take pictures and tables; use Conv2D or Dense",
        ["LSTM"] = "networks here take pictures and tables, no sequences; use Conv2D or Dense",
        ["GRU"] = "networks here take pictures and tables, no sequences; use Conv2D or Dense",
        ["SimpleRNN"] = "networks here take pictures and tables, no sequences; use Conv2D or Dense",
        ["Bidirectional"] = "networks here take pictures and tables, no sequences; use Conv2D or Dense",
        ["TimeDistributed"] = "networks here take pictures and tables, no sequences; use Conv2D or Dense",
        ["Embedding"] = "networks here take pictures and tables, no words; use Dense",
        ["MultiHeadAttention"] = "networks here take pictures and tables; use Conv2D or Dense",
        ["Lambda"] = "it holds a program of its own; use the layers for what it does",
        ["TFOpLambda"] = "it holds an operation of its own; use the layers for what it does",
        ["Add"] = "a residual block can be written in short: 'residual 64'",
        ["Concatenate"] = "networks here are chains of layers",
        ["Merge"] = "networks here are chains of layers",
        ["RandomFlip"] = "pictures are trained as they are; remove it",
        ["RandomRotation"] = "pictures are trained as they are; remove it",
        ["RandomZoom"] = "pictures are trained as they are; remove it",
        ["RandomTranslation"] = "pictures are trained as they are; remove it",
        ["RandomContrast"] = "pictures are trained as they are; remove it",
        ["Resizing"] = "pictures keep their size; remove it",
    };

    private static readonly Dictionary<string, string> s_insteadByWord =
        s_instead.ToDictionary(i => LayerTable.Normalize(i.Key), i => i.Value, StringComparer.Ordinal);

    /// <summary>What to do about a layer that Keras has and Sweeps has not, in any spelling; null: none such.</summary>
    public static string? Instead(string name) => s_insteadByWord.GetValueOrDefault(LayerTable.Normalize(name));

    /// <summary>A layer.</summary>
    /// <param name="name">Its class.</param>
    /// <param name="config">Its fields under Keras 2's names.</param>
    /// <param name="axes">The values of <c>axis</c> that mean what Sweeps does.</param>
    public static Layer Read(string name, LayerNode.Map config, string[] axes) =>
        ReadActivation(name, config, axes) is { } activation
            ? new ActivationLayer(activation) : ReadListed(name, config, axes);

    /// <summary>An activation that Keras has as a class; null: it is none.</summary>
    private static Activation? ReadActivation(string name, LayerNode.Map config, string[] axes) => name switch
    {
        "ReLU" => ReadRelu(config, axes),
        "LeakyReLU" => ReadSloped(config, axes, ActivationKind.LeakyRelu, ["negative_slope", "alpha"], 0.3),
        "ELU" => ReadSloped(config, axes, ActivationKind.Elu, ["alpha"], 1),
        "Softmax" => ReadSoftmax(config, axes),
        _ => null,
    };

    private static Layer ReadListed(string name, LayerNode.Map config, string[] axes)
    {
        if (Instead(name) is { } instead)
            throw new LayerException($"the Keras layer '{Quote.Short(name)}' is not supported; {instead}");
        var entry = LayerTable.Find(name) ?? throw new LayerException(
            $"the Keras layer '{Quote.Short(name)}' is not supported{NearestName.Suggest(name, s_classes)}");
        var fields = new LayerFields(entry);
        foreach (var (key, value) in config.Entries)
        {
            if (value is LayerNode.Scalar { Text: null })
                continue;
            if (LayerTable.FindField(entry, key) is { } field)
                fields.Set(field, field == "activation" ? ActivationText(value) : LayerMap.ValueText(field, value));
            else
                CheckOther(key, value, axes);
        }

        return fields.Build();
    }

    /// <summary>An activation as a name, a serialised function, or a serialised layer.</summary>
    private static string ActivationText(LayerNode value)
    {
        if (value is not LayerNode.Map map || map.Find("class_name")?.Word is not { } name || name == "function")
            return LayerMap.ValueText("activation", value);
        var config = KerasFields.Of(map) ?? throw new LayerException("the config of its activation is not a map");
        return ReadActivation(name, config, ["-1", "1", "3"])?.ToString() ?? throw new LayerException(
            $"the activation '{Quote.Short(name)}' is not supported; allowed: ReLU, LeakyReLU, ELU, Softmax, or one of "
            + string.Join(", ", Activation.Names));
    }

    private static Activation ReadRelu(LayerNode.Map config, string[] axes)
    {
        var slope = ReadNumber(config, ["negative_slope"], 0);
        if (ReadNumber(config, ["max_value"], double.PositiveInfinity) < double.PositiveInfinity)
            throw new LayerException("a ReLU with max_value is not supported; use a plain one");
        CheckAll(config, ["negative_slope", "max_value"], axes);
        return slope == 0 ? Activation.Of(ActivationKind.Relu) : new(ActivationKind.LeakyRelu, slope);
    }

    private static Activation ReadSloped(
        LayerNode.Map config, string[] axes, ActivationKind kind, string[] names, double otherwise)
    {
        var slope = ReadNumber(config, names, otherwise);
        CheckAll(config, names, axes);
        return new(kind, slope);
    }

    private static Activation ReadSoftmax(LayerNode.Map config, string[] axes)
    {
        CheckAll(config, [], axes);
        return Activation.Of(ActivationKind.Softmax);
    }

    private static void CheckAll(LayerNode.Map config, string[] known, string[] axes)
    {
        foreach (var (key, value) in config.Entries)
        {
            if (!known.Contains(key, StringComparer.Ordinal) && value is not LayerNode.Scalar { Text: null })
                CheckOther(key, value, axes);
        }
    }

    private static void CheckOther(string key, LayerNode value, string[] axes)
    {
        if (s_passedOver.Contains(key))
            return;
        if (key == "axis")
        {
            var axis = LayerMap.ValueText(key, value);
            if (!axes.Contains(axis, StringComparer.Ordinal))
            {
                throw new LayerException($"axis: {Quote.Short(axis)} is not supported, because it is not that of the "
                    + $"channels or features here; allowed: {string.Join(" or ", axes)}");
            }

            return;
        }

        if (s_fixed.TryGetValue(key, out var allowed))
        {
            var text = LayerMap.ValueText(key, value);
            if (!allowed.Contains(text, StringComparer.OrdinalIgnoreCase))
                throw new LayerException($"{key}: {Quote.Short(text)} is not supported; only {allowed[0]} is");
            return;
        }

        if (key.EndsWith("regularizer", StringComparison.Ordinal) && IsZero(value))
            return;
        var advice = key.EndsWith("regularizer", StringComparison.Ordinal)
            ? "; use the hyperparameter weight_decay instead: twice Keras's l2 has the same gradient"
            : key.EndsWith("constraint", StringComparison.Ordinal)
                ? "; weights are not constrained here: remove it" : "";
        throw new LayerException($"its field '{Quote.Short(key)}' is not supported{advice}");
    }

    /// <summary>A regularizer whose weights are all 0: Keras 1 and 2 write some that do nothing.</summary>
    private static bool IsZero(LayerNode regularizer)
    {
        var fields = (regularizer as LayerNode.Map)?.Find("config") as LayerNode.Map ?? regularizer as LayerNode.Map;
        var weights = fields?.Entries.Where(e => e.Key is "l1" or "l2").ToList();
        return weights is { Count: > 0 } && weights.TrueForAll(e =>
            double.TryParse(e.Value.Word, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
            && weight == 0);
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
