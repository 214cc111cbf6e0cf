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
    public static NumericAutomatic Ticks(
        bool isShare, bool isWhole = false, double most = double.PositiveInfinity) => new()
        {
            IntegerTicksOnly = isWhole,
            // As great as the number of a tick may be by rounding alone.
            LabelFormatter = value => value > most + 1e-9 ? string.Empty : Text(value, isShare),
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

/// <summary>How much room the texts beside an axis have.</summary>
/// <param name="Length">Of the axis, in points.</param>
/// <param name="Measure">How much of it a text takes.</param>
internal sealed record TickRoom(double Length, Func<string, double> Measure)
{
    /// <summary>Between two texts at least.</summary>
    public const int Gap = 6;

    /// <summary>Of a line of text.</summary>
    public const int LineHeight = 14;
}

/// <summary>Where numbers are on an axis: themselves, or their logarithms.</summary>
internal sealed class AxisPlaces(ChartAxis axis)
{
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

    /// <summary>Ticks; those whose texts would touch the one before have none.</summary>
    public ITickGenerator Ticks(double from, double to, TickRoom room)
    {
        if (axis.IsBare)
            return new EmptyTickGenerator();
        return Chosen(from, to, room) is { } ticks
            ? new NumericManual(ticks)
            : ChartNumbers.Ticks(axis.IsShare, axis.IsWhole, axis.Most);
    }

    /// <summary>The ticks where they are chosen here; null: at round numbers.</summary>
    public Tick[]? Chosen(double from, double to, TickRoom room)
    {
        if (axis.Names is { } names)
            return [.. Spaced(names.Select((name, index) => ((double)index, name)), from, to, room)];
        if (axis.Values is { } values)
            return [.. Spaced(Texts(values.Where(Holds).Select(Of)), from, to, room)];
        return axis.IsLogarithmic
            ? [.. Spaced(Texts(Logarithmic(from, to)), from, to, room), .. Minor(from, to)]
            : null;
    }

    private IEnumerable<(double Place, string Text)> Texts(IEnumerable<double> places) =>
        places.Order().Select(place => (place, ChartNumbers.Text(Value(place), axis.IsShare)));

    private static IEnumerable<Tick> Spaced(
        IEnumerable<(double Place, string Text)> ticks, double from, double to, TickRoom room)
    {
        var end = double.NegativeInfinity;
        foreach (var (place, text) in ticks)
        {
            var (at, half) = ((place - from) / (to - from) * room.Length, room.Measure(text) / 2);
            var isFree = at - half >= end;
            yield return Tick.Major(place, isFree ? text : "");
            if (isFree)
                end = at + half + TickRoom.Gap;
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
