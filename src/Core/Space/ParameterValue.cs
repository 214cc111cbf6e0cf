using System.Globalization;

namespace Sweeps.Core.Space;

/// <summary>The value of a parameter: a number, a text (a name), or true or false.</summary>
public readonly record struct ParameterValue
{
    private ParameterValue(double number, string? text, bool isFlag) => (Number, Text, IsFlag) = (number, text, isFlag);

    /// <summary>The number; 1 for true, 0 for false and for texts.</summary>
    public double Number { get; }

    /// <summary>The text; null when it is a number or a flag.</summary>
    public string? Text { get; }

    /// <summary>True or false rather than a number.</summary>
    public bool IsFlag { get; }

    /// <summary>A finite number.</summary>
    public static ParameterValue Of(double number) => new(number == 0 ? 0 : number, null, false);

    /// <summary>A name.</summary>
    public static ParameterValue Of(string text) => new(0, text, false);

    /// <summary>True or false.</summary>
    public static ParameterValue Of(bool flag) => new(flag ? 1 : 0, null, true);

    /// <summary>As in a canonical file, without quotes: the shortest text that gives the same number back.</summary>
    public override string ToString() =>
        Text ?? (IsFlag ? (Number == 1 ? "true" : "false") : Number.ToString("R", CultureInfo.InvariantCulture));
}

/// <summary>A value and its probability to a random search.</summary>
/// <param name="Value">The value.</param>
/// <param name="Probability">In [0, 1]; those of a domain add up to 1.</param>
internal readonly record struct WeightedValue(ParameterValue Value, double Probability);

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
