using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary><c>conv 32 5x5 same relu stride 2</c>: a 2-dimensional convolution.</summary>
/// <param name="Filters">Channels of the output.</param>
/// <param name="Window">Kernel, stride (1 unless given) and padding (valid unless given).</param>
/// <param name="Activation">Applied to the output; none unless given.</param>
/// <param name="Bias">Whether each filter has a bias; yes unless <c>no_bias</c>.</param>
public sealed record ConvLayer(int Filters, Window Window, Activation Activation = default, bool Bias = true) : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    internal override IEnumerable<string> Words()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"conv {Filters} {Window.Kernel}");
        if (Window.Padding.Kind != PaddingKind.Valid)
            yield return Window.Padding.ToString();
        if (Activation.Kind != ActivationKind.Linear)
            yield return Activation.ToString();
        if (Window is not { StrideHeight: 1, StrideWidth: 1 })
            yield return $"stride {Window.Stride}";
        if (!Bias)
            yield return "no_bias";
    }

    internal override void Validate()
    {
        Bound.Check(Filters, 1, NetworkLimits.MaxSize, "filters");
        Window.Validate("kernel");
    }

    internal override Layer WithActivation(Activation activation) => this with { Activation = activation };

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        if (Window.Misfit(input, "kernel") is { } reason)
            throw new LayerException(reason);
        var (height, width) = Window.Slide(input);
        List<ParameterShape> parameters = [ParameterShape.Kernel(Filters, input.Channels, Window)];
        if (Bias)
            parameters.Add(ParameterShape.Vector(ParameterRole.Bias, Filters));
        return new(TensorShape.Image(Filters, height, width), parameters);
    }
}
