namespace Sweeps.Core.Specs.Space;

/// <summary>
/// A range drawn from uniformly, in the value or in its logarithm: uniform, log_uniform_values and, with a step, their
/// q_ forms, whose values are <c>round(X / Step) * Step</c>.
/// </summary>
/// <param name="Min">Lower end.</param>
/// <param name="Max">Upper end.</param>
/// <param name="IsLog">Uniform in the logarithm; then <paramref name="Min"/> is above 0.</param>
/// <param name="Step">The step of a quantised range; null: continuous.</param>
/// <param name="Bounds">What the parameter allows; a multiple outside becomes the nearest one inside.</param>
public sealed record RangeDomain(double Min, double Max, bool IsLog, double? Step, Bounds Bounds) : ParameterDomain
{
    /// <inheritdoc />
    public override string Distribution => (Step is null ? "" : "q_") + (IsLog ? "log_uniform_values" : "uniform");

    /// <inheritdoc />
    public override IReadOnlyList<WeightedValue>? Enumerate(int limit)
    {
        if (Min == Max && Step is null)
            return [new(ParameterValue.Of(Min), 1)];
        if (Step is not { } step || (Max - Min) / step >= limit)
            return null;
        return Quantized.Enumerate(step, Bounds, Min, Max, Below);
    }

    /// <inheritdoc />
    public override ParameterValue At(double u)
    {
        var x = Math.Clamp(IsLog ? Min * Math.Exp(u * Math.Log(Max / Min)) : Min + (Max - Min) * u, Min, Max);
        return ParameterValue.Of(Step is { } step
            ? Quantized.Round(x, step, Bounds)
            : Bounds.Clamp(Math.Clamp(Significant.Round(x, Significant.Drawn), Min, Max)));
    }

    /// <summary>The probability of a value below <paramref name="x"/>, before rounding to steps.</summary>
    private double Below(double x)
    {
        if (x <= Min)
            return 0;
        if (x >= Max)
            return 1;
        return IsLog ? Math.Log(x / Min) / Math.Log(Max / Min) : (x - Min) / (Max - Min);
    }
}
