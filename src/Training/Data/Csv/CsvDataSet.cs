using System.Globalization;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Csv;

/// <summary>
/// A table as a data set. Without a task given, it is a classification if a label is not a number, or if labels are
/// whole numbers of at most 20 kinds. The test part is a file of its own (given, or <c>NAME-test.csv</c> beside
/// <c>NAME.csv</c>), otherwise a fifth of the rows, stratified, the same ones for every sweep.
/// </summary>
internal static class CsvDataSet
{
    private const int WholeNumberClassesMax = 20;
    private const int RowsMin = 5;

    /// <summary>Reads the table that <paramref name="request"/> names by its full path.</summary>
    public static DataSet Read(DataRequest request)
    {
        var path = request.Data;
        var table = CsvTable.Read(path, request);
        var extension = Path.GetExtension(path);
        var beside = path[..^extension.Length] + "-test" + extension;
        var testPath = request.Test ?? (File.Exists(beside) ? beside : null);
        var test = testPath is null ? null : CsvTable.Read(testPath, request, table);
        return Build(path, table, testPath, test, request);
    }

    /// <summary>Makes a data set of a table and, if there is one, the table of its test part.</summary>
    internal static DataSet Build(string path, CsvTable table, string? testPath, CsvTable? test, DataRequest request)
    {
        if (test is not null)
            CheckSameColumns(path, table, testPath!, test);
        CheckTask(path, table, request.Task);
        var classes = table.TargetColumns.Count == 0
            && (request.Task ?? Decide(table)) == TaskKind.Classification ? ClassesOf(path, table) : [];
        if (test is null && table.Count < RowsMin)
            throw Wrong($"{path}: {table.Count} rows are too few to hold out a test part: at least {RowsMin}.");
        var labels = LabelsByText(table, classes);
        var (train, held) = test is null
            ? SplitOf(path, table, StrataOf(table, classes.Count > 0 ? labels : []))
            : (AllRows(table), AllRows(test));
        if (held.Length == 0)
            throw Wrong($"{path}: no class has two rows, so none can be held out for the test part.");
        var trainRows = PartOf(table, train, classes, table.Tags);
        var form = TableEncoding.Measure(path, table, trainRows.Values);
        var encoding = new TableEncoding(form, request.Standardize);
        var samples = encoding.PartOf(trainRows, table);
        if (table.Groups.Count > 0)
            samples = samples.InGroups(Numbered([.. train.Select(row => table.Groups[row])]));
        var testPart = encoding.PartOf(PartOf(test ?? table, held, classes, table.Tags), test ?? table);
        return new(table.File.Name, form.InputShape, classes, samples, testPart)
        {
            TargetNames = table.Reading.Targets is { Count: > 1 } ? form.OutputNames : [],
            LabelNames = table.Reading.Labels is not null ? form.OutputNames : [],
            FeatureNames = form.IsPixels ? null : form.InputNames,
            Table = form,
            Reading = request.Reading,
            Source = testPath is null ? path : $"{path} and {testPath}",
            Notes =
            [
                .. CsvNotes.Of(table, request, classes), .. CsvNotes.OfGroups(table, test),
                .. CsvNotes.OfTargets(table, form, trainRows),
                .. CsvNotes.OfEncoding(table, form), .. CsvNotes.OfReading(table, test, form, encoding),
            ],
            Paths = test is null ? [new(table.File, path)] : [new(table.File, path), new(test.File, testPath!)],
        };
    }

    private static void CheckTask(string path, CsvTable table, TaskKind? task)
    {
        if (table.Reading.Targets is not null && task is TaskKind.Classification or TaskKind.MultiLabel)
            throw Wrong($"{path}: targets are numbers to predict, and task is classification; classes are one column, "
                + "the label.");
        if (table.Reading.Labels is not null && task is TaskKind.Classification or TaskKind.Regression)
            throw Wrong($"{path}: several labels say themselves what to predict; leave the task out.");
        if (table.Reading.Labels is null && task == TaskKind.MultiLabel)
            throw Wrong($"{path}: the several labels are not named; name their columns as labels.");
        if (table.Reading.LabelSeparator is not null && table.Tags is { Count: < 2 } tags)
            throw Wrong($"{path}: the column '{table.Names[table.TargetColumns[0]]}' has {tags.Count} different "
                + "labels; several labels are two at least. Is label_separator the sign between them?");
    }

