using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// <c>residual 64 stride 2</c>: the basic block of He et al., "Deep residual learning" (2016): conv, batch_norm,
/// activation, conv, batch_norm; added to the input; activation. The convolutions are <c>same</c> and have no bias,
/// since the normalisation shifts. Where the block changes the shape, the input goes through a 1x1 convolution and a
/// batch_norm (their option B). With <c>pad 1</c> the first convolution is padded alike on all sides, as in the paper's
/// program and torchvision; of an even number of rows, <c>same</c> with a stride of 2 begins one row later.
/// </summary>
/// <param name="Filters">Channels of the output.</param>
/// <param name="KernelHeight">Rows of both kernels; 3 unless given.</param>
/// <param name="KernelWidth">Columns of both kernels; 3 unless given.</param>
/// <param name="StrideHeight">Row stride of the first convolution; 1 unless given.</param>
/// <param name="StrideWidth">Column stride of the first convolution; 1 unless given.</param>
/// <param name="Activation">Both activations; relu unless given.</param>
public sealed record ResidualLayer(
    int Filters, int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, Activation Activation)
    : BlockLayer
{
    /// <summary>A block with 3x3 kernels and relu.</summary>
    public ResidualLayer(int filters, int stride = 1)
        : this(filters, 3, 3, stride, stride, Activation.Of(ActivationKind.Relu))
    {
    }

    /// <summary>That of the first convolution: <c>same</c>, or half the kernel on every side.</summary>
    public Padding Padding { get; init; } = Padding.Same;

    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    /// <inheritdoc />
    public override IReadOnlyList<Layer> Main =>
    [
        Conv(new(KernelHeight, KernelWidth, StrideHeight, StrideWidth, Padding)),
        new BatchNormLayer(),
        new ActivationLayer(Activation),
        Conv(new(KernelHeight, KernelWidth, 1, 1, Padding.Same)),
        new BatchNormLayer(),
    ];

    /// <inheritdoc />
    public override IReadOnlyList<Layer> Shortcut(TensorShape input) =>
        input.Channels == Filters && StrideHeight == 1 && StrideWidth == 1
            ? []
            : [Conv(new(1, 1, StrideHeight, StrideWidth, Padding.Same)), new BatchNormLayer()];

    internal override IEnumerable<string> Words()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"residual {Filters}");
        if (KernelHeight != 3 || KernelWidth != 3)
            yield return string.Create(CultureInfo.InvariantCulture, $"{KernelHeight}x{KernelWidth}");
        if (Activation != Activation.Of(ActivationKind.Relu))
            yield return Activation.ToString();
        if (StrideHeight != 1 || StrideWidth != 1)
            yield return $"stride {new Window(1, 1, StrideHeight, StrideWidth, default).Stride}";
        if (Padding != Padding.Same)
            yield return Padding.ToString();
    }

    internal override void Validate()
    {
        Bound.Check(Filters, 1, NetworkLimits.MaxSize, "filters");
        new Window(KernelHeight, KernelWidth, StrideHeight, StrideWidth, Padding).Validate("kernel");
        NeedHalf(Padding, KernelHeight, KernelWidth);
    }

    internal override Layer WithActivation(Activation activation) => this with { Activation = activation };

    private ConvLayer Conv(Window window) => new(Filters, window, Activation.None, Bias: false);
}

/// <summary>
/// <c>bottleneck 64 stride 2</c>: the deep block of He et al. (2016): 1x1, 3x3 and 1x1 convolutions without bias, each
/// with a batch_norm, to four times the filters; added to the input; activation. The stride is the 3x3 one's, as in
/// torchvision. With <c>squeeze 16</c> a squeeze_excite of that ratio comes before the addition (Hu et al. 2018).
/// </summary>
/// <param name="Filters">Channels of the first two convolutions; the output has four times as many.</param>
/// <param name="StrideHeight">Row stride; 1 unless given.</param>
/// <param name="StrideWidth">Column stride; 1 unless given.</param>
/// <param name="Activation">All activations; relu unless given.</param>
/// <param name="Squeeze">The ratio of the squeeze_excite; 0: there is none.</param>
public sealed record BottleneckLayer(
    int Filters, int StrideHeight, int StrideWidth, Activation Activation, int Squeeze = 0) : BlockLayer
{
    private const int Expansion = 4;

    /// <summary>That of the 3x3 convolution: <c>same</c>, or 1 on every side.</summary>
    public Padding Padding { get; init; } = Padding.Same;

    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    /// <inheritdoc />
    public override IReadOnlyList<Layer> Main =>
    [
        Conv(Filters, Window.Square(1)), new BatchNormLayer(), new ActivationLayer(Activation),
        Conv(Filters, new(3, 3, StrideHeight, StrideWidth, Padding)), new BatchNormLayer(),
        new ActivationLayer(Activation),
        Conv(Expansion * Filters, Window.Square(1)), new BatchNormLayer(),
        .. Squeeze > 0 ? [new SqueezeExciteLayer(Squeeze)] : (Layer[])[],
    ];

    /// <inheritdoc />
    public override IReadOnlyList<Layer> Shortcut(TensorShape input) =>
        input.Channels == Expansion * Filters && StrideHeight == 1 && StrideWidth == 1
            ? []
            :
            [
                Conv(Expansion * Filters, new(1, 1, StrideHeight, StrideWidth, Padding.Same)), new BatchNormLayer(),
            ];

    internal override IEnumerable<string> Words()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"bottleneck {Filters}");
        if (Activation != Activation.Of(ActivationKind.Relu))
            yield return Activation.ToString();
        if (StrideHeight != 1 || StrideWidth != 1)
            yield return $"stride {new Window(1, 1, StrideHeight, StrideWidth, default).Stride}";
        if (Padding != Padding.Same)
            yield return Padding.ToString();
        if (Squeeze > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"squeeze {Squeeze}");
    }

    internal override void Validate()
    {
        Bound.Check(Filters, 1, NetworkLimits.MaxSize / Expansion, "filters");
        new Window(3, 3, StrideHeight, StrideWidth, Padding).Validate("kernel");
        NeedHalf(Padding, 3, 3);
        Bound.Check(Squeeze, 0, NetworkLimits.MaxSize, "squeeze");
    }

    internal override Layer WithActivation(Activation activation) => this with { Activation = activation };

    private static ConvLayer Conv(int filters, Window window) => new(filters, window, Activation.None, Bias: false);
}

/// <summary>Layers with a way around them, whose outputs are added.</summary>
public abstract record BlockLayer : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    /// <summary>The layers of the block, without the addition and the activation after it.</summary>
    public abstract IReadOnlyList<Layer> Main { get; }

    /// <summary>The layers on the way around the block; none where the input can be added as it is.</summary>
    public abstract IReadOnlyList<Layer> Shortcut(TensorShape input);

    /// <summary>Other paddings would give the block another shape than the way around it has.</summary>
    private protected static void NeedHalf(Padding padding, int height, int width)
    {
        if (padding != Padding.Same && (2 * padding.Size + 1 != height || height != width))
            throw new LayerException(
                $"padding: '{padding}' changes the shape that its shortcut has; write 'same', or 'pad 1' for kernels "
                    + "of 3x3 ('pad 2' for 5x5)");
    }

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        var main = LayerPath.Follow(Main, input);
        var shortcut = LayerPath.Follow(Shortcut(input), input);
        return new(
            main.Output, [.. main.Parameters, .. shortcut.Parameters], main.Statistics + shortcut.Statistics,
            main.MultiplyAdds + shortcut.MultiplyAdds);
    }
}
