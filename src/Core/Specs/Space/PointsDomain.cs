namespace Sweeps.Core.Specs.Space;

/// <summary>Equally spaced points of a range, both ends included; spaced linearly or logarithmically.</summary>
/// <param name="Min">The first point.</param>
/// <param name="Max">The last point.</param>
/// <param name="Points">How many, at least 2 unless both ends are the same.</param>
/// <param name="IsLog">Equal ratios instead of equal differences; both ends are above 0.</param>
/// <param name="IsInteger">Points are rounded to whole numbers, and equal ones are one.</param>
public sealed record PointsDomain(double Min, double Max, int Points, bool IsLog, bool IsInteger) : ParameterDomain
{
    /// <inheritdoc />
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

    /// <inheritdoc />
    public override IReadOnlyList<WeightedValue>? Enumerate(int limit)
    {
        if (Points > limit)
            return null;
        var values = Values();
        return [.. values.Select(v => new WeightedValue(v, 1.0 / values.Count))];
    }

    /// <inheritdoc />
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
