using System.Globalization;

namespace Sweeps.Core.Specs.Space;

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
