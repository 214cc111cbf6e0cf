using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// One layer as written: no shapes yet. <see cref="NetworkShape"/> finds its shapes and weights for a given input.
/// <c>ToString</c> gives the canonical text, which reads back as an equal layer.
/// </summary>
public abstract record Layer
{
    private protected Layer()
    {
    }

    /// <summary>True when the layer has weights to learn.</summary>
    public virtual bool HasWeights => false;

    /// <summary>The activation that is part of the layer, or <see cref="Activation.None"/>.</summary>
    public virtual Activation OwnActivation => Activation.None;

    /// <summary>The canonical text.</summary>
    public sealed override string ToString() => string.Join(' ', Words());

    /// <summary>True when its outputs come from weights of its own: the last such layer is the output.</summary>
    internal bool MayBeOutput => HasWeights
        && this is not (BatchNormLayer or LayerNormLayer or GroupNormLayer or SqueezeExciteLayer);

    internal abstract IEnumerable<string> Words();

    /// <summary>Checks the numbers; throws <see cref="LayerException"/>.</summary>
    internal virtual void Validate()
    {
    }

    /// <summary>The same layer with another activation, where it has one.</summary>
    internal virtual Layer WithActivation(Activation activation) => this;

    /// <summary>The same layer with another rate in its dropout layers.</summary>
    internal virtual Layer WithDropout(double rate) => this;

    /// <summary>The shape after the layer, where it fits its input.</summary>
    public TensorShape OutputOn(TensorShape input) => Infer(input).Output;

    /// <summary>
    /// What the layer makes of its input; throws <see cref="LayerException"/> when it cannot be applied.
    /// </summary>
    internal abstract LayerResult Infer(TensorShape input);

    private protected static void NeedImage(TensorShape input)
    {
        if (input.IsFlat)
        {
            throw new LayerException(
                "it needs an image (height x width x channels), not a vector; put it before 'flatten' and before "
                + "dense layers");
        }
    }
}

/// <summary>What shape inference finds for one layer.</summary>
/// <param name="Output">The shape after the layer.</param>
/// <param name="Parameters">Its trainable tensors.</param>
/// <param name="Statistics">Values that are kept but not trained: running means and variances.</param>
/// <param name="MultiplyAdds">Products that one sample takes on its way forward, each added to a sum.</param>
internal readonly record struct LayerResult(TensorShape Output, IReadOnlyList<ParameterShape> Parameters,
    long Statistics = 0, long MultiplyAdds = 0)
{
    public static LayerResult WithoutWeights(TensorShape output) => new(output, []);
}

/// <summary><c>dense 128 relu</c>: every unit sees the whole vector: y = activation(W x + b).</summary>
/// <param name="Units">Number of outputs; null, allowed in the last layer with weights only: as many as the data set
/// has.</param>
/// <param name="Activation">Applied to the output; none unless given.</param>
/// <param name="Bias">Whether b is there; yes unless <c>no_bias</c>.</param>
public sealed record DenseLayer(int? Units, Activation Activation = default, bool Bias = true) : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    internal override IEnumerable<string> Words()
    {
        yield return "dense";
        if (Units is { } units)
            yield return units.ToString(CultureInfo.InvariantCulture);
        if (Activation.Kind != ActivationKind.Linear)
            yield return Activation.ToString();
        if (!Bias)
            yield return "no_bias";
    }

    internal override void Validate()
    {
        if (Units is { } units)
            Bound.Check(units, 1, NetworkLimits.MaxSize, "units");
    }

    internal override Layer WithActivation(Activation activation) => this with { Activation = activation };

    internal override LayerResult Infer(TensorShape input)
    {
        if (!input.IsFlat)
            throw new LayerException("it needs a vector, not an image; put 'flatten' or 'global_avg_pool' before it");
        var units = Units ?? throw new LayerException("only the last layer with weights may be without a size; write "
            + "how many units it has");
        List<ParameterShape> parameters = [ParameterShape.Dense(units, input.Size)];
        if (Bias)
            parameters.Add(ParameterShape.Vector(ParameterRole.Bias, units));
        return new(TensorShape.Flat(units), parameters, MultiplyAdds: parameters[0].Size);
    }
}

/// <summary><c>conv 32 5x5 same relu stride 2</c>: a 2-dimensional convolution.</summary>
/// <param name="Filters">Channels of the output.</param>
/// <param name="Window">Kernel, stride (1 unless given) and padding (valid unless given).</param>
/// <param name="Activation">Applied to the output; none unless given.</param>
/// <param name="Bias">Whether each filter has a bias; yes unless <c>no_bias</c>.</param>
/// <param name="Groups">
/// Parts of the channels, and as many of the filters: each filter sees the channels of its part alone (Krizhevsky et
/// al. 2012); 1 unless given.
/// </param>
public sealed record ConvLayer(
    int Filters, Window Window, Activation Activation = default, bool Bias = true, int Groups = 1) : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    internal override IEnumerable<string> Words()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"conv {Filters} {Window.Kernel}");
        foreach (var word in ConvWords.Of(Window, Activation, Bias, Groups))
            yield return word;
    }

    internal override void Validate()
    {
        Bound.Check(Filters, 1, NetworkLimits.MaxSize, "filters");
        Bound.Check(Groups, 1, NetworkLimits.MaxSize, "groups");
        if (Filters % Groups != 0)
            throw new LayerException($"its {Groups} groups do not divide its {Filters} filters");
        Window.Validate("kernel");
    }

    internal override Layer WithActivation(Activation activation) => this with { Activation = activation };

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        var (height, width) = Window.SlideOver(input);
        if (input.Channels % Groups != 0)
            throw new LayerException($"its {Groups} groups do not divide the {input.Channels} channels before it");
        List<ParameterShape> parameters = [ParameterShape.Kernel(Filters, input.Channels, Window, Groups)];
        if (Bias)
            parameters.Add(ParameterShape.Vector(ParameterRole.Bias, Filters));
        // The kernel is applied once for each place of the output.
        return new(
            TensorShape.Image(Filters, height, width), parameters, MultiplyAdds: parameters[0].Size * height * width);
    }
}

