using System.Globalization;

namespace Sweeps.Client.Terminal;

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
