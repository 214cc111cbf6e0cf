using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Csv;

/// <summary>What a field that is no finite number may be, and what to write instead.</summary>
internal static partial class CsvFields
{
    private const int TextShown = 40;

    /// <summary>The end of an error's sentence about the field.</summary>
    /// <param name="text">The field, trimmed.</param>
    /// <param name="column">The column's name, or its index; null: rows for a model, of which nothing more can be said.
    /// </param>
    /// <param name="reading">What the user says of the table's fields.</param>
    public static string Explain(string text, string? column, TableReading reading)
    {
        var shown = $"'{Shortened(text)}'";
        if (reading.DecimalComma && IsNumber(text))
            return $"{shown} has a decimal point, where a decimal comma is said; write one or the other in all rows";
        if (!reading.DecimalComma && Thousands().IsMatch(text))
        {
            var (whole, point) = (text.Replace(",", "", StringComparison.Ordinal), text.Replace(',', '.'));
            return $"{shown} has a comma: write {whole} if it separates thousands"
                + (text.Count(letter => letter == ',') == 1 ? $", {point} if it is a decimal comma" : "");
        }

        if (!reading.DecimalComma && DecimalComma().IsMatch(text))
        {
            var number = text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.');
            return $"{shown} has a decimal comma; write {number}, here and in all rows, or say so with "
                + Words.DecimalComma;
        }

        if (Grouped().IsMatch(text))
            return $"{shown} has signs between its digits; write {Digits(text)}";
        if (Date().IsMatch(text))
        {
            return $"{shown} is a date or a time; write numbers, such as the days since the first date, or year, month "
                + "and day in columns of their own";
        }

        if (reading.DecimalComma && IsNumber(text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.')))
        {
            return $"{shown} has points between its thousands; write "
                + text.Replace(".", "", StringComparison.Ordinal);
        }

        return text.ToLowerInvariant().Trim('+', '-') switch
        {
            "inf" or "infinity" or "\u221e" =>
                $"{shown} is infinite; write the largest value that makes sense, or leave the row out",
            "true" or "false" or "yes" or "no" =>
                $"{shown} is a text; write 1 for {Affirmative(text)} and 0 for {Negative(text)}",
            _ => Other(text, shown, column),
        };
    }

    /// <summary>A text as errors show it.</summary>
    public static string Shortened(string text) => text.Length <= TextShown ? text : text[..TextShown] + "...";

    private static string Other(string text, string shown, string? column)
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
            : $"{shown} is a text, not a number; "
                + (column is null ? "the model learned from numbers there" : Words.Text(column));
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

/// <summary>What a user writes about columns, in a sweep file and on the command line.</summary>
internal static class Words
{
    public const string DecimalComma = "decimal: \",\" (--decimal ,)";

    /// <summary>For a column that holds texts.</summary>
    public static string Text(string column) =>
        $"one-hot encode its column with one_hot: [{column}] (--one-hot {Quote.Argument(column)}; all such columns: "
            + $"one_hot: text), or leave it out with {Ignore(column)}";

    /// <summary>For a column that has missing cells.</summary>
    public static string Missing(bool isText, string column) =>
        (isText ? "put the most frequent one there with impute_text: most_frequent (--impute-text most_frequent)"
            : "put the column's mean or median there with impute: mean or impute: median (--impute mean)")
            + $", leave the column out with {Ignore(column)}, or fill it in or leave the row out";

    /// <summary>For a column that is no feature.</summary>
    public static string Ignore(string column) => $"ignore: [{column}] (--ignore {Quote.Argument(column)})";
}