    // The class of a row, its combination of labels, or 0.
    private static Func<int, int> StrataOf(CsvTable table, int[] classes)
    {
        if (table.Reading.Labels is null)
            return row => classes.Length == 0 ? 0 : classes[table.Labels[row]];
        var labels = table.OutputsOf(AllRows(table), table.Tags, (_, _) => { });
        var strata = LabelStrata.Of(labels, labels.Length / table.Count, CsvSplit.Parts);
        return row => strata[row];
    }

    private static (int[] Train, int[] Test) SplitOf(string path, CsvTable table, Func<int, int> labelOf)
    {
        if (table.Groups.Count == 0)
            return CsvSplit.Split(table.Count, labelOf);
        var groups = Numbered(table.Groups);
        if (groups.Max() == 0)
            throw Wrong($"{path}: all rows are of one group, '{table.Groups[0]}', so none can be held out for the test "
                + "part. Is it the right column?");
        return CsvSplit.Split([.. Enumerable.Range(0, table.Count).Select(labelOf)], groups);
    }

    /// <summary>Texts as numbers from 0, in order of appearance.</summary>
    private static int[] Numbered(IReadOnlyList<string> texts)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. texts.Select(text => numbers.TryGetValue(text, out var known)
            ? known : numbers[text] = numbers.Count)];
    }

    private static TaskKind Decide(CsvTable table)
    {
        if (!AllNumbers(table.LabelTexts))
            return TaskKind.Classification;
        var numbers = table.LabelTexts.Select(NumberOf).Distinct().ToList();
        return numbers.Count <= WholeNumberClassesMax && numbers.TrueForAll(number => number == Math.Floor(number))
            ? TaskKind.Classification
            : TaskKind.Regression;
    }

    // Numbers in their order (1 and 1.0 are one class), texts in the order of their letters: labels do not depend on
    // the
    // order of the rows.
    private static IReadOnlyList<string> ClassesOf(string path, CsvTable table)
    {
        IReadOnlyList<string> classes = AllNumbers(table.LabelTexts)
            ? [.. table.LabelTexts.Select(NumberOf).Distinct().Order().Select(number => $"{number:R}")]
            : [.. table.LabelTexts.Order(StringComparer.Ordinal)];
        return classes.Count > 1
            ? classes
            : throw Wrong(
                $"{path}: the label column '{table.Names[table.LabelColumn]}' has a single class, '{classes[0]}'; "
                + "there is nothing to tell apart. Is it the right column (--label)?");
    }

    internal static bool AllNumbers(IEnumerable<string> texts) =>
        texts.All(text => CsvTable.TryNumber(Encoding.UTF8.GetBytes(text), out _));

    // Adding zero makes 0 of -0, which are one class. In double precision: 20230101 and 20230102 are two.
    private static double NumberOf(string text) =>
        CsvTable.TryNumber(Encoding.UTF8.GetBytes(text), out _)
            ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) + 0.0
            : double.NaN;

    private static int[] AllRows(CsvTable table) => [.. Enumerable.Range(0, table.Count)];

    private static void CheckSameColumns(string path, CsvTable table, string testPath, CsvTable test)
    {
        var same = table.HasHeader && test.HasHeader
            ? table.Names.SequenceEqual(test.Names, StringComparer.OrdinalIgnoreCase)
            : table.Names.Count == test.Names.Count;
        if (!same)
        {
            var (found, wanted) = (string.Join(", ", test.Names.Take(20)), string.Join(", ", table.Names.Take(20)));
            throw Wrong($"{testPath}: the columns {found} are not those of {path}: {wanted}.");
        }
    }

    private static CsvRows PartOf(
        CsvTable table, int[] rows, IReadOnlyList<string> classes, IReadOnlyList<string> tags)
    {
        var features = table.FeatureNames.Count;
        var values = new float[checked(rows.Length * features)];
        for (var i = 0; i < rows.Length; i++)
            table.Values.Slice(rows[i] * features, features).CopyTo(values.AsSpan(i * features));
        if (table.TargetColumns.Count > 0)
            return new(
                values, null, table.OutputsOf(rows, tags, (row, tag) => throw table.WrongOutput(
                    row, $"the label '{tag}' is not in the training part")),
                features, tags.Count > 0 ? tags.Count : table.TargetColumns.Count);
        if (classes.Count == 0)
            return new(values, null, [.. rows.Select(table.Target)], features);
        var labels = LabelsByText(table, classes);
        return new(values, [.. rows.Select(LabelOf)], null, features);

        int LabelOf(int row)
        {
            var text = table.Labels[row];
            return labels[text] >= 0
                ? labels[text]
                : throw table.WrongRow(row, $"the class '{table.LabelTexts[text]}' is not in the training part");
        }
    }

    /// <summary>For each text of the label column its class; -1: it is none of them.</summary>
    internal static int[] LabelsByText(CsvTable table, IReadOnlyList<string> classes)
    {
        var numbers = classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var written = AllNumbers(classes);
        return [.. table.LabelTexts.Select(text => numbers.GetValueOrDefault(ClassOf(text), -1))];

        string ClassOf(string text) => written && AllNumbers([text]) ? $"{NumberOf(text):R}" : text;
    }

    private static SweepsException Wrong(string message) => new(ErrorKind.Data, message);
}

