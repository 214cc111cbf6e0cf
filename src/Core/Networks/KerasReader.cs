using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// Reads the layers of one Keras model in their order. What changes the numbers and cannot be had here is an error;
/// what the sweep decides instead (initializers, the shape of the input) is noted where it differs; names, types and
/// seeds are passed over.
/// </summary>
/// <param name="nodes">All layers' nodes.</param>
/// <param name="note">Takes what is worth knowing.</param>
internal sealed class KerasReader(IReadOnlyList<LayerNode> nodes, Action<string> note)
{
    private readonly KerasInitializers _initializers = new();

    private readonly bool _isChannelsFirst = nodes.OfType<LayerNode.Map>()
        .Select(n => KerasFields.Of(n)?.Find("data_format")?.Word).FirstOrDefault(f => f is not null)
        == "channels_first";

    /// <summary>The values between layers are vectors; null: not known yet.</summary>
    private bool? _isVector;

    /// <summary>The shape of the input that the model was written for; null: it does not say.</summary>
    public TensorShape? Input { get; private set; }

    /// <summary>Reads one layer; it may be none (an InputLayer), or stand for two. Throws
    /// <see cref="LayerException"/>.</summary>
    public IReadOnlyList<Layer> Read(LayerNode node)
    {
        if (node is not LayerNode.Map map || !KerasModel.IsModel(map))
            throw new LayerException("it is not a map with a class_name");
        var name = map.Find("class_name")?.Word ?? throw new LayerException("its class_name is not a text");
        if (name is "Sequential" or "Functional" or "Model")
            throw new LayerException("a model within a model is not supported; put its layers into the outer list");
        var config = KerasFields.Of(map) ?? throw new LayerException("its config is not a map");
        if (_isVector is null && Input is null)
            ReadInput(config);
        if (name is "InputLayer" or "Input")
            return [];
        if (name == "Rescaling")
            return ReadRescaling(config);
        _initializers.Add(config);
        var layer = KerasLayer.Read(name, config, AxesOf(name));
        // Keras's dense layer takes the vector that the model's input says; pictures here are flattened for it.
        IReadOnlyList<Layer> read = layer is DenseLayer && Input is { IsFlat: true } && !_hasBegun
            ? [new FlattenLayer(), layer] : [layer];
        _hasBegun = true;
        _isVector = layer switch
        {
            DenseLayer or FlattenLayer or GlobalAvgPoolLayer => true,
            ConvLayer or PoolLayer or DepthwiseConvLayer or SeparableConvLayer => false,
            _ => _isVector,
        };
        return read;
    }

    /// <summary>Tells what holds for the model as a whole.</summary>
    public void Finish()
    {
        foreach (var told in _initializers.Notes())
            note(told);
    }

    private bool _hasBegun;

    /// <summary>The numbers of the axis that Sweeps normalises: channels of an image, features of a vector.</summary>
    private string[] AxesOf(string name) => (name, _isVector) switch
    {
        ("BatchNormalization" or "LayerNormalization" or "GroupNormalization", true) => ["-1", "1"],
        ("BatchNormalization" or "LayerNormalization" or "GroupNormalization", false) =>
            _isChannelsFirst ? ["1", "-3"] : ["-1", "3"],
        _ => ["-1", "1", "3"],
    };

    private void ReadInput(LayerNode.Map config)
    {
        if (config.Find("input_dim")?.Word is { } size && Size(size) is { } features)
        {
            (Input, _isVector) = (TensorShape.Flat(features), true);
            return;
        }

        // The first of a batch's sizes is the number of samples.
        var batch = config.Find("batch_shape") ?? config.Find("batch_input_shape");
        var items = KerasModel.ItemsOf(batch) is { Count: > 0 } sizes ? sizes.Skip(1)
            : KerasModel.ItemsOf(config.Find("input_shape"));
        switch (items?.Select(i => Size(i.Word)).ToArray())
        {
            case [var only]:
                _isVector = true;
                Input = only is { } length ? TensorShape.Flat(length) : null;
                break;
            case [{ } a, { } b, { } c]:
                _isVector = false;
                Input = _isChannelsFirst ? TensorShape.Image(a, b, c) : TensorShape.Image(c, a, b);
                break;
            case [_, _, _]:
                _isVector = false;
                break;
            case [{ } rows, { } columns]:
                Input = TensorShape.Image(1, rows, columns);
                break;
        }
    }

