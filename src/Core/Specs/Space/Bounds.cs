namespace Sweeps.Core.Specs.Space;

/// <summary>The range of values that a parameter allows; either end may be infinite or excluded.</summary>
/// <param name="Min">Lower end.</param>
/// <param name="Max">Upper end.</param>
/// <param name="ExcludesMin">The lower end itself is not allowed.</param>
/// <param name="ExcludesMax">The upper end itself is not allowed.</param>
public readonly record struct Bounds(double Min, double Max, bool ExcludesMin, bool ExcludesMax)
{
    /// <summary>The nearest allowed value.</summary>
    public double Clamp(double value)
    {
        if (value < Min || (ExcludesMin && value == Min))
            return ExcludesMin ? Math.BitIncrement(Min) : Min;
        if (value > Max || (ExcludesMax && value == Max))
            return ExcludesMax ? Math.BitDecrement(Max) : Max;
        return value;
    }

    /// <summary>Whether the value is allowed.</summary>
    public bool Contains(double value) => value >= Min && value <= Max && Clamp(value) == value;
}
