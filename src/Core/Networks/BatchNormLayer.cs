using System.Globalization;

namespace Sweeps.Core.Networks;

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
        if (!(Epsilon > 0 && Epsilon <= 1))
        {
            throw new LayerException(string.Create(
                CultureInfo.InvariantCulture,
                $"epsilon: {Epsilon} is out of range; allowed are numbers above 0 up to 1"));
        }
    }

    internal override LayerResult Infer(TensorShape input) => new(
        input,
        [
            ParameterShape.Vector(ParameterRole.Gamma, input.Channels),
            ParameterShape.Vector(ParameterRole.Beta, input.Channels),
        ],
        2L * input.Channels);
}
