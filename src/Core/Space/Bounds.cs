namespace Sweeps.Core.Space;

/// <summary>The range of values that a parameter allows; either end may be infinite or excluded.</summary>
/// <param name="Min">Lower end.</param>
/// <param name="Max">Upper end.</param>
/// <param name="ExcludesMin">The lower end itself is not allowed.</param>
/// <param name="ExcludesMax">The upper end itself is not allowed.</param>
internal readonly record struct Bounds(double Min, double Max, bool ExcludesMin, bool ExcludesMax)
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

    /// <summary>What these bounds and a range allow together.</summary>
    public Bounds Within(double min, double max) => new(
        Math.Max(Min, min), Math.Min(Max, max), ExcludesMin && Min >= min, ExcludesMax && Max <= max);

    /// <summary>Whether the value is allowed.</summary>
    public bool Contains(double value) => value >= Min && value <= Max && Clamp(value) == value;
}

/// <summary>Rounding to multiples of a step, as W&amp;B's q_ distributions do.</summary>
internal static class Quantized
{
    /// <summary><c>round(x / step) * step</c>, or the nearest multiple within the bounds.</summary>
    public static double Round(double x, double step, Bounds bounds) => Multiple(Index(x, step, bounds), step);

    /// <summary>All multiples that a distribution rounds to, with their probabilities.</summary>
    /// <param name="step">The step.</param>
    /// <param name="bounds">What is allowed.</param>
    /// <param name="min">Lower end of the distribution.</param>
    /// <param name="max">Upper end of the distribution.</param>
    /// <param name="below">The probability of a value below x.</param>
    public static List<WeightedValue> Enumerate(
        double step, Bounds bounds, double min, double max, Func<double, double> below)
    {
        var (first, last) = (Index(min, step, bounds), Index(max, step, bounds));
        var values = new List<WeightedValue>();
        for (var k = first; k <= last; k++)
        {
            // The outermost multiples take what lies beyond them too.
            var from = k == first ? 0 : below((k - 0.5) * step);
            var to = k == last ? 1 : below((k + 0.5) * step);
            if (to > from)
                values.Add(new(ParameterValue.Of(Multiple(k, step)), to - from));
        }

        return values;
    }

    /// <summary>Whether any multiple of the step is allowed.</summary>
    public static bool HasMultiple(double step, Bounds bounds) => bounds.Contains(Round(bounds.Min, step, bounds))
        || bounds.Contains(Round(bounds.Max, step, bounds));

    private static double Index(double x, double step, Bounds bounds)
    {
        var low = double.IsFinite(bounds.Min) ? Math.Ceiling(bounds.Min / step) : double.MinValue;
        var high = double.IsFinite(bounds.Max) ? Math.Floor(bounds.Max / step) : double.MaxValue;
        if (bounds.ExcludesMin && Multiple(low, step) <= bounds.Min)
            low++;
        if (bounds.ExcludesMax && Multiple(high, step) >= bounds.Max)
            high--;
        return Math.Min(high, Math.Max(low, Math.Round(x / step)));
    }

    private static double Multiple(double index, double step) =>
        double.IsFinite(index * step) ? Significant.Round(index * step, Significant.Computed) : index * step;
}
