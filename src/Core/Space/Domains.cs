using System.Collections.Immutable;
using MathNet.Numerics.Distributions;

namespace Sweeps.Core.Space;

/// <summary>The values that a parameter can take, and how likely each is to a random search.</summary>
internal abstract record ParameterDomain
{
    /// <summary>The name of the W&amp;B distribution that says the same.</summary>
    public abstract string Distribution { get; }

    /// <summary>
    /// All values and their probabilities, if there are at most <paramref name="limit"/> of them; otherwise null: there
    /// is no end to them, or too many to list.
    /// </summary>
    public abstract IReadOnlyList<WeightedValue>? Enumerate(int limit);

    /// <summary>The value at quantile <paramref name="u"/> in (0, 1): uniform u give the distribution.</summary>
    public abstract ParameterValue At(double u);

    /// <summary>Whether it is one of the values.</summary>
    public virtual bool Contains(ParameterValue value) =>
        Enumerate(int.MaxValue)!.Any(v => v.Value == value && v.Probability > 0);
}

/// <summary>A value out of a list: <c>value</c>, or <c>values</c> with or without <c>probabilities</c>.</summary>
/// <param name="Values">At least one, all different.</param>
/// <param name="Probabilities">One for each value, adding up to 1; empty: all equal.</param>
internal sealed record ChoiceDomain(ImmutableArray<ParameterValue> Values, ImmutableArray<double> Probabilities)
    : ParameterDomain
{
    /// <summary>A single value.</summary>
    public ChoiceDomain(ParameterValue value)
        : this([value], [])
    {
    }

    public override string Distribution => Values.Length == 1 ? "constant" : "categorical";

    public override IReadOnlyList<WeightedValue>? Enumerate(int limit) => Values.Length > limit
        ? null
        : [.. Values.Select((value, i) => new WeightedValue(value, ProbabilityOf(i)))];

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

/// <summary>All whole numbers of a range, equally likely: int_uniform.</summary>
/// <param name="Min">The first.</param>
/// <param name="Max">The last.</param>
internal sealed record IntegerDomain(long Min, long Max) : ParameterDomain
{
    public override string Distribution => "int_uniform";

    private double Count => (double)Max - Min + 1;

    public override IReadOnlyList<WeightedValue>? Enumerate(int limit)
    {
        if (Count > limit)
            return null;
        var values = new WeightedValue[(int)Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = new(ParameterValue.Of(Min + i), 1 / Count);
        return values;
    }

    public override ParameterValue At(double u) => ParameterValue.Of(Math.Min(Max, Min + Math.Floor(u * Count)));

    public override bool Contains(ParameterValue value) =>
        value.Number >= Min && value.Number <= Max && value.Number == Math.Truncate(value.Number);
}

/// <summary>Equally spaced points of a range, both ends included; spaced linearly or logarithmically.</summary>
/// <param name="Min">The first point.</param>
/// <param name="Max">The last point.</param>
/// <param name="Points">How many, at least 2 unless both ends are the same.</param>
/// <param name="IsLog">Equal ratios instead of equal differences; both ends are above 0.</param>
/// <param name="IsInteger">Points are rounded to whole numbers, and equal ones are one.</param>
internal sealed record PointsDomain(double Min, double Max, int Points, bool IsLog, bool IsInteger) : ParameterDomain
{
    public override string Distribution => IsLog ? "log_uniform_values" : IsInteger ? "int_uniform" : "uniform";

    /// <summary>The points, in ascending order.</summary>
    public IReadOnlyList<ParameterValue> Values()
    {
        var values = new List<ParameterValue>(Points);
        for (var i = 0; i < Points; i++)
        {
            var value = ParameterValue.Of(PointAt(i));
            if (values.Count == 0 || values[^1] != value)
                values.Add(value);
        }

        return values;
    }

    public override IReadOnlyList<WeightedValue>? Enumerate(int limit)
    {
        if (Points > limit)
            return null;
        var values = Values();
        return [.. values.Select(v => new WeightedValue(v, 1.0 / values.Count))];
    }

    public override ParameterValue At(double u)
    {
        var values = Values();
        return values[Math.Min(values.Count - 1, (int)(u * values.Count))];
    }

    private double PointAt(int index)
    {
        if (index == 0)
            return Min;
        if (index == Points - 1)
            return Max;
        var share = (double)index / (Points - 1);
        var point = IsLog ? Min * Math.Pow(Max / Min, share) : Min + (Max - Min) * share;
        return IsInteger ? Math.Round(point) : Significant.Round(point, Significant.Computed);
    }
}

/// <summary>
/// A range drawn from uniformly, in the value or in its logarithm: uniform, log_uniform_values and, with a step, their
/// q_ forms, whose values are <c>round(X / Step) * Step</c>.
/// </summary>
/// <param name="Min">Lower end.</param>
/// <param name="Max">Upper end.</param>
/// <param name="IsLog">Uniform in the logarithm; then <paramref name="Min"/> is above 0.</param>
/// <param name="Step">The step of a quantised range; null: continuous.</param>
/// <param name="Bounds">What the parameter allows; a multiple outside becomes the nearest one inside.</param>
internal sealed record RangeDomain(double Min, double Max, bool IsLog, double? Step, Bounds Bounds) : ParameterDomain
{
    public override string Distribution => (Step is null ? "" : "q_") + (IsLog ? "log_uniform_values" : "uniform");

    public override IReadOnlyList<WeightedValue>? Enumerate(int limit)
    {
        if (Min == Max && Step is null)
            return [new(ParameterValue.Of(Min), 1)];
        if (Step is not { } step || (Max - Min) / step >= limit)
            return null;
        return Quantized.Enumerate(step, Bounds, Min, Max, Below);
    }

    public override ParameterValue At(double u)
    {
        var x = Math.Clamp(IsLog ? Min * Math.Exp(u * Math.Log(Max / Min)) : Min + (Max - Min) * u, Min, Max);
        return ParameterValue.Of(Step is { } step
            ? Quantized.Round(x, step, Bounds)
            : Bounds.Clamp(Math.Clamp(Significant.Round(x, Significant.Drawn), Min, Max)));
    }

    public override bool Contains(ParameterValue value) =>
        value.Number >= Min && value.Number <= Max && Bounds.Contains(value.Number)
        && (Step is not { } step || Quantized.Round(value.Number, step, Bounds) == value.Number);

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

/// <summary>
/// A normal distribution, or a log-normal one, with or without a step; cut off where the parameter's bounds are, so
/// that no draw is impossible.
/// </summary>
/// <param name="Mu">Mean of the value, or of its natural logarithm.</param>
/// <param name="Sigma">Standard deviation of the value, or of its natural logarithm; above 0.</param>
/// <param name="IsLog">Log-normal.</param>
/// <param name="Step">The step of a quantised distribution; null: continuous.</param>
/// <param name="Bounds">What the parameter allows.</param>
internal sealed record NormalDomain(double Mu, double Sigma, bool IsLog, double? Step, Bounds Bounds) : ParameterDomain
{
    public override string Distribution => (Step is null ? "" : "q_") + (IsLog ? "log_normal" : "normal");

    /// <summary>The share of the distribution that lies within the bounds.</summary>
    public double AllowedShare => Below(Bounds.Max) - Below(Bounds.Min);

    public override IReadOnlyList<WeightedValue>? Enumerate(int limit) => null;

    public override ParameterValue At(double u)
    {
        var z = Normal.InvCDF(0, 1, Below(Bounds.Min) + u * AllowedShare);
        var x = IsLog ? Math.Exp(Mu + Sigma * z) : Mu + Sigma * z;
        return ParameterValue.Of(Step is { } step
            ? Quantized.Round(x, step, Bounds)
            : Bounds.Clamp(Significant.Round(Bounds.Clamp(x), Significant.Drawn)));
    }

    public override bool Contains(ParameterValue value) => Bounds.Contains(value.Number)
        && (Step is not { } step || Quantized.Round(value.Number, step, Bounds) == value.Number);

    private double Below(double x)
    {
        if (!IsLog)
            return Normal.CDF(Mu, Sigma, x);
        return x <= 0 ? 0 : Normal.CDF(Mu, Sigma, Math.Log(x));
    }
}
