using System.Collections.Immutable;
using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// The fields of one layer as texts, whichever notation they came from, and the layer that they make.
/// </summary>
internal sealed class LayerFields(LayerTable.Entry entry)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public LayerTable.Entry Entry => entry;

    public bool Has(string field) => _values.ContainsKey(field);

    public void Set(string field, string value)
    {
        if (!_values.TryAdd(field, value))
            throw new LayerException(
                $"{field} is given twice: '{Quote.Short(_values[field])}' and '{Quote.Short(value)}'");
    }

    /// <summary>Builds the layer and checks its numbers.</summary>
    public Layer Build()
    {
        Layer layer = entry.Name switch
        {
            "flatten" => new FlattenLayer(),
            "dense" => new DenseLayer(Has("units") ? Whole("units") : null, OptionalActivation(), Bias()),
            "conv" => new ConvLayer(
                Whole("filters"), Window("kernel_size", null), OptionalActivation(), Bias(), Count("groups", 1)),
            "depthwise_conv" => new DepthwiseConvLayer(
                Window("kernel_size", null), Count("depth_multiplier", 1), OptionalActivation(), Bias()),
            "separable_conv" => new SeparableConvLayer(
                Whole("filters"), Window("kernel_size", null), Count("depth_multiplier", 1), OptionalActivation(),
                Bias()),
            "max_pool" => new PoolLayer(PoolKind.Max, Window("pool_size", 2)),
            "avg_pool" => new PoolLayer(PoolKind.Average, Window("pool_size", 2)),
            "global_avg_pool" => new GlobalAvgPoolLayer(),
            "activation" => new ActivationLayer(Activation.Read(Need("activation"))),
            "dropout" => new DropoutLayer(Number("rate", null)),
            "batch_norm" => new BatchNormLayer(Number("momentum", 0.99), Number("epsilon", 0.001)),
            "layer_norm" => new LayerNormLayer(Number("epsilon", 0.001)),
            "group_norm" => new GroupNormLayer(Count("groups", 32), Number("epsilon", 0.001)),
            "squeeze_excite" => new SqueezeExciteLayer(Count("ratio", 16)),
            "bottleneck" => Bottleneck(),
            "residual" => Residual(),
            "normalize" => Normalize(),
            _ => throw new InvalidOperationException($"The table has '{entry.Name}', which nothing builds."),
        };
        layer.Validate();
        return layer;
    }

    private BottleneckLayer Bottleneck()
    {
        var (strideHeight, strideWidth) = Has("strides") ? Pair("strides") : (1, 1);
        var activation = Has("activation") ? OptionalActivation() : Activation.Of(ActivationKind.Relu);
        return new(Whole("filters"), strideHeight, strideWidth, activation, Count("squeeze", 0))
        {
            Padding = BlockPadding(),
        };
    }

    private int Count(string field, int otherwise) => Has(field) ? Whole(field) : otherwise;

    private ResidualLayer Residual()
    {
        var (height, width) = Has("kernel_size") ? Pair("kernel_size") : (3, 3);
        var (strideHeight, strideWidth) = Has("strides") ? Pair("strides") : (1, 1);
        var activation = Has("activation") ? OptionalActivation() : Activation.Of(ActivationKind.Relu);
        return new(Whole("filters"), height, width, strideHeight, strideWidth, activation) { Padding = BlockPadding() };
    }

    private Padding BlockPadding() => Has("padding") ? ReadPadding() : Padding.Same;

    private NormalizeLayer Normalize()
    {
        if (Has("as"))
        {
            var others = entry.Fields.Where(field => field != "as" && Has(field)).ToList();
            if (others.Count > 0)
                throw new LayerException($"'{Quote.Short(Need("as"))}' says mean, std and channels; leave out "
                    + string.Join(", ", others));
            return NormalizeLayer.As(Need("as"));
        }

        var channels = Has("channels") ? Need("channels").ToLowerInvariant() : "rgb";
        if (channels is not ("rgb" or "bgr"))
            throw new LayerException($"channels: '{Quote.Short(channels)}' is neither 'rgb' nor 'bgr'");
        if (!Has("mean") && !Has("std"))
            throw new LayerException($"mean and std are missing; an example: '{Example()}'");
        return new(
            Has("mean") ? Numbers("mean") : [0], Has("std") ? Numbers("std") : [1], IsReversed: channels == "bgr");
    }

    private ImmutableArray<double> Numbers(string field) =>
    [
        .. Need(field).Split(',').Select(text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number)
                    ? number + 0.0
                    : throw new LayerException($"{field}: '{Quote.Short(text)}' is not a number; an example: "
                        + $"'{Example()}'")),
    ];

    private Window Window(string size, int? defaultSize)
    {
        var (height, width) = Has(size) || defaultSize is null ? Pair(size) : (defaultSize.Value, defaultSize.Value);
        var defaultStride = defaultSize is null ? (1, 1) : (height, width);
        var (strideHeight, strideWidth) = Has("strides") ? Pair("strides") : defaultStride;
        var dilation = Has("dilation_rate") ? Pair("dilation_rate") : (1, 1);
        if (dilation.Item1 != dilation.Item2)
            throw new LayerException($"dilation_rate: '{Quote.Short(Need("dilation_rate"))}' differs between rows and "
                + "columns; write one number for both");
        return new(height, width, strideHeight, strideWidth, Has("padding") ? ReadPadding() : Padding.Valid)
        {
            Dilation = dilation.Item1,
        };
    }

    private Padding ReadPadding()
    {
        var text = Need("padding");
        if (text.Equals("same", StringComparison.OrdinalIgnoreCase))
            return Padding.Same;
        if (text.Equals("valid", StringComparison.OrdinalIgnoreCase))
            return Padding.Valid;
        return TryWhole(text, out var size)
            ? Padding.Of(size)
            : throw new LayerException($"padding: '{Quote.Short(text)}' is neither 'same' nor 'valid' nor a whole "
                + $"number from 0 to {NetworkLimits.MaxWindow}");
    }

    private Activation OptionalActivation() =>
        Has("activation") ? Activation.Read(Need("activation")) : Activation.None;

    private string Need(string field) => _values.TryGetValue(field, out var value)
        ? value
        : throw new LayerException($"{field} is missing; an example: '{Example()}'");

    private int Whole(string field)
    {
        var text = Need(field);
        return TryWhole(text, out var value)
            ? value
            : throw new LayerException(
                $"{field}: '{Quote.Short(text)}' is not a whole number from 1 to {NetworkLimits.MaxSize}");
    }

    private (int Height, int Width) Pair(string field)
    {
        var text = Need(field);
        var parts = text.Split('x', 'X');
        if (parts.Length is 1 or 2 && TryWhole(parts[0], out var height) && TryWhole(parts[^1], out var width))
            return (height, width);
        throw new LayerException(
            $"{field}: '{Quote.Short(text)}' is not a size; write 3 or 3x3, from 1 to {NetworkLimits.MaxWindow}");
    }

    private double Number(string field, double? otherwise)
    {
        if (!Has(field) && otherwise is { } value)
            return value;
        var text = Need(field);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number))
            return number + 0.0; // -0 becomes 0
        throw new LayerException($"{field}: '{Quote.Short(text)}' is not a number");
    }

    private bool Bias()
    {
        if (!Has("use_bias"))
            return true;
        var text = Need("use_bias");
        return bool.TryParse(text, out var value)
            ? value
            : throw new LayerException($"use_bias: '{Quote.Short(text)}' is neither true nor false");
    }

    private string Example() => entry.Name switch
    {
        "conv" => "conv 32 3x3 same relu",
        "dropout" => "dropout 0.2",
        "residual" => "residual 64 stride 2",
        "bottleneck" => "bottleneck 64 stride 2",
        "depthwise_conv" => "depthwise_conv 3x3 same",
        "separable_conv" => "separable_conv 64 3x3 same",
        "activation" => "activation relu",
        "normalize" => "normalize mean 0.485,0.456,0.406 std 0.229,0.224,0.225",
        _ => entry.Name,
    };

    private static bool TryWhole(string text, out int value) =>
        int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
