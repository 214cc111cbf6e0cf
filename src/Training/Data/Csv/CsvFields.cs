using System.Globalization;
using System.Text.RegularExpressions;

namespace Sweeps.Training.Data.Csv;

/// <summary>What a field that is no finite number may be, and what to write instead.</summary>
internal static partial class CsvFields
{
    private const int TextShown = 40;

    /// <summary>The end of an error's sentence about the field.</summary>
    /// <param name="text">The field, trimmed.</param>
    public static string Explain(string text)
    {
        var shown = $"'{Shortened(text)}'";
        if (Thousands().IsMatch(text))
        {
            var (whole, point) = (text.Replace(",", "", StringComparison.Ordinal), text.Replace(',', '.'));
            return $"{shown} has a comma: write {whole} if it separates thousands"
                + (text.Count(letter => letter == ',') == 1 ? $", {point} if it is a decimal comma" : "");
        }

        if (DecimalComma().IsMatch(text))
        {
            var number = text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.');
            return $"{shown} has a decimal comma; write {number}, here and in all rows";
        }

        if (Grouped().IsMatch(text))
            return $"{shown} has signs between its digits; write {Digits(text)}";
        if (Date().IsMatch(text))
        {
            return $"{shown} is a date or a time; write numbers, such as the days since the first date, or year, month "
                + "and day in columns of their own";
        }

        return text.ToLowerInvariant().Trim('+', '-') switch
        {
            "inf" or "infinity" or "\u221e" =>
                $"{shown} is infinite; write the largest value that makes sense, or leave the row out",
            "true" or "false" or "yes" or "no" =>
                $"{shown} is a text; write 1 for {Affirmative(text)} and 0 for {Negative(text)}",
            _ => Other(text, shown),
        };
    }

    /// <summary>A text as errors show it.</summary>
    public static string Shortened(string text) => text.Length <= TextShown ? text : text[..TextShown] + "...";

    private static string Other(string text, string shown)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return double.IsNaN(value)
                ? $"{shown} is not a number; fill the value in or leave the row out"
                : $"{shown} is too large; values go up to {float.MaxValue:G3} in size";
        }

        var plain = text.Replace('\u2212', '-').Trim('\u00a0', '\u202f', '\'', ' ');
        if (plain != text && IsNumber(plain))
            return $"{shown} has signs that only look like those of a number; write {plain}";
        var bare = Unit().Match(text);
        return bare.Success && IsNumber(bare.Groups[1].Value)
            ? $"{shown} has a unit; write {bare.Groups[1].Value} in all rows"
            : $"{shown} is a text, not a number; write a column of 0 and 1 for each text, or leave the column out";
    }

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value);

    private static string Affirmative(string text) => text.Length is 4 or 5 ? "true" : "yes";

    private static string Negative(string text) => text.Length is 4 or 5 ? "false" : "no";

    private static string Digits(string text) =>
        string.Concat(text.Where(letter => letter is not (' ' or '\'' or '_' or '\u00a0' or '\u202f' or '\u2019')));

    [GeneratedRegex(@"^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"^[+-]?\d*(\.\d{3})*,\d+([eE][+-]?\d+)?$")]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"^[+-]?\d{1,3}([ '_\u00a0\u202f\u2019]\d{3})+(\.\d*)?$")]
    private static partial Regex Grouped();

    [GeneratedRegex(
        @"^((\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T].*)?"
        + @"|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)$")]
    private static partial Regex Date();

    [GeneratedRegex(
        @"^[$\u20ac\u00a3]?\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*(%|[$\u20ac\u00a3]|[A-Za-z\u00b0\u00b5]{1,4})?$")]
    private static partial Regex Unit();
}
