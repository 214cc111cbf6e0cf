using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// <c>dropout 0.2</c>: while training, each value is 0 with that probability and otherwise scaled by 1 / (1 - rate);
/// while judging, nothing happens (Srivastava et al. 2014, inverted).
/// </summary>
/// <param name="Rate">The probability, in [0, 1).</param>
public sealed record DropoutLayer(double Rate) : Layer
{
    internal override IEnumerable<string> Words() => ["dropout", Rate.ToString(CultureInfo.InvariantCulture)];

    internal override void Validate() => Bound.CheckShare(Rate, "rate");

    internal override LayerResult Infer(TensorShape input) => LayerResult.WithoutWeights(input);
}
