using System.Collections.Immutable;

namespace Sweeps.Core.Specs.Space;

/// <summary>A value out of a list: <c>value</c>, or <c>values</c> with or without <c>probabilities</c>.</summary>
/// <param name="Values">At least one, all different.</param>
/// <param name="Probabilities">One for each value, adding up to 1; empty: all equal.</param>
public sealed record ChoiceDomain(ImmutableArray<ParameterValue> Values, ImmutableArray<double> Probabilities)
    : ParameterDomain
{
    /// <summary>A single value.</summary>
    public ChoiceDomain(ParameterValue value)
        : this([value], [])
    {
    }

    /// <inheritdoc />
    public override string Distribution => Values.Length == 1 ? "constant" : "categorical";

    /// <inheritdoc />
    public override IReadOnlyList<WeightedValue>? Enumerate(int limit) => Values.Length > limit
        ? null
        : [.. Values.Select((value, i) => new WeightedValue(value, ProbabilityOf(i)))];

    /// <inheritdoc />
    public override ParameterValue At(double u)
    {
        var below = 0.0;
        for (var i = 0; i < Values.Length; i++)
        {
            below += ProbabilityOf(i);
            if (u < below)
                return Values[i];
        }

        // Rounding may leave the sum a little short of 1; what cannot be drawn must not be.
        return Values[Enumerable.Range(0, Values.Length).Last(i => ProbabilityOf(i) > 0)];
    }

    private double ProbabilityOf(int index) => Probabilities.IsEmpty ? 1.0 / Values.Length : Probabilities[index];
}
