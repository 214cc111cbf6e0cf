using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Csv;

/// <summary>
/// The content of one CSV file: a label column and numbers in all others. The first row is a header if none of its
/// fields is a number, because a row of data has numbers. The text is UTF-8 as in RFC 4180 (quotes, doubled quotes,
/// line breaks inside quotes; CRLF, LF or CR ends a row; empty lines are skipped); the separator is a comma, semicolon,
/// tab or bar, whichever the first lines are separated by.
/// </summary>
internal sealed class CsvTable
{
    private static readonly string[] MissingMarks = ["", "?", "na", "n/a", "nan", "null", "none"];

    private readonly CsvReader _reader;
    private readonly int[] _features;
    private readonly bool _labelMayMiss;
    private readonly List<float> _values = [];
    private readonly List<int> _labels = [];
    private readonly List<int> _lines = [];
    private readonly List<string> _labelTexts = [];
    private readonly List<string> _groups = [];
    private readonly Dictionary<string, int> _labelNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _labelLookup;
    private char[] _letters = new char[64];

    private CsvTable(
        byte[] text, string path, TableForm? form, bool labelMayMiss, Func<CsvTable, CsvColumns> choose)
    {
        (Path, _labelMayMiss) = (path, labelMayMiss);
        File = new(System.IO.Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(text)), text.Length);
        _labelLookup = _labelNumbers.GetAlternateLookup<ReadOnlySpan<char>>();
        CheckText(text, path);
        using var reader = _reader = CsvReader.Create(text, new()
        {
            HasHeader = false,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            OnMalformedRecord = RefuseQuotes,
        });
        _reader.Read();
        var width = _reader.FieldCount;
        string[] first = [.. Enumerable.Range(0, width).Select(column => _reader.GetString(column))];
        HasHeader = (form is not null && form.Names(first))
            || !Enumerable.Range(0, width).Any(column => IsNumber(_reader.GetSpan(column)));
        Names = HasHeader ? first : [.. Enumerable.Range(0, width).Select(column => $"{column}")];
        (LabelColumn, GroupColumn, _features) = choose(this);
        FeatureNames = [.. _features.Select(column => Names[column])];
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

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="label">The label column by name or zero-based index; null: the last one.</param>
    /// <param name="group">The group column likewise; null: none.</param>
    /// <exception cref="SweepsException">The file is not a table of numbers; the message has line and
    /// column.</exception>
    public static CsvTable Read(string path, string? label, string? group = null) =>
        Parse(BytesOf(path), path, label, group);

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="SweepsException">It cannot be read.</exception>
    public static byte[] BytesOf(string path)
    {
        try
        {
            return System.IO.File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(ErrorKind.Data, $"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>As <see cref="Read(string, string?, string?)"/>, from bytes; <paramref name="path"/> is for messages.
    /// </summary>
    public static CsvTable Parse(byte[] text, string path, string? label, string? group = null) =>
        new(text, path, null, labelMayMiss: false, table => table.ColumnsOf(label, group));

    /// <summary>Reads a file with the columns of another table, in the order of that one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">The columns of the other table.</param>
    /// <param name="label">The label column that the user names; null: that of the other table, if it is there.</param>
    /// <param name="needsLabel">Whether each row must have a label; otherwise one that is missing is empty.</param>
    /// <param name="note">Takes what a person should know.</param>
    public static CsvTable Read(
        string path, TableForm form, string? label, bool needsLabel, Action<string> note) =>
        new(BytesOf(path), path, form, !needsLabel, table => form.Find(table, label, note));

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

    // The line that the current row starts on, from 1.
    private int Line => checked((int)_reader.LineNumber);

    private static void CheckText(byte[] text, string path)
    {
        var start = text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        if (text.AsSpan(start).Trim(" \t\r\n"u8).IsEmpty)
            throw new SweepsException(ErrorKind.Data, $"{path}: the file is empty.");
        if (Utf8.IsValid(text))
            return;
        var valid = 0;
        while (Rune.DecodeFromUtf8(text.AsSpan(valid), out _, out var length) == System.Buffers.OperationStatus.Done)
            valid += length;
        if (text is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
        {
            throw new SweepsException(
                ErrorKind.Data, $"{path}: the text is UTF-16 ('Unicode' of some programs). Save the file as UTF-8.");
        }

        var line = 1 + text.AsSpan(0, valid).Count((byte)'\n');
        throw new SweepsException(
            ErrorKind.Data,
            $"{path}: line {line}: the byte 0x{text[valid]:x2} (at {valid}) is not UTF-8. Save the file as UTF-8.");
    }

    private void RefuseQuotes(CsvMalformedRecord record)
    {
        if (record.Reason == CsvMalformedReason.StrayQuote)
            return; // Ordinary text, as other programs take it.
        var what = record.Reason == CsvMalformedReason.UnterminatedQuote
            ? "a quote is opened and not closed"
            : "text follows a closing quote; inside quotes a quote is written twice";
        throw new SweepsException(
            ErrorKind.Data, $"{Path}: line {record.LineNumber}, column {ColumnOfFault(record.RawRecord)}: {what}.");
    }

    // The field whose quotes are wrong, from 1: the first one that has quotes and does not end with them.
    private int ColumnOfFault(ReadOnlySpan<char> record)
    {
        for (var column = 1; ; column++)
        {
            record = record.TrimStart(" \t");
            var quoted = record.StartsWith('"');
            while (record.StartsWith('"'))
            {
                var end = record[1..].IndexOf('"');
                if (end < 0)
                    return column;
                record = record[(end + 2)..];
            }

            var separator = record.IndexOf(_reader.Separator);
            var rest = separator < 0 ? record : record[..separator];
            if (separator < 0 || (quoted && !rest.Trim(" \t").IsEmpty))
                return column;
            record = record[(separator + 1)..];
        }
    }

    private CsvColumns ColumnsOf(string? labelName, string? groupName)
    {
        if (Names.Count < 2)
            throw Wrong(Line, "there is one column only; a table has at least one feature and a label");
        var label = labelName is null ? LastColumn(groupName) : FindColumn(labelName, "label");
        var group = groupName is null ? -1 : FindColumn(groupName, "group");
        if (label == group)
            throw new LabelColumnException(
                $"{Path}: '{groupName}' is both label and group; write two columns.", "group");
        if (Names.Count < 3 && group >= 0)
            throw Wrong(Line, "there are two columns only; a table has a feature beside label and group");
        var features = Enumerable.Range(0, Names.Count).Where(column => column != label && column != group);
        return new(label, group, [.. features]);
    }

    /// <summary>The last column that is not the group's.</summary>
    private int LastColumn(string? group) =>
        group is not null && FindColumn(group, "group") == Names.Count - 1 ? Names.Count - 2 : Names.Count - 1;

    /// <summary>A column by name or by index from 0.</summary>
    internal int FindColumn(string label, string what)
    {
        var named = Enumerable.Range(0, HasHeader ? Names.Count : 0)
            .Where(column => string.Equals(Names[column], label, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (named.Count > 1)
        {
            throw new LabelColumnException(
                $"{Path}: {named.Count} columns are named '{label}': name the {what} by its index from 0, one of "
                + $"{string.Join(", ", named)}.",
                what);
        }

        if (named.Count == 1)
            return named[0];

        var isIndex = int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        if (isIndex && index < Names.Count)
            return index;
        var none = $"{Path}: there is no {what} column '{label}'";
        throw new LabelColumnException(
            isIndex ? $"{none}: columns are numbered from 0 to {Names.Count - 1}."
            : HasHeader ? none + NearestName.Suggest(label, Names)
            : $"{none}: the file has no header, name the column by its index from 0 to {Names.Count - 1}.",
            what);
    }

    private void ReadRows()
    {
        for (var more = !HasHeader || _reader.Read(); more; more = _reader.Read())
        {
            if (_reader.FieldCount != Names.Count)
                throw Wrong(Line, $"{_reader.FieldCount} fields, where the first row has {Names.Count}");
            foreach (var column in _features)
                _values.Add(Number(column));
            if (LabelColumn >= 0)
                _labels.Add(LabelNumber(LabelColumn));
            if (GroupColumn >= 0)
                _groups.Add(Group(GroupColumn));
            _lines.Add(Line);
        }

        if (Count == 0)
            throw new SweepsException(ErrorKind.Data, $"{Path}: there is a header and no row of data.");
    }

    private float Number(int column)
    {
        if (TryNumber(_reader.GetSpan(column), out var number))
            return number;
        var text = _reader.GetString(column);
        if (MissingMarks.Contains(text.ToLowerInvariant()))
            throw Wrong(Line, column, $"the value is missing ('{text}'); fill it in or leave the row out");
        throw Wrong(Line, column, CsvFields.Explain(text));
    }

    private string Group(int column)
    {
        var text = _reader.GetString(column);
        return MissingMarks.Contains(text.ToLowerInvariant())
            ? throw Wrong(Line, column, $"the group is missing ('{text}'); fill it in or leave the row out")
            : text;
    }

    private int LabelNumber(int column)
    {
        var field = _reader.GetSpan(column);
        if (field.Length > _letters.Length)
            _letters = new char[field.Length];
        var text = _letters.AsSpan(0, Encoding.UTF8.GetChars(field, _letters));
        if (_labelLookup.TryGetValue(text, out var number))
            return number;
        if (MissingMarks.Contains(text.ToString().ToLowerInvariant()))
        {
            if (_labelMayMiss)
                return Missing();
            throw Wrong(Line, column, $"the label is missing ('{text}'); fill it in or leave the row out");
        }

        _labelTexts.Add(text.ToString());
        return _labelNumbers[_labelTexts[^1]] = _labelTexts.Count - 1;
    }

    // Whatever mark says it: the empty text.
    private int Missing()
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

/// <summary>A table has no such label or group column, or several.</summary>
/// <param name="message">What is wrong, and what is allowed.</param>
/// <param name="column">What the column is for: <c>label</c> or <c>group</c>.</param>
public sealed class LabelColumnException(string message, string column) : SweepsException(ErrorKind.Data, message)
{
    /// <summary>What the column is for: <c>label</c> or <c>group</c>.</summary>
    public string Column => column;
}
