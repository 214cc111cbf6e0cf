using MathNet.Numerics.Distributions;

namespace Sweeps.Core.Specs.Space;

/// <summary>
/// A normal distribution, or a log-normal one, with or without a step; cut off where the parameter's bounds are, so
/// that no draw is impossible.
/// </summary>
/// <param name="Mu">Mean of the value, or of its natural logarithm.</param>
/// <param name="Sigma">Standard deviation of the value, or of its natural logarithm; above 0.</param>
/// <param name="IsLog">Log-normal.</param>
/// <param name="Step">The step of a quantised distribution; null: continuous.</param>
/// <param name="Bounds">What the parameter allows.</param>
public sealed record NormalDomain(double Mu, double Sigma, bool IsLog, double? Step, Bounds Bounds) : ParameterDomain
{
    /// <inheritdoc />
    public override string Distribution => (Step is null ? "" : "q_") + (IsLog ? "log_normal" : "normal");

    /// <summary>The share of the distribution that lies within the bounds.</summary>
    public double AllowedShare => Below(Bounds.Max) - Below(Bounds.Min);

    /// <inheritdoc />
    public override IReadOnlyList<WeightedValue>? Enumerate(int limit) => null;

    /// <inheritdoc />
    public override ParameterValue At(double u)
    {
        var z = Normal.InvCDF(0, 1, Below(Bounds.Min) + u * AllowedShare);
        var x = IsLog ? Math.Exp(Mu + Sigma * z) : Mu + Sigma * z;
        return ParameterValue.Of(Step is { } step
            ? Quantized.Round(x, step, Bounds)
            : Bounds.Clamp(Significant.Round(Bounds.Clamp(x), Significant.Drawn)));
    }

    private double Below(double x)
    {
        if (!IsLog)
            return Normal.CDF(Mu, Sigma, x);
        return x <= 0 ? 0 : Normal.CDF(Mu, Sigma, Math.Log(x));
    }
}
