using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Csv;

/// <summary>
/// The content of one CSV file (<see cref="CsvText"/>): a label column and numbers in all others, or texts in those
/// that are one-hot encoded. The first row is a header if none of its fields is a number, because a row of data has
/// numbers, or if the columns are asked for by names that are there, or if it counts the columns.
/// </summary>
internal sealed partial class CsvTable
{
    private static readonly string[] MissingMarks = ["", "?", "na", "n/a", "nan", "null", "none"];

    private readonly byte[] _text;
    private readonly CsvReader _reader;
    private readonly TableForm? _form;
    private readonly int[] _features;
    private readonly bool _labelMayMiss;
    private readonly List<float> _values = [];
    private readonly List<int> _labels = [];
    private readonly List<int> _lines = [];
    private readonly List<string> _labelTexts = [];
    private readonly List<string> _groups = [];
    private readonly CsvLevels?[] _levels;
    private readonly int[] _missing;
    private readonly Dictionary<string, int> _labelNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _labelLookup;
    private char[] _letters = new char[64];
    private byte[] _number = new byte[64];

    private CsvTable(
        byte[] text, string path, TableReading reading, TableForm? form, string? label, bool labelMayMiss,
        Func<CsvTable, CsvColumns> choose)
    {
        (_text, Path, Reading, _form, _labelMayMiss) = (text, path, reading, form, labelMayMiss);
        File = new(System.IO.Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(text)), text.Length);
        _labelLookup = _labelNumbers.GetAlternateLookup<ReadOnlySpan<char>>();
        using var reader = _reader = CsvText.Open(text, path, reading);
        _reader.Read();
        var width = _reader.FieldCount;
        string[] first = [.. Enumerable.Range(0, width).Select(column => _reader.GetString(column))];
        HasHeader = (form is not null && form.Names(first)) || CountsColumns(first, label)
            || !Enumerable.Range(0, width).Any(column => IsNumber(Field(_reader, column)));
        Names = HasHeader ? first : [.. Enumerable.Range(0, width).Select(column => $"{column}")];
        var columns = choose(this);
        (LabelColumn, GroupColumn, _features, var encoded) = columns;
        TargetColumns = columns.Targets;
        FeatureNames = [.. _features.Select(column => Names[column])];
        _levels = [.. _features.Select(column => encoded.Contains(column) ? new CsvLevels() : null)];
        _missing = new int[_features.Length];
        ReadRows();
    }

    /// <summary>Where it lies, for messages.</summary>
    public string Path { get; }

    /// <summary>The file as it was read.</summary>
    public DataFile File { get; }

    /// <summary>Whether the first row gave the names.</summary>
    public bool HasHeader { get; }

    /// <summary>The columns' names, or their numbers from 0 where there is no header.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The label column, from 0; -1, which only rows for a model have: there is none.</summary>
    public int LabelColumn { get; }

    /// <summary>The columns of the targets or labels, from 0; empty: there is one label, or rows for a model lack them.
    /// </summary>
    public IReadOnlyList<int> TargetColumns { get; }

    /// <summary>The column of the groups, from 0; -1: there is none.</summary>
    public int GroupColumn { get; }

    /// <summary>The names of all other columns.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>A feature's name as messages show it.</summary>
    public string FeatureName(int feature) => FeatureNames[feature] is { Length: > 0 } name
        ? name
        : $"{_features[feature] + 1}, without a name";

    /// <summary>Number of rows of data.</summary>
    public int Count => _lines.Count;

    /// <summary>For each row the line that it starts on, from 1.</summary>
    public IReadOnlyList<int> Lines => _lines;

    /// <summary>The features, row by row.</summary>
    public ReadOnlySpan<float> Values => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);

    /// <summary>The different texts in the label column, in order of appearance.</summary>
    public IReadOnlyList<string> LabelTexts => _labelTexts;

    /// <summary>For each row, the number of its label's text in <see cref="LabelTexts"/>.</summary>
    public IReadOnlyList<int> Labels => _labels;

    /// <summary>For each row, the text in the group column; empty: there are no groups.</summary>
    public IReadOnlyList<string> Groups => _groups;

    /// <summary>What the user says of its fields.</summary>
    public TableReading Reading { get; }

    /// <summary>The different values of a feature that is one-hot encoded: the number of one stands for it in
    /// <see cref="Values"/>. Null: it is a number.</summary>
    public CsvLevels? LevelsOf(int feature) => _levels[feature];

    /// <summary>Whether a column of the file, from 0, is a feature.</summary>
    public bool IsFeature(int column) => _features.Contains(column);

    /// <summary>The number of missing cells of a feature, each NaN in <see cref="Values"/>.</summary>
    public int MissingOf(int feature) => _missing[feature];

    /// <summary>The columns that are one-hot encoded.</summary>
    public IReadOnlySet<int> Encoded => _features.Where((_, feature) => _levels[feature] is not null).ToHashSet();

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="request">What is asked of it: label, group, and how its fields become numbers.</param>
    /// <param name="like">The table whose test part it is; null: none.</param>
    /// <exception cref="SweepsException">The file is not a table of numbers; the message has line and
    /// column.</exception>
    public static CsvTable Read(string path, DataRequest request, CsvTable? like = null)
    {
        var (text, reading) = (CsvText.BytesOf(path), request.Reading ?? new());
        return new(
            text, path, reading, null, request.Label, labelMayMiss: false,
            table => table.ColumnsOf(request.Label, request.Group, like));
    }

    /// <summary>As <see cref="Read(string, DataRequest, CsvTable?)"/>, from bytes; <paramref name="path"/> is for
    /// messages.</summary>
    public static CsvTable Parse(
        byte[] text, string path, string? label, string? group = null, TableReading? reading = null) =>
        new(
            text, path, reading ?? new(), null, label, labelMayMiss: false,
            table => table.ColumnsOf(label, group, null));

    /// <summary>Reads a file with the columns of another table, in the order of that one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">The columns of the other table.</param>
    /// <param name="label">The label column that the user names; null: that of the other table, if it is there.</param>
    /// <param name="needsLabel">Whether each row must have a label; otherwise one that is missing is empty.</param>
    /// <param name="note">Takes what a person should know.</param>
    public static CsvTable Read(
        string path, TableForm form, string? label, bool needsLabel, Action<string> note) =>
        new(
            CsvText.BytesOf(path), path, form.Reading ?? new(), form, label, !needsLabel,
            table => form.Find(table, label, note));

    /// <summary>The number that the label of a row is.</summary>
    /// <exception cref="SweepsException">It is not a number.</exception>
    public float Target(int row)
    {
        var text = _labelTexts[_labels[row]];
        return TryNumber(Encoding.UTF8.GetBytes(text), out var number)
            ? number
            : throw Wrong(_lines[row], LabelColumn, $"the label '{text}' is not a number, which regression needs");
    }

    /// <summary>An error in a row of data.</summary>
    public SweepsException WrongRow(int row, string what) => Wrong(_lines[row], LabelColumn, what);

    /// <summary>Whether the text is a finite number.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out float number)
    {
        number = 0;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return false;
        number = (float)value;
        return float.IsFinite(number);
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) => TryNumber(text, out _);

    // A field whose decimal comma is a point.
    private ReadOnlySpan<byte> Field(CsvReader reader, int column)
    {
        var field = reader.GetSpan(column);
        if (!Reading.DecimalComma || field.IndexOf((byte)',') is not (>= 0 and var comma)
            || field.Contains((byte)'.'))
            return field;
        if (field.Length > _number.Length)
            _number = new byte[field.Length];
        field.CopyTo(_number);
        _number[comma] = (byte)'.';
        var number = _number.AsSpan(0, field.Length);
        return IsNumber(number) ? number : field;
    }

    // The line that the current row starts on, from 1.
    private int Line => checked((int)_reader.LineNumber);

    private static bool IsMissing(string text) => MissingMarks.Contains(text.ToLowerInvariant());

    private void ReadRows()
    {
        for (var more = !HasHeader || _reader.Read(); more; more = _reader.Read())
        {
            if (_reader.FieldCount != Names.Count)
                throw Wrong(Line, $"{_reader.FieldCount} fields, where the first row has {Names.Count}");
            for (var feature = 0; feature < _features.Length; feature++)
                _values.Add(Value(feature, _features[feature]));
            foreach (var column in TargetColumns)
                AddOutput(column);
            if (LabelColumn >= 0)
                _labels.Add(LabelNumber(LabelColumn));
            if (GroupColumn >= 0)
                _groups.Add(Group(GroupColumn));
            _lines.Add(Line);
        }

        if (Count == 0)
            throw new SweepsException(ErrorKind.Data, $"{Path}: there is a header and no row of data.");
    }

    private float Value(int feature, int column)
    {
        var field = Field(_reader, column);
        if (_levels[feature] is { } levels)
        {
            var text = Encoding.UTF8.GetString(field);
            if (IsMissing(text))
                return Missing(feature, column, text);
            return levels.NumberOf(text) is var number and >= 0
                ? number
                : throw Wrong(Line, column, $"more than {TableReading.LevelsMost:N0} different values of a column "
                    + $"that is one-hot encoded; leave it out: {Words.Ignore(Names[column])}");
        }

        if (!TryNumber(field, out var value) || (Reading.DecimalComma && field.Contains((byte)'.')
            && !_reader.GetSpan(column).Contains((byte)',')))
            return Missing(feature, column, _reader.GetString(column));
        return Reading.Shape is null || (value is >= 0 and <= 255 && value == MathF.Floor(value))
            ? value
            : throw Wrong(Line, column, $"'{_reader.GetString(column)}' is no pixel, a whole number from 0 to 255, as "
                + "'shape' asks");
    }

    private float Missing(int feature, int column, string text)
    {
        var isText = _levels[feature] is not null;
        if (!IsMissing(text))
            throw Wrong(Line, column, CsvFields.Explain(text, _form is null ? Names[column] : null, Reading));
        var known = _form is not null ? _form.Features[feature].HasFill
            : (isText ? Reading.ImputeText : Reading.Impute) is not null;
        if (!known)
            throw Wrong(Line, column, $"the value is missing ('{text}'); " + (_form is not null
                ? "the model learned without missing cells and has nothing to put there: fill it in or leave the row "
                    + "out"
                : Words.Missing(isText, Names[column])));
        _missing[feature]++;
        return float.NaN;
    }

    private string Group(int column)
    {
        var text = _reader.GetString(column);
        return IsMissing(text)
            ? throw Wrong(Line, column, $"the group is missing ('{text}'); fill it in or leave the row out")
            : text;
    }

    private int LabelNumber(int column)
    {
        var field = Field(_reader, column);
        if (field.Length > _letters.Length)
            _letters = new char[field.Length];
        var text = _letters.AsSpan(0, Encoding.UTF8.GetChars(field, _letters));
        if (_labelLookup.TryGetValue(text, out var number))
            return number;
        if (IsMissing(text.ToString()))
        {
            if (_labelMayMiss)
                return NoLabel();
            throw Wrong(Line, column, $"the label is missing ('{text}'); fill it in or leave the row out");
        }

        _labelTexts.Add(text.ToString());
        return _labelNumbers[_labelTexts[^1]] = _labelTexts.Count - 1;
    }

    // Whatever mark says it: the empty text.
    private int NoLabel()
    {
        if (_labelNumbers.TryGetValue("", out var number))
            return number;
        _labelTexts.Add("");
        return _labelNumbers[""] = _labelTexts.Count - 1;
    }

    private SweepsException Wrong(int line, string what) => new(ErrorKind.Data, $"{Path}: line {line}: {what}.");

    private SweepsException Wrong(int line, int column, string what)
    {
        var name = HasHeader ? $" ({Names[column]})" : "";
        return new(ErrorKind.Data, $"{Path}: line {line}, column {column + 1}{name}: {what}.");
    }
}
