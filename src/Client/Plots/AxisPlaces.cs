using System.Globalization;
using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.TickGenerators;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Plots;

/// <summary>Numbers beside axes.</summary>
internal static class ChartNumbers
{
    /// <summary>Ticks at round numbers.</summary>
    public static NumericAutomatic Ticks(bool isShare, bool isWhole = false) => new()
    {
        IntegerTicksOnly = isWhole,
        LabelFormatter = value => Text(value, isShare),
    };

    /// <summary>A number beside a tick.</summary>
    public static string Text(double value, bool isShare) => isShare
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.##} %")
        : Math.Abs(value) is >= 10_000 and < 1e9 ? Figures.Count(value) : Figures.Parameter(Rounded(value));

    // Sums of tenths are written as tenths.
    private static double Rounded(double value) =>
        value == 0 || Math.Abs(value) < 1e-12 ? 0 : double.Parse(
            value.ToString("G10", CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
}

/// <summary>A scale of colours as ScottPlot takes it.</summary>
internal sealed class ScaleSource(ColorScale scale) : IHasColorAxis, IColormap
{
    private static readonly Viridis s_viridis = new();

    public IColormap Colormap => this;

    public string Name => "scale";

    public ScottPlot.Range GetRange() => new(scale.From, scale.To);

    public Color GetColor(double position)
    {
        if (!scale.IsBlue)
            return s_viridis.GetColor(scale.IsReversed ? 1 - position : position);
        // A few mistakes of many are seen: the first hundredths have a colour of their own.
        var (from, to, share) = position < 0.02
            ? (Colors.White, Color.FromHex("#d6e6f2"), position / 0.02)
            : (Color.FromHex("#d6e6f2"), Color.FromHex("#08519c"), (position - 0.02) / 0.98);
        return from.InterpolateRgb(to, share);
    }
}

/// <summary>Where numbers are on an axis: themselves, or their logarithms.</summary>
internal sealed class AxisPlaces(ChartAxis axis)
{
    // Ticks nearer to each other than this share of an axis would cover each other's numbers.
    private const double TickGap = 0.11;

    // Between the outermost points and the frame, as a share of all.
    private const double Margin = 0.06;

    public bool Holds(double value) => double.IsFinite(value) && (!axis.IsLogarithmic || value > 0);

    public double Of(double value) => axis.IsLogarithmic ? Math.Log10(value) : value;

    /// <summary>In places.</summary>
    public (double From, double To) Range(IEnumerable<double> values)
    {
        if (axis.Range is { } range)
            return range;
        if (axis.Names is { } names)
            return (-0.6, names.Count - 0.4);
        var places = values.Where(Holds).Select(Of).DefaultIfEmpty(0).ToList();
        var (low, high) = (places.Min(), places.Max());
        if (axis.FromZero)
            (low, high) = (Math.Min(0, low), Math.Max(0, high));
        var margin = high > low ? Margin * (high - low) : axis.IsLogarithmic ? 0.3 : Math.Max(0.5, 0.1 * low);
        return (axis.FromZero && low == 0 ? 0 : low - margin, axis.FromZero && high == 0 ? 0 : high + margin);
    }

    public ITickGenerator Ticks(double from, double to)
    {
        if (axis.Names is { } names)
            return new NumericManual([.. names.Select((name, index) => Tick.Major(index, name))]);
        if (axis.Values is { } values)
            return new NumericManual([.. Spaced(values.Where(Holds).Select(Of), from, to)]);
        return axis.IsLogarithmic
            ? new NumericManual([.. Spaced(Logarithmic(from, to), from, to), .. Minor(from, to)])
            : ChartNumbers.Ticks(axis.IsShare, axis.IsWhole);
    }

    private IEnumerable<Tick> Spaced(IEnumerable<double> places, double from, double to)
    {
        var last = double.NegativeInfinity;
        foreach (var place in places.Order())
        {
            var isFar = place - last >= TickGap * (to - from);
            yield return Tick.Major(place, isFar ? ChartNumbers.Text(Value(place), axis.IsShare) : "");
            if (isFar)
                last = place;
        }
    }

    private double Value(double place) => axis.IsLogarithmic ? Math.Pow(10, place) : place;

    private static IEnumerable<double> Logarithmic(double from, double to)
    {
        int[] digits = (to - from) switch
        {
            > 2.5 => [1],
            > 0.7 => [1, 2, 5],
            _ => [1, 2, 3, 4, 5, 6, 7, 8, 9],
        };
        return Decades(from, to, digits);
    }

    // Of many decades they would be one grey bar.
    private static IEnumerable<Tick> Minor(double from, double to) =>
        to - from > 6 ? [] : Decades(from, to, [2, 3, 4, 5, 6, 7, 8, 9]).Select(Tick.Minor);

    private static IEnumerable<double> Decades(double low, double high, int[] digits) =>
        from decade in Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high) - (int)Math.Floor(low) + 1)
        from digit in digits
        let place = decade + Math.Log10(digit)
        where place >= low && place <= high
        select place;
}
