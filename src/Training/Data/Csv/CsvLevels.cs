using System.Globalization;
using System.Text;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Csv;

/// <summary>The different values of a column that is one-hot encoded, numbered in the order of the file. A value that
/// is a number is that number however it is written: 1 and 1.0 are one.</summary>
internal sealed class CsvLevels
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The values.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>The number of a value; -1: there are too many.</summary>
    public int NumberOf(string text)
    {
        text = Canonical(text);
        if (_numbers.TryGetValue(text, out var known))
            return known;
        if (Texts.Count > TableReading.LevelsMost)
            return -1;
        Texts.Add(text);
        return _numbers[text] = Texts.Count - 1;
    }

    /// <summary>The values of some rows, in the order of their features: numbers by size, then texts by their letters
    /// (their UTF-16 code units).</summary>
    /// <param name="numbers">The rows' numbers; NaN: missing.</param>
    public List<string> Ordered(IEnumerable<float> numbers) =>
        [.. numbers.Where(number => !float.IsNaN(number)).Distinct().Select(number => Texts[(int)number])
            .OrderBy(text => NumberIn(text) ?? double.PositiveInfinity).ThenBy(text => text, StringComparer.Ordinal)];

    private static string Canonical(string text) =>
        NumberIn(text) is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:R}") : text;

    // Adding zero makes 0 of -0.
    private static double? NumberIn(string text) => CsvTable.TryNumber(Encoding.UTF8.GetBytes(text), out _)
        ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) + 0.0 : null;
}