/// <summary>The rows of one part while it is being built, as the file has them.</summary>
/// <param name="Values">The features, row by row; NaN: missing.</param>
/// <param name="Labels">The classes; null: there are targets.</param>
/// <param name="Targets">The targets, row by row; null: there are classes.</param>
/// <param name="Features">Features of a row.</param>
/// <param name="Outputs">Targets of a row.</param>
internal sealed record CsvRows(float[] Values, int[]? Labels, float[]? Targets, int Features, int Outputs = 1);

/// <summary>
/// Holds out a fifth of a table's rows as its test part: of each class a fifth, rounded, at least one row of a class
/// that has two. The choice depends on the table alone, never on a sweep's seed: a test set that changes between sweeps
/// would leak.
/// </summary>
internal static class CsvSplit
{
    /// <summary>The test part is one of so many.</summary>
    public const int Parts = 5;

    private const double TestFraction = 1.0 / Parts;

    /// <summary>The same with whole groups: about a fifth of the rows and of each class.</summary>
    public static (int[] Train, int[] Test) Split(int[] labels, int[] groups)
    {
        var parts = GroupDealing.Deal(labels, groups, [TestFraction, 1 - TestFraction], seed: 0, repeat: 0);
        int[] Rows(int part) => [.. Enumerable.Range(0, parts.Length).Where(row => parts[row] == part)];
        return (Rows(1), Rows(0));
    }

    /// <summary>The rows to learn from and those held out, each in the order of the file.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="labelOf">The class of a row; for regression, where all rows are one group, always 0.</param>
    public static (int[] Train, int[] Test) Split(int count, Func<int, int> labelOf)
    {
        var held = new bool[count];
        var groups = Enumerable.Range(0, count).GroupBy(labelOf);
        foreach (var group in groups)
        {
            var rows = group.ToArray();
            new RandomStream(new StreamKey(0, Purpose.Data, Index: group.Key)).Shuffle(rows.AsSpan());
            var size = rows.Length < 2 ? 0 : Math.Max(1, (int)Math.Round(rows.Length * TestFraction));
            foreach (var row in rows.AsSpan(0, size))
                held[row] = true;
        }

        return (
            [.. Enumerable.Range(0, count).Where(row => !held[row])],
            [.. Enumerable.Range(0, count).Where(row => held[row])]);
    }
}
