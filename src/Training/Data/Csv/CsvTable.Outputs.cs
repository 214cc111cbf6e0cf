using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Csv;

// What is predicted together: targets, labels that are columns of 0 and 1, or labels that one column names.
internal sealed partial class CsvTable
{
    private readonly List<float> _targets = [];
    private readonly List<int[]> _tags = [];
    private readonly List<string> _tagTexts = [];
    private readonly Dictionary<string, int> _tagNumbers = new(StringComparer.Ordinal);

    /// <summary>The names that the rows have in the column of labels, each once, in the order of their letters.
    /// </summary>
    public IReadOnlyList<string> Tags => [.. _tagTexts.Order(StringComparer.Ordinal)];

    /// <summary>The targets of some rows side by side; NaN: missing, which only rows for a model are. Of labels 1 where
    /// one is there, else 0.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="tags">The labels in the order of the outputs, where one column names them.</param>
    /// <param name="unknown">Takes a row and a label of it that is none of these.</param>
    public float[] OutputsOf(IReadOnlyList<int> rows, IReadOnlyList<string> tags, Action<int, string> unknown)
    {
        if (Reading.LabelSeparator is null)
            return [.. rows.SelectMany(row => _targets.Skip(row * TargetColumns.Count).Take(TargetColumns.Count))];
        var places = tags.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var outputs = new float[rows.Count * tags.Count];
        for (var at = 0; at < rows.Count; at++)
        {
            foreach (var tag in _tags[rows[at]].Select(number => _tagTexts[number]))
            {
                if (places.TryGetValue(tag, out var place))
                    outputs[(at * tags.Count) + place] = 1;
                else
                    unknown(rows[at], tag);
            }
        }

        return outputs;
    }

    /// <summary>An error in what is predicted of a row.</summary>
    public Core.SweepsException WrongOutput(int row, string what) => Wrong(_lines[row], TargetColumns[0], what);

    private void AddOutput(int column)
    {
        if (Reading.LabelSeparator is not null)
            _tags.Add(TagsIn(column));
        else
            _targets.Add(Reading.Labels is null ? TargetIn(column) : LabelIn(column));
    }

    private float TargetIn(int column)
    {
        if (TryNumber(Field(_reader, column), out var number))
            return number;
        var text = _reader.GetString(column);
        return IsMissing(text) ? MissingOutput(column, "target", text)
            : throw Wrong(Line, column, $"the target '{text}' is not a number, which regression needs");
    }

    private float LabelIn(int column)
    {
        var text = _reader.GetString(column);
        if (TryNumber(Field(_reader, column), out var number) && number is 0 or 1)
            return number;
        if (bool.TryParse(text, out var isThere))
            return isThere ? 1 : 0;
        return IsMissing(text) ? MissingOutput(column, "label", text)
            : throw Wrong(Line, column, $"'{CsvFields.Shortened(text)}' does not say whether the row has the label; "
                + "allowed: 1 (true) and 0 (false)");
    }

    private float MissingOutput(int column, string what, string text) => _labelMayMiss
        ? float.NaN
        : throw Wrong(Line, column, $"the {what} is missing ('{text}'); fill it in or leave the row out");

    // An empty cell: the row has none of the labels.
    private int[] TagsIn(int column)
    {
        var text = _reader.GetString(column);
        if (text.Length > 0 && IsMissing(text))
            throw Wrong(Line, column, $"the labels are missing ('{text}'); fill them in, leave the row out, or leave "
                + "the cell empty where the row has none");
        var sign = Reading.LabelSeparator == TableReading.Space ? " " : Reading.LabelSeparator!;
        return [.. text.Split(sign, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal).Select(NumberOfTag)];

        int NumberOfTag(string tag)
        {
            if (_tagNumbers.TryGetValue(tag, out var number))
                return number;
            if (_tagTexts.Count == TableReading.ColumnsMost)
                throw Wrong(Line, column, $"more than {TableReading.ColumnsMost} different labels; is "
                    + "label_separator the sign between them?");
            _tagTexts.Add(tag);
            return _tagNumbers[tag] = _tagTexts.Count - 1;
        }
    }
}
