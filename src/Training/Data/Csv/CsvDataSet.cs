using System.Text;
using Sweeps.Core;
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
        var table = CsvTable.Read(path, request.Label);
        var extension = Path.GetExtension(path);
        var beside = path[..^extension.Length] + "-test" + extension;
        var testPath = request.Test ?? (File.Exists(beside) ? beside : null);
        var test = testPath is null ? null : CsvTable.Read(testPath, request.Label);
        return Build(path, table, testPath, test, request);
    }

    /// <summary>Makes a data set of a table and, if there is one, the table of its test part.</summary>
    internal static DataSet Build(string path, CsvTable table, string? testPath, CsvTable? test, DataRequest request)
    {
        if (test is not null)
            CheckSameColumns(path, table, testPath!, test);
        var classes = (request.Task ?? Decide(table)) == TaskKind.Classification ? ClassesOf(path, table) : [];
        if (test is null && table.Count < RowsMin)
            throw Wrong($"{path}: {table.Count} rows are too few to hold out a test part: at least {RowsMin}.");
        var labels = LabelsByText(table, classes);
        var (train, held) = test is null
            ? CsvSplit.Split(table.Count, row => classes.Count == 0 ? 0 : labels[table.Labels[row]])
            : (AllRows(table), AllRows(test));
        if (held.Length == 0)
            throw Wrong($"{path}: no class has two rows, so none can be held out for the test part.");
        var trainPart = PartOf(table, train, classes);
        var testPart = PartOf(test ?? table, held, classes);
        if (request.Standardize)
            CsvStandardization.Apply(trainPart.Values, testPart.Values, table.FeatureNames.Count);
        return new(path, [table.FeatureNames.Count], classes, trainPart.ToPart(), testPart.ToPart())
        {
            FeatureNames = table.FeatureNames,
            Source = testPath is null ? path : $"{path} and {testPath}",
        };
    }

    private static TaskKind Decide(CsvTable table)
    {
        if (!AllNumbers(table.LabelTexts))
            return TaskKind.Classification;
        var numbers = table.LabelTexts.Select(NumberOf).Distinct().ToList();
        return numbers.Count <= WholeNumberClassesMax && numbers.TrueForAll(number => number == MathF.Floor(number))
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

    private static bool AllNumbers(IEnumerable<string> texts) =>
        texts.All(text => CsvTable.TryNumber(Encoding.UTF8.GetBytes(text), out _));

    // Adding zero makes 0 of -0, which are one class.
    private static float NumberOf(string text) =>
        CsvTable.TryNumber(Encoding.UTF8.GetBytes(text), out var number) ? number + 0f : float.NaN;

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

    private static CsvRows PartOf(CsvTable table, int[] rows, IReadOnlyList<string> classes)
    {
        var features = table.FeatureNames.Count;
        var values = new float[checked(rows.Length * features)];
        for (var i = 0; i < rows.Length; i++)
            table.Values.Slice(rows[i] * features, features).CopyTo(values.AsSpan(i * features));
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

    private static int[] LabelsByText(CsvTable table, IReadOnlyList<string> classes)
    {
        var numbers = classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var written = AllNumbers(classes);
        return [.. table.LabelTexts.Select(text => numbers.GetValueOrDefault(ClassOf(text), -1))];

        string ClassOf(string text) => written && AllNumbers([text]) ? $"{NumberOf(text):R}" : text;
    }

    private static SweepsException Wrong(string message) => new(ErrorKind.Data, message);
}
