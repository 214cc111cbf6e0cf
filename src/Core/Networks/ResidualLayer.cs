using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// <c>residual 64 stride 2</c>: the basic block of He et al., "Deep residual learning" (2016): conv, batch_norm,
/// activation, conv, batch_norm; added to the input; activation. The convolutions are <c>same</c> and have no bias,
/// since the normalisation shifts. Where the block changes the shape, the input goes through a 1x1 convolution and a
/// batch_norm (their option B).
/// </summary>
/// <param name="Filters">Channels of the output.</param>
/// <param name="KernelHeight">Rows of both kernels; 3 unless given.</param>
/// <param name="KernelWidth">Columns of both kernels; 3 unless given.</param>
/// <param name="StrideHeight">Row stride of the first convolution; 1 unless given.</param>
/// <param name="StrideWidth">Column stride of the first convolution; 1 unless given.</param>
/// <param name="Activation">Both activations; relu unless given.</param>
public sealed record ResidualLayer(
    int Filters, int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, Activation Activation) : Layer
{
    /// <summary>A block with 3x3 kernels and relu.</summary>
    public ResidualLayer(int filters, int stride = 1)
        : this(filters, 3, 3, stride, stride, Activation.Of(ActivationKind.Relu))
    {
    }

    /// <inheritdoc />
    public override bool HasWeights => true;

    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    /// <summary>The layers of the block, without the addition and the activation after it.</summary>
    public IReadOnlyList<Layer> Main =>
    [
        Conv(new(KernelHeight, KernelWidth, StrideHeight, StrideWidth, Padding.Same)),
        new BatchNormLayer(),
        new ActivationLayer(Activation),
        Conv(new(KernelHeight, KernelWidth, 1, 1, Padding.Same)),
        new BatchNormLayer(),
    ];

    /// <summary>The layers on the way around the block; none where the input can be added as it is.</summary>
    public IReadOnlyList<Layer> Shortcut(TensorShape input) =>
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
    }

    internal override void Validate()
    {
        Bound.Check(Filters, 1, NetworkLimits.MaxSize, "filters");
        new Window(KernelHeight, KernelWidth, StrideHeight, StrideWidth, Padding.Same).Validate("kernel");
    }

    internal override Layer WithActivation(Activation activation) => this with { Activation = activation };

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        var parameters = new List<ParameterShape>();
        var main = Follow(Main, input, parameters);
        var shortcut = Follow(Shortcut(input), input, parameters);
        return new(
            main.Output, parameters, main.Statistics + shortcut.Statistics, main.MultiplyAdds + shortcut.MultiplyAdds);
    }

    private ConvLayer Conv(Window window) => new(Filters, window, Activation.None, Bias: false);

    private static (TensorShape Output, long Statistics, long MultiplyAdds) Follow(
        IReadOnlyList<Layer> layers, TensorShape shape, List<ParameterShape> parameters)
    {
        var (statistics, multiplyAdds) = (0L, 0L);
        foreach (var layer in layers)
        {
            var result = layer.Infer(shape);
            shape = result.Output;
            statistics += result.Statistics;
            multiplyAdds += result.MultiplyAdds;
            parameters.AddRange(result.Parameters);
        }

        return (shape, statistics, multiplyAdds);
    }
}
