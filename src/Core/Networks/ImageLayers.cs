using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// <c>depthwise_conv 3x3 same</c>: each channel has kernels of its own and is convolved alone (Chollet, "Xception",
/// 2017; Keras's DepthwiseConv2D).
/// </summary>
/// <param name="Window">Kernel, stride (1 unless given), padding (valid unless given) and dilation.</param>
/// <param name="Multiplier">Kernels, and so outputs, of each channel; 1 unless given.</param>
/// <param name="Activation">Applied to the output; none unless given.</param>
/// <param name="Bias">Whether each output channel has a bias; yes unless <c>no_bias</c>.</param>
public sealed record DepthwiseConvLayer(
    Window Window, int Multiplier = 1, Activation Activation = default, bool Bias = true) : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    internal override IEnumerable<string> Words() =>
        ["depthwise_conv", Window.Kernel, .. ConvWords.Of(Window, Activation, Bias, multiplier: Multiplier)];

    internal override void Validate()
    {
        Bound.Check(Multiplier, 1, NetworkLimits.MaxWindow, "multiplier");
        Window.Validate("kernel");
    }

    internal override Layer WithActivation(Activation activation) => this with { Activation = activation };

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        var (height, width) = Window.SlideOver(input);
        var channels = (long)input.Channels * Multiplier;
        if (channels > NetworkLimits.MaxSize)
            throw new LayerException($"its {channels} channels are too many; at most {NetworkLimits.MaxSize} are "
                + "allowed");
        List<ParameterShape> parameters = [ParameterShape.Depthwise(input.Channels, Multiplier, Window)];
        if (Bias)
            parameters.Add(ParameterShape.Vector(ParameterRole.Bias, channels));
        return new(
            TensorShape.Image((int)channels, height, width), parameters,
            MultiplyAdds: parameters[0].Size * height * width);
    }
}

/// <summary>
/// <c>separable_conv 64 3x3 same relu</c>: a depthwise convolution, then a 1x1 convolution over its channels, with one
/// bias at the end (Chollet 2017; Keras's SeparableConv2D).
/// </summary>
/// <param name="Filters">Channels of the output.</param>
/// <param name="Window">Kernel, stride (1 unless given), padding (valid unless given) and dilation.</param>
/// <param name="Multiplier">Kernels of each channel before the 1x1 convolution; 1 unless given.</param>
/// <param name="Activation">Applied to the output; none unless given.</param>
/// <param name="Bias">Whether each filter has a bias; yes unless <c>no_bias</c>.</param>
public sealed record SeparableConvLayer(
    int Filters, Window Window, int Multiplier = 1, Activation Activation = default, bool Bias = true) : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    /// <summary>What it is made of.</summary>
    public IReadOnlyList<Layer> Parts =>
    [
        new DepthwiseConvLayer(Window, Multiplier, Activation.None, Bias: false),
        new ConvLayer(Filters, Window.Square(1), Activation, Bias),
    ];

    internal override IEnumerable<string> Words() =>
    [
        string.Create(CultureInfo.InvariantCulture, $"separable_conv {Filters} {Window.Kernel}"),
        .. ConvWords.Of(Window, Activation, Bias, multiplier: Multiplier),
    ];

    internal override void Validate()
    {
        Bound.Check(Filters, 1, NetworkLimits.MaxSize, "filters");
        Bound.Check(Multiplier, 1, NetworkLimits.MaxWindow, "multiplier");
        Window.Validate("kernel");
    }

    internal override Layer WithActivation(Activation activation) => this with { Activation = activation };

    internal override LayerResult Infer(TensorShape input) => LayerPath.Follow(Parts, input);
}

