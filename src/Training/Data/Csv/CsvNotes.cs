namespace Sweeps.Training.Data.Csv;

/// <summary>What looks like a mistake in a table that can be trained on: said, and nothing is changed.</summary>
internal static class CsvNotes
{
    private const int NamesShown = 5;

    /// <summary>The notes on a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="request">What was asked of it.</param>
    /// <param name="classes">The classes; empty for regression.</param>
    public static IReadOnlyList<string> Of(CsvTable table, DataRequest request, IReadOnlyList<string> classes)
    {
        var notes = new List<string>();
        notes.AddRange(Names(table));
        notes.AddRange(Columns(table));
        notes.AddRange(Labels(table, request, classes));
        return [.. notes.Select(note => $"data: {table.File.Name}: {note}")];
    }

    /// <summary>Groups that are in a table and in that of its test part.</summary>
    public static IEnumerable<string> OfGroups(CsvTable table, CsvTable? test)
    {
        var both = table.Groups.Intersect(test?.Groups ?? [], StringComparer.Ordinal).ToList();
        if (both.Count > 0)
        {
            yield return $"data: {table.File.Name}: {both.Count} groups are in the test part too, which then tests no "
                + $"new ones: {Listed(both)}";
        }
    }

    private static IEnumerable<string> Names(CsvTable table)
    {
        if (!table.HasHeader)
            yield break;
        var twice = table.Names.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        if (twice.Count > 0)
            yield return $"more than one column is named {Listed(twice)}; each is a feature of its own";
    }

    private static IEnumerable<string> Columns(CsvTable table)
    {
        var width = table.FeatureNames.Count;
        var (constant, counting) = (new List<string>(), new List<string>());
        for (var feature = 0; feature < width && table.Count > 1; feature++)
        {
            if (IsConstant(table, feature))
                constant.Add(table.FeatureName(feature));
            else if (CountsRows(table, feature))
                counting.Add(table.FeatureName(feature));
        }

        if (counting.Count > 0)
        {
            yield return $"{Columns(counting)} the rows, as an index that pandas writes does, and is a feature like "
                + "the others: where rows are sorted it gives the answer away. Leave it out (to_csv(index=False))";
        }

        if (constant.Count > 0)
            yield return $"the same value in all rows of {Listed(constant)}: nothing can be learned from it";
    }

    private static string Columns(List<string> names) =>
        names.Count == 1 ? $"column {Listed(names)} counts" : $"each of the columns {Listed(names)} counts";

    private static IEnumerable<string> Labels(CsvTable table, DataRequest request, IReadOnlyList<string> classes)
    {
        var label = table.HasHeader ? $"'{table.Names[table.LabelColumn]}'" : $"column {table.LabelColumn}";
        var alike = classes.GroupBy(Loosely).Where(group => group.Count() > 1).ToList();
        if (alike.Count > 0)
        {
            var shown = string.Join("; ", alike.Take(NamesShown).Select(group => Listed([.. group])));
            yield return $"classes of the label {label} differ in spaces or case alone: {shown}; each is a class of "
                + "its own. Write them alike if they are one";
        }

        if (request.Task is not null || !CsvDataSet.AllNumbers(table.LabelTexts))
            yield break;
        yield return classes.Count > 0
            ? $"the label {label} has {classes.Count} different whole numbers, taken as classes; for a number to "
                + "predict, set task: regression"
            : $"the label {label} is taken as a number to predict (regression); for classes, set task: classification";
    }

    private static string Loosely(string text) =>
        string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant();

    private static bool IsConstant(CsvTable table, int feature)
    {
        var values = table.Values;
        for (var row = 1; row < table.Count; row++)
        {
            if (values[(row * table.FeatureNames.Count) + feature] != values[feature])
                return false;
        }

        return true;
    }

    // 0, 1, 2, ... or 1, 2, 3, ... in the order of the file.
    private static bool CountsRows(CsvTable table, int feature)
    {
        var values = table.Values;
        if (table.Count < 5 || values[feature] is not (0 or 1))
            return false;
        for (var row = 1; row < table.Count; row++)
        {
            if (values[(row * table.FeatureNames.Count) + feature] != values[feature] + row)
                return false;
        }

        return true;
    }

    private static string Listed(List<string> names)
    {
        var shown = string.Join(", ", names.Take(NamesShown).Select(name => $"'{CsvFields.Shortened(name)}'"));
        return names.Count > NamesShown ? $"{shown} and {names.Count - NamesShown} more" : shown;
    }
}