/// <summary><c>max_pool 2</c>, <c>avg_pool 3 stride 2 same</c>: shrinks each channel.</summary>
/// <param name="Kind">What a window becomes.</param>
/// <param name="Window">Size (2 unless given), stride (the size unless given) and padding (valid unless given), as
/// Keras.</param>
public sealed record PoolLayer(PoolKind Kind, Window Window) : Layer
{
    internal override IEnumerable<string> Words()
    {
        yield return Kind == PoolKind.Max ? "max_pool" : "avg_pool";
        yield return Window.Kernel;
        if (Window.Padding.Kind != PaddingKind.Valid)
            yield return Window.Padding.ToString();
        if (Window.StrideHeight != Window.Height || Window.StrideWidth != Window.Width)
            yield return $"stride {Window.Stride}";
    }

    internal override void Validate()
    {
        Window.Validate("window");
        if (2 * Window.Padding.Size > Math.Min(Window.Height, Window.Width))
            throw new LayerException($"a padding of {Window.Padding.Size} is more than half of the {Window.Kernel} "
                + "window, so that windows could be empty; use less");
    }

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        if (Window.Misfit(input, "window") is { } reason)
            throw new LayerException(reason);
        var (height, width) = Window.Slide(input);
        return LayerResult.WithoutWeights(TensorShape.Image(input.Channels, height, width));
    }
}

/// <summary><c>global_avg_pool</c>: the mean of each channel; an image becomes a vector of its channels.</summary>
public sealed record GlobalAvgPoolLayer : Layer
{
    internal override IEnumerable<string> Words() => ["global_avg_pool"];

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        return LayerResult.WithoutWeights(TensorShape.Flat(input.Channels));
    }
}

/// <summary>
/// <c>flatten</c>: an image as a vector, in the order channels, rows, columns; a vector stays as it is.
/// </summary>
public sealed record FlattenLayer : Layer
{
    internal override IEnumerable<string> Words() => ["flatten"];

    internal override LayerResult Infer(TensorShape input) => input.Size <= NetworkLimits.MaxSize
        ? LayerResult.WithoutWeights(TensorShape.Flat((int)input.Size))
        : throw new LayerException($"a vector of {input.Size} values is too long; at most {NetworkLimits.MaxSize} are "
            + "allowed: pool before it");
}

/// <summary><c>activation tanh</c>, or <c>tanh</c> alone: an activation as a layer of its own.</summary>
/// <param name="Activation">The function.</param>
public sealed record ActivationLayer(Activation Activation) : Layer
{
    /// <inheritdoc />
    public override Activation OwnActivation => Activation;

    internal override IEnumerable<string> Words() => ["activation", Activation.ToString()];

    internal override Layer WithActivation(Activation activation) => new ActivationLayer(activation);

    internal override LayerResult Infer(TensorShape input) => LayerResult.WithoutWeights(input);
}

/// <summary>
/// <c>dropout 0.2</c>: while training, each value is 0 with that probability and otherwise scaled by 1 / (1 - rate);
/// while judging, nothing happens (Srivastava et al. 2014, inverted).
/// </summary>
/// <param name="Rate">The probability, in [0, 1).</param>
public sealed record DropoutLayer(double Rate) : Layer
{
    internal override IEnumerable<string> Words() => ["dropout", Rate.ToString(CultureInfo.InvariantCulture)];

    internal override void Validate() => Bound.CheckShare(Rate, "rate");

    internal override Layer WithDropout(double rate) => new DropoutLayer(rate + 0.0);

    internal override LayerResult Infer(TensorShape input) => LayerResult.WithoutWeights(input);
}

/// <summary>
/// <c>batch_norm</c>: normalises each channel (or feature) over the batch, then scales by gamma and shifts by beta
/// (Ioffe and Szegedy 2015). Gamma and beta are weights; the running mean and variance, used while judging, are not.
/// </summary>
/// <param name="Momentum">Share of the old running statistics kept at each batch, as Keras counts it: libtorch's is 1 -
/// this.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record BatchNormLayer(double Momentum = 0.99, double Epsilon = 0.001) : Layer
{
    /// <inheritdoc />
    public override bool HasWeights => true;

    internal override IEnumerable<string> Words()
    {
        yield return "batch_norm";
        if (Momentum != 0.99)
            yield return string.Create(CultureInfo.InvariantCulture, $"momentum {Momentum}");
        if (Epsilon != 0.001)
            yield return string.Create(CultureInfo.InvariantCulture, $"epsilon {Epsilon}");
    }

    internal override void Validate()
    {
        Bound.CheckShare(Momentum, "momentum");
        Bound.CheckEpsilon(Epsilon);
    }

    internal override LayerResult Infer(TensorShape input) => new(
        input,
        ParameterShape.ScaleAndShift(input.Channels, hasStatistics: true),
        2L * input.Channels);
}

/// <summary>What a pool makes of the values in its window.</summary>
public enum PoolKind
{
    /// <summary>The largest.</summary>
    Max,

    /// <summary>The mean; padding is not counted, as in TensorFlow.</summary>
    Average,
}