/// <summary>
/// <c>squeeze_excite 16</c>: the mean of each channel goes through a dense layer of channels / 16 relu units and one
/// with sigmoid, and each channel is multiplied by what comes out (Hu et al., "Squeeze-and-excitation networks", 2018).
/// </summary>
/// <param name="Ratio">Channels for each hidden unit; 16 unless given.</param>
public sealed record SqueezeExciteLayer(int Ratio = 16) : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    internal override IEnumerable<string> Words() =>
        ["squeeze_excite", Ratio.ToString(CultureInfo.InvariantCulture)];

    internal override void Validate() => Bound.Check(Ratio, 1, NetworkLimits.MaxSize, "ratio");

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        var hidden = Math.Max(1, input.Channels / Ratio);
        ParameterShape[] parameters =
        [
            ParameterShape.Dense(hidden, input.Channels), ParameterShape.Vector(ParameterRole.Bias, hidden),
            ParameterShape.Dense(input.Channels, hidden), ParameterShape.Vector(ParameterRole.Bias, input.Channels),
        ];
        return new(input, parameters, MultiplyAdds: parameters[0].Size + parameters[2].Size);
    }
}

/// <summary>
/// <c>layer_norm</c>: normalises the features of each sample, of an image the channels of each pixel, then scales by
/// gamma and shifts by beta (Ba et al. 2016; Keras's LayerNormalization over its last axis).
/// </summary>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record LayerNormLayer(double Epsilon = 0.001) : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    internal override IEnumerable<string> Words() => Epsilon == 0.001
        ? ["layer_norm"]
        : ["layer_norm", string.Create(CultureInfo.InvariantCulture, $"epsilon {Epsilon}")];

    internal override void Validate() => Bound.CheckEpsilon(Epsilon);

    internal override LayerResult Infer(TensorShape input) => new(input, ParameterShape.ScaleAndShift(input.Channels));
}

/// <summary>
/// <c>group_norm 32</c>: normalises each group of channels of each sample over its pixels, then scales by gamma and
/// shifts by beta (Wu and He 2018; Keras's GroupNormalization).
/// </summary>
/// <param name="Groups">Number of groups, which divides the channels; 32 unless given.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record GroupNormLayer(int Groups = 32, double Epsilon = 0.001) : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    internal override IEnumerable<string> Words()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"group_norm {Groups}");
        if (Epsilon != 0.001)
            yield return string.Create(CultureInfo.InvariantCulture, $"epsilon {Epsilon}");
    }

    internal override void Validate()
    {
        Bound.Check(Groups, 1, NetworkLimits.MaxSize, "groups");
        Bound.CheckEpsilon(Epsilon);
    }

    internal override LayerResult Infer(TensorShape input) => input.Channels % Groups == 0
        ? new(input, ParameterShape.ScaleAndShift(input.Channels))
        : throw new LayerException(string.Create(
            CultureInfo.InvariantCulture,
            $"its {Groups} groups do not divide the {input.Channels} channels; write a divisor of {input.Channels}"));
}

