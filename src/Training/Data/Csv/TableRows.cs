using Sweeps.Core;

namespace Sweeps.Training.Data.Csv;

/// <summary>Rows of a table that a model is asked about, scaled as those that it learned from.</summary>
public sealed class TableRows
{
    private TableRows(
        CsvTable table, DataPart part, IReadOnlyList<int> shape, IReadOnlyList<object?> truth,
        IReadOnlyList<string> notes) =>
        (Name, Lines, Part, Shape, Truth, Notes) = (table.File.Name, table.Lines, part, shape, truth, notes);

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>For each row the line that it starts on, from 1.</summary>
    public IReadOnlyList<int> Lines { get; }

    /// <summary>The rows; where the truth is not known, of class 0 or with the target 0.</summary>
    public DataPart Part { get; }

    /// <summary>The shape of one: [inputs], or [channels, height, width] of pixels.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>For each row the class's name, also of one that the model does not know, or the number (float; of
    /// several targets float[]; of several labels float[] with 1 for each that is there) in the label column; null: it
    /// is not known.</summary>
    public IReadOnlyList<object?> Truth { get; }

    /// <summary>What a person should know.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">The columns of the model's table.</param>
    /// <param name="classes">The model's classes; empty for regression.</param>
    /// <param name="label">The label column that the user names; null: that of the model's table.</param>
    /// <param name="needsTruth">Whether each row must have a label that the model knows.</param>
    /// <exception cref="SweepsException">The file is no such table; the message has line and column.</exception>
    public static TableRows Read(
        string path, TableForm form, IReadOnlyList<string> classes, string? label, bool needsTruth)
    {
        var notes = new List<string>();
        var table = CsvTable.Read(path, form, label, needsTruth, notes.Add);
        var outputs = form.OutputNames.Count;
        if (needsTruth)
            CheckTruth(path, form, table);
        var encoding = new TableEncoding(form, standardize: true);
        var values = table.Values.ToArray();
        if (outputs > 0)
        {
            var unknown = new SortedSet<string>(StringComparer.Ordinal);
            var all = table.TargetColumns.Count == 0 ? new float[table.Count * outputs]
                : table.OutputsOf([.. Enumerable.Range(0, table.Count)], form.OutputNames, (row, tag) => _ = needsTruth
                    ? throw table.WrongOutput(row, $"the label '{tag}' is none of the model's: "
                        + CsvNotes.Listed([.. form.OutputNames]))
                    : unknown.Add(tag));
            if (unknown.Count > 0)
                notes.Add($"{table.File.Name}: labels that the model does not know are left out of what is judged: "
                    + CsvNotes.Listed([.. unknown]));
            var truth = Enumerable.Range(0, table.Count).Select(row => all.AsSpan(row * outputs, outputs).ToArray())
                .Select(row => table.TargetColumns.Count == 0 || row.Any(float.IsNaN) ? null : Truth(row)).ToList();
            for (var i = 0; i < all.Length; i++)
                all[i] = float.IsNaN(all[i]) ? 0 : all[i];
            return Of(new(values, null, all, form.Features.Count, outputs), truth);
        }

        if (classes.Count == 0)
        {
            float?[] targets = [.. Enumerable.Range(0, table.Count).Select(row => TargetOf(table, row))];
            return Of(
                new(values, null, [.. targets.Select(target => target ?? 0)], form.Features.Count),
                [.. targets.Select(target => (object?)target)]);
        }

        var labels = LabelsOf(table, classes, needsTruth);
        return Of(
            new(values, [.. labels.Select(each => Math.Max(each, 0))], null, form.Features.Count),
            [.. labels.Select((each, row) => each < 0 ? TextOf(table, row) : classes[each])]);

        object? Truth(float[] row) => row.Length == 1 ? row[0] : row;

        TableRows Of(CsvRows rows, IReadOnlyList<object?> truth)
        {
            var part = encoding.PartOf(rows, table);
            notes.AddRange(CsvNotes.OfReading(table, null, form, encoding));
            return new(table, part, form.InputShape, truth, notes);
        }
    }

    private static void CheckTruth(string path, TableForm form, CsvTable table)
    {
        if (form.Reading?.Outputs is { } outputs && table.TargetColumns.Count == 0)
        {
            throw new SweepsException(
                ErrorKind.Data,
                $"{path}: not all of the {(form.Reading.Labels is null ? "targets" : "labels")} "
                    + $"{string.Join(", ", outputs)} are there, without which nothing can be right or wrong; ask with "
                    + "'sweeps predict'.");
        }

        if (form.Reading?.Outputs is null && table.LabelColumn < 0)
        {
            throw new SweepsException(
                ErrorKind.Data,
                $"{path}: there is no label column '{form.NameOf(TableRole.Label)}', without which nothing can be "
                    + "right or wrong; name the column with --label, or ask with 'sweeps predict'.");
        }
    }

    // A class that the model does not know is what it stands for: no answer is right.
    private static string? TextOf(CsvTable table, int row) =>
        table.LabelColumn >= 0 && table.LabelTexts[table.Labels[row]] is { Length: > 0 } text ? text : null;

    private static float? TargetOf(CsvTable table, int row) =>
        table.LabelColumn < 0 || table.LabelTexts[table.Labels[row]].Length == 0 ? null : table.Target(row);

    private static int[] LabelsOf(CsvTable table, IReadOnlyList<string> classes, bool needsTruth)
    {
        if (table.LabelColumn < 0)
            return [.. Enumerable.Repeat(-1, table.Count)];
        var byText = CsvDataSet.LabelsByText(table, classes);
        int[] labels = [.. table.Labels.Select(text => byText[text])];
        var unknown = Array.FindIndex(labels, label => label < 0);
        return unknown < 0 || !needsTruth
            ? labels
            : throw table.WrongRow(
                unknown,
                $"the class '{table.LabelTexts[table.Labels[unknown]]}' is none of the model's: "
                    + string.Join(", ", classes.Take(20)) + (classes.Count > 20 ? ", ..." : ""));
    }
}
