using System.Globalization;

namespace Sweeps.Core.Specs.Source;

/// <summary>A single value: a text, a number, true or false, or nothing.</summary>
public sealed class SourceScalar : SourceNode
{
    /// <summary>Creates the value.</summary>
    /// <param name="position">Where it starts.</param>
    /// <param name="text">Its text without quotes.</param>
    /// <param name="isQuoted">Written in quotes or as a block: never nothing, true or false.</param>
    public SourceScalar(SourcePosition position, string text, bool isQuoted)
        : base(position) => (Text, IsQuoted) = (text, isQuoted);

    /// <summary>The text without quotes.</summary>
    public string Text { get; }

    /// <summary>Written in quotes or as a block.</summary>
    public bool IsQuoted { get; }

    /// <summary>Written as nothing, <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <inheritdoc />
    public override string Found
    {
        get
        {
            if (IsNull)
                return "nothing";
            var shown = Shown.Text(Text);
            return IsQuoted || !TryGetNumber(out _) ? $"'{shown}'" : shown;
        }
    }

    /// <summary>
    /// The value as a finite number. Quotes do not matter: Python's YAML takes 1e-3 for a text, so W&amp;B's users
    /// quote numbers or leave them to be read as texts.
    /// </summary>
    public bool TryGetNumber(out double number)
    {
        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(Text, Style, CultureInfo.InvariantCulture, out number) && double.IsFinite(number)
            && Text.All(c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' or '+' or '-');
    }

    /// <summary>The value as <c>true</c> or <c>false</c>, in any case.</summary>
    public bool TryGetFlag(out bool flag) => bool.TryParse(Text, out flag) && !IsQuoted;
}