/// <summary>
/// <c>add(conv 8 3x3 same > batch_norm; ) relu</c>, <c>concat(conv 8 1x1; max_pool 3 stride 1 same > conv 4 1x1)</c>:
/// the input goes along several paths, whose outputs are added, or joined channel after channel. A path is layers with
/// <c>&gt;</c> between them; an empty one passes its input on.
/// </summary>
/// <param name="Kind">How the outputs of the paths become one.</param>
/// <param name="Paths">At least two.</param>
/// <param name="Activation">Applied to the output; none unless given.</param>
public sealed record JoinLayer(JoinKind Kind, IReadOnlyList<IReadOnlyList<Layer>> Paths, Activation Activation)
    : Layer
{
    /// <summary>Most paths of one layer.</summary>
    private const int MaxPaths = 16;

    /// <inheritdoc />
    public override bool HasWeights => Paths.Any(path => path.Any(layer => layer.HasWeights));

    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    /// <inheritdoc />
    public bool Equals(JoinLayer? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc />
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    internal override IEnumerable<string> Words()
    {
        var paths = string.Join("; ", Paths.Select(path => string.Join(" > ", path)));
        yield return $"{(Kind == JoinKind.Add ? "add" : "concat")}({paths})";
        if (Activation.Kind != ActivationKind.Linear)
            yield return Activation.ToString();
    }

    internal override void Validate()
    {
        Bound.Check(Paths.Count, 2, MaxPaths, "paths");
        Bound.Check(Paths.Sum(path => path.Count), 0, NetworkLimits.MaxLayers, "layers of all paths");
        foreach (var layer in Paths.SelectMany(path => path))
            layer.Validate();
    }

    internal override Layer WithActivation(Activation activation) => new JoinLayer(
        Kind, Changed(layer => layer.OwnActivation.Kind != ActivationKind.Linear || layer is JoinLayer
            ? layer.WithActivation(activation) : layer),
        Activation.Kind == ActivationKind.Linear ? Activation : activation);

    internal override Layer WithDropout(double rate) =>
        new JoinLayer(Kind, Changed(layer => layer.WithDropout(rate)), Activation);

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        var results = Paths.Select(path => LayerPath.Follow(path, input)).ToList();
        var output = results[0].Output;
        var channels = output.Channels;
        foreach (var (result, number) in results.Skip(1).Select((result, index) => (result, index + 2)))
        {
            var fits = Kind == JoinKind.Add
                ? result.Output == output
                : !result.Output.IsFlat
                    && (result.Output.Height, result.Output.Width) == (output.Height, output.Width);
            if (!fits)
            {
                throw new LayerException(
                    $"its paths give {output} and (path {number}) {result.Output}; "
                    + (Kind == JoinKind.Add
                        ? "what is added has one shape" : "what is joined has one height and width"));
            }

            channels += Kind == JoinKind.Concat ? result.Output.Channels : 0;
        }

        if (output.IsFlat)
            throw new LayerException("its paths end in vectors; let them end in images");
        if (channels > NetworkLimits.MaxSize)
            throw new LayerException($"its {channels} channels are too many");
        return new(
            TensorShape.Image(channels, output.Height, output.Width),
            [.. results.SelectMany(result => result.Parameters)],
            results.Sum(result => result.Statistics),
            results.Sum(result => result.MultiplyAdds));
    }

    private IReadOnlyList<IReadOnlyList<Layer>> Changed(Func<Layer, Layer> change) =>
        [.. Paths.Select(path => (IReadOnlyList<Layer>)[.. path.Select(change)])];
}

/// <summary>What becomes of the outputs of several paths.</summary>
public enum JoinKind
{
    /// <summary>Added value by value.</summary>
    Add,

    /// <summary>Channel after channel.</summary>
    Concat,
}

/// <summary>Layers one after the other within one layer.</summary>
internal static class LayerPath
{
    /// <summary>What they make of an input, taken together.</summary>
    public static LayerResult Follow(IReadOnlyList<Layer> layers, TensorShape input)
    {
        var parameters = new List<ParameterShape>();
        var (statistics, multiplyAdds) = (0L, 0L);
        foreach (var layer in layers)
        {
            var result = layer.Infer(input);
            input = result.Output;
            statistics += result.Statistics;
            multiplyAdds += result.MultiplyAdds;
            parameters.AddRange(result.Parameters);
            if (input.Size > NetworkLimits.MaxActivations)
                throw new LayerException($"'{layer}' gives {input.Size} values, more than "
                    + $"{NetworkLimits.MaxActivations}");
        }

        return new(input, parameters, statistics, multiplyAdds);
    }
}

/// <summary>The words that convolutions share.</summary>
internal static class ConvWords
{
    public static IEnumerable<string> Of(
        Window window, Activation activation, bool bias, int groups = 1, int multiplier = 1)
    {
        if (window.Padding.Kind != PaddingKind.Valid)
            yield return window.Padding.ToString();
        if (activation.Kind != ActivationKind.Linear)
            yield return activation.ToString();
        if (window is not { StrideHeight: 1, StrideWidth: 1 })
            yield return $"stride {window.Stride}";
        if (window.Dilation > 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"dilation {window.Dilation}");
        if (groups > 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"groups {groups}");
        if (multiplier > 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"multiplier {multiplier}");
        if (!bias)
            yield return "no_bias";
    }
}
