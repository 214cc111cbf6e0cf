using System.Globalization;

namespace Sweeps.Core.Networks;

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
        return new(TensorShape.Flat(units), parameters);
    }
}
