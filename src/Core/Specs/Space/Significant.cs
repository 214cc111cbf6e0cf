using System.Globalization;

namespace Sweeps.Core.Specs.Space;

/// <summary>Rounds to significant decimal digits, so that 0.001 is 0.001 and not its neighbour.</summary>
internal static class Significant
{
    /// <summary>
    /// Digits of a drawn value: enough for any hyperparameter, short enough to be read and typed again, and few enough
    /// that the last bits of the platform's exp and log do not show.
    /// </summary>
    public const int Drawn = 6;

    /// <summary>Digits of a computed grid point or multiple: removes rounding errors and nothing else.</summary>
    public const int Computed = 12;

    /// <summary>The nearest number with that many digits.</summary>
    public static double Round(double number, int digits) => double.Parse(
        number.ToString(string.Create(CultureInfo.InvariantCulture, $"E{digits - 1}"), CultureInfo.InvariantCulture),
        CultureInfo.InvariantCulture);
}
