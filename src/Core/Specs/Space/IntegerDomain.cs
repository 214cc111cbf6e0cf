namespace Sweeps.Core.Specs.Space;

/// <summary>All whole numbers of a range, equally likely: int_uniform.</summary>
/// <param name="Min">The first.</param>
/// <param name="Max">The last.</param>
public sealed record IntegerDomain(long Min, long Max) : ParameterDomain
{
    /// <inheritdoc />
    public override string Distribution => "int_uniform";

    private double Count => (double)Max - Min + 1;

    /// <inheritdoc />
    public override IReadOnlyList<WeightedValue>? Enumerate(int limit)
    {
        if (Count > limit)
            return null;
        var values = new WeightedValue[(int)Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = new(ParameterValue.Of(Min + i), 1 / Count);
        return values;
    }

    /// <inheritdoc />
    public override ParameterValue At(double u) => ParameterValue.Of(Math.Min(Max, Min + Math.Floor(u * Count)));
}
