using System.Globalization;
using Sweeps.Core.State;

namespace Sweeps.Client.Terminal;

/// <summary>Numbers and times for people, the same in every command.</summary>
internal static class Figures
{
    /// <summary><c>12,345</c>; <c>-</c> where it is not known.</summary>
    public static string Count(double? value) => value is { } number && !double.IsNaN(number)
        ? number.ToString("N0", CultureInfo.InvariantCulture) : "-";

    /// <summary>Samples learned from in a second; <c>-</c> where nothing was trained.</summary>
    public static string Speed(double value) => Count(value > 0 ? value : null);

    /// <summary>Where trials went on: <c>5th epoch</c>, <c>3rd to 10th epoch</c>.</summary>
    public static string Epochs(ContinuedTrials continued)
    {
        ArgumentNullException.ThrowIfNull(continued);
        var most = $"{Ordinal(continued.EpochsMax)} epoch";
        return continued.EpochsMin == continued.EpochsMax ? most : $"{Ordinal(continued.EpochsMin)} to {most}";
    }

    /// <summary><c>1st</c>, <c>2nd</c>, <c>11th</c>.</summary>
    public static string Ordinal(int number) => Count(number) + ((number % 100) is 11 or 12 or 13 ? "th"
        : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });

    /// <summary><c>1 sweep</c>, <c>12,345 sweeps</c>: a count of things whose name takes an s.</summary>
    public static string Count(double value, string name) => $"{Count(value)} {name}{(value == 1 ? "" : "s")}";

    /// <summary>
    /// A metric: four decimals; <c>1.23e9</c> where that would be long or nothing, <c>inf</c>, and <c>-</c> where there
    /// is none. What is rounded is the number itself, and halves go away from 0, as browsers do it for the charts: a
    /// format such as 0.0000 would round its first 15 digits, and 0.76755, which lies a little below, would go up.
    /// </summary>
    public static string Metric(double value) => value switch
    {
        double.NaN => "-",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ when Math.Abs(value) is >= 1e5 or (> 0 and < 5e-5) => Power(value, 3),
        _ => Fixed(value + 0.0, 4),
    };

    /// <summary>So many decimals.</summary>
    private static string Fixed(double value, int places)
    {
        var scale = 2 * Math.Pow(10, places);
        var halves = Math.Round(value * scale);
        // .NET takes the even one of two digits that are as near.
        if (halves % 2 != 0 && Math.FusedMultiplyAdd(value, scale, -halves) == 0)
            value = value > 0 ? Math.BitIncrement(value) : Math.BitDecrement(value);
        return value.ToString($"F{places}", CultureInfo.InvariantCulture);
    }

    /// <summary><c>1.23e9</c>: at most so many decimals.</summary>
    private static string Power(double value, int places)
    {
        const int Exact = 40;
        var all = Math.Abs(value).ToString($"E{Exact}", CultureInfo.InvariantCulture);
        var digits = all.AsSpan(places + 2, Exact - places);
        if (digits[0] == '5' && digits[1..].IndexOfAnyExcept('0') < 0)
            value = value > 0 ? Math.BitIncrement(value) : Math.BitDecrement(value);
        var (text, power) = Scientific(value, places);
        return $"{text.TrimEnd('0').TrimEnd('.')}e{power}";
    }

    private static (string Digits, int Power) Scientific(double value, int places)
    {
        var text = value.ToString($"E{places}", CultureInfo.InvariantCulture);
        var end = text.IndexOf('E', StringComparison.Ordinal);
        return (text[..end], int.Parse(
            text.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// A hyperparameter: the shortest text of five significant digits, those of the number itself, as browsers have
    /// them.
    /// </summary>
    public static string Parameter(double value)
    {
        if (!double.IsFinite(value))
            return value.ToString(CultureInfo.InvariantCulture);
        var text = Power(value, 4);
        return Math.Abs(value) is >= 1e-4 and < 1e5 or 0
            ? double.Parse(text, CultureInfo.InvariantCulture).ToString("0.########", CultureInfo.InvariantCulture)
            : text;
    }

    /// <summary>
    /// Seconds: three digits as in <c>0.012</c>, <c>1.23</c>, <c>12.3</c>, <c>123</c>; two of less than a hundredth.
    /// </summary>
    public static string Seconds(double value)
    {
        if (!double.IsFinite(value))
            return "-";
        if (value is > 0 and < 0.00995)
        {
            // Of the rounded number: 0.000996 is 0.0010.
            var places = 1 - Scientific(value, 1).Power;
            return places > 6 ? Power(value, 1) : Fixed(value, places);
        }

        return Fixed(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : value >= 0.9995 ? 2 : 3);
    }

    /// <summary>A time to wait: <c>45 s</c>, <c>3 min 05 s</c>, <c>2 h 10 min</c>.</summary>
    public static string Wait(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(span.TotalSeconds):0} s"),
        { TotalHours: < 1 } =>
            string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min {span.Seconds:00} s"),
        { TotalDays: < 1 } =>
            string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes:00} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours:00} h"),
    };
}

/// <summary>Progress bars of ASCII.</summary>
internal static class ProgressBar
{
    public static string Text(double share, int width)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return $"[{new string('#', full)}{new string('.', width - full)}]";
    }
}

/// <summary>Sizes of memory for people.</summary>
internal static class ByteSize
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>As <c>462 KiB</c>: three digits, powers of 1024.</summary>
    public static string Text(long bytes)
    {
        double value = bytes;
        var unit = 0;
        // 999.5 would be written with four digits.
        while (value >= 999.5 && unit < s_units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        var format = unit == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {s_units[unit]}";
    }
}

/// <summary>
/// The order in which people look for names: letters by the alphabet, and the numbers among them by their size, so that
/// mlp-5 stands before mlp-10, and 0.25 before 0.3. The script of the report has the same.
/// </summary>
internal sealed class NaturalOrder : IComparer<string?>
{
    public static NaturalOrder ByName { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        var left = x.AsSpan();
        var right = y.AsSpan();
        // Digits after a number's point are no number: 25 hundredths are less than 3 tenths.
        var (wasNumber, isFraction) = (false, false);
        while (left.Length > 0 && right.Length > 0)
        {
            var isNumber = char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0]);
            var atPoint = wasNumber && left[0] == '.' && right[0] == '.';
            var order = isNumber && isFraction ? Digits(ref left).SequenceCompareTo(Digits(ref right))
                : isNumber ? ByNumber(ref left, ref right)
                : ByLetter(ref left, ref right);
            (wasNumber, isFraction) = (isNumber && !isFraction, atPoint);
            if (order != 0)
                return order;
        }

        // Names that differ in zeros or capitals alone have an order, too.
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(x, y);
    }

    private static int ByLetter(ref ReadOnlySpan<char> left, ref ReadOnlySpan<char> right)
    {
        var order = left[..1].CompareTo(right[..1], StringComparison.OrdinalIgnoreCase);
        left = left[1..];
        right = right[1..];
        return order;
    }

    // Of any length: of numbers without zeros before them the longer one is larger.
    private static int ByNumber(ref ReadOnlySpan<char> left, ref ReadOnlySpan<char> right)
    {
        var first = Digits(ref left).TrimStart('0');
        var second = Digits(ref right).TrimStart('0');
        return first.Length != second.Length
            ? first.Length.CompareTo(second.Length) : first.SequenceCompareTo(second);
    }

    private static ReadOnlySpan<char> Digits(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        return digits;
    }
}