    private static int? Size(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size is >= 1 and <= NetworkLimits.MaxSize ? size : null;

    private IReadOnlyList<Layer> ReadRescaling(LayerNode.Map config)
    {
        var scale = Number(config.Find("scale"));
        if (Math.Abs(scale - 1 / 255.0) > 1e-6 || Number(config.Find("offset")) != 0)
        {
            throw new LayerException("pictures come scaled from 0 to 1, so that only Rescaling(1/255) is what happens "
                + "here; remove it");
        }

        note($"the layer '{Quote.Short(config.Find("name")?.Word ?? "Rescaling")}' is left out: pictures come scaled "
            + "from 0 to 1");
        return [];
    }

    private static double Number(LayerNode? node) =>
        double.TryParse(node?.Word ?? "0", NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : double.NaN;
}

/// <summary>The fields of a layer under the names of Keras 2 and 3.</summary>
internal static class KerasFields
{
    /// <summary>What Keras 1 calls them; one to one, but for the kernel, whose rows and columns are apart.</summary>
    private static readonly Dictionary<string, string> s_keras1 = new(StringComparer.Ordinal)
    {
        ["nb_filter"] = "filters",
        ["border_mode"] = "padding",
        ["subsample"] = "strides",
        ["output_dim"] = "units",
        ["p"] = "rate",
        ["bias"] = "use_bias",
        ["init"] = "kernel_initializer",
        ["gamma_init"] = "gamma_initializer",
        ["beta_init"] = "beta_initializer",
        ["dim_ordering"] = "data_format",
        ["W_regularizer"] = "kernel_regularizer",
        ["b_regularizer"] = "bias_regularizer",
        ["W_constraint"] = "kernel_constraint",
        ["b_constraint"] = "bias_constraint",
    };

    /// <summary>The config of a layer's node; null: it is not a map.</summary>
    public static LayerNode.Map? Of(LayerNode.Map layer) => layer.Find("config") switch
    {
        LayerNode.Map map => Renamed(map),
        null or LayerNode.Scalar { Text: null } => new LayerNode.Map([]),
        _ => null,
    };

    private static LayerNode.Map Renamed(LayerNode.Map config)
    {
        if (!config.Entries.Any(e => s_keras1.ContainsKey(e.Key) || e.Key is "nb_row" or "nb_col"))
            return config;
        var fields = config.Entries.Where(e => e.Key is not ("nb_row" or "nb_col"))
            .Select(e => KeyValuePair.Create(s_keras1.GetValueOrDefault(e.Key, e.Key), e.Value)).ToList();
        var format = fields.FindIndex(f => f.Key == "data_format");
        if (format >= 0)
        {
            var word = fields[format].Value.Word switch
            {
                "tf" => "channels_last",
                "th" => "channels_first",
                var other => other,
            };
            fields[format] = new("data_format", new LayerNode.Scalar(word));
        }

        if (config.Find("nb_row") is { } rows && config.Find("nb_col") is { } columns)
            fields.Add(new("kernel_size", new LayerNode.Sequence([rows, columns])));
        return new(fields);
    }
}

/// <summary>
/// The initializers that a model asks for. A configuration has one for all layers, so that they are not taken over;
/// what differs from it is told.
/// </summary>
internal sealed class KerasInitializers
{
    private static readonly string[] s_zeros = ["zeros", "zero"];

    private readonly HashSet<string> _kernels = new(StringComparer.Ordinal);
    private bool _hasBiases;

    public void Add(LayerNode.Map config)
    {
        if (Name(config.Find("kernel_initializer")) is { } kernel)
            _kernels.Add(kernel);
        _hasBiases |= Name(config.Find("bias_initializer")) is { } bias && !s_zeros.Contains(bias);
    }

    public IEnumerable<string> Notes()
    {
        const string Decides = "are not taken over: the parameter 'initializer' decides, xavier_uniform unless given";
        string[] named = [.. _kernels.Select(Quote.Short).Order(StringComparer.Ordinal)];
        if (named is [var only] && Ours(only) is { } ours)
        {
            if (ours != "xavier_uniform")
                yield return $"its initializers ({only}) {Decides}; write initializer: {ours}";
        }
        else if (named.Length > 0)
        {
            yield return $"its initializers ({string.Join(", ", named)}) {Decides}";
        }

        if (_hasBiases)
            yield return "its initializers of biases are not taken over: biases start at zero";
    }

    private static string? Ours(string name) => name switch
    {
        "glorot_uniform" => "xavier_uniform",
        "glorot_normal" => "xavier_normal",
        "he_uniform" or "he_normal" => name,
        "zeros" or "zero" => "zeros",
        _ => null,
    };

    /// <summary>The name as Keras's strings have it: <c>glorot_uniform</c> for <c>GlorotUniform</c> and for what Keras
    /// 2 writes in its place, a VarianceScaling.</summary>
    private static string? Name(LayerNode? node)
    {
        if (node is not LayerNode.Map map)
            return node?.Word;
        var name = map.Find("class_name")?.Word ?? "?";
        var config = map.Find("config") as LayerNode.Map;
        if (name == "VarianceScaling")
        {
            var kind = config?.Find("distribution")?.Word?.EndsWith("uniform", StringComparison.Ordinal) == true
                ? "uniform" : "normal";
            return (config?.Find("scale")?.Word, config?.Find("mode")?.Word) switch
            {
                ("1.0" or "1", "fan_avg") => $"glorot_{kind}",
                ("2.0" or "2", "fan_in") => $"he_{kind}",
                ("1.0" or "1", "fan_in") => $"lecun_{kind}",
                _ => "variance_scaling",
            };
        }

        return string.Concat(name.Select((c, i) =>
            char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
    }
}
