using System.Globalization;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Csv;

/// <summary>What looks like a mistake in a table that can be trained on: said, and nothing is changed.</summary>
internal static class CsvNotes
{
    private const int NamesShown = 5;

    // Of deviations: of squared errors 100.
    private const double UnlikeTargets = 10;

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

    /// <summary>Targets of which one outweighs another in the loss, and labels of which nothing can be learned.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="form">Its columns.</param>
    /// <param name="train">Its training rows.</param>
    public static IEnumerable<string> OfTargets(CsvTable table, TableForm form, CsvRows train)
    {
        if (table.Reading.Labels is not null)
        {
            var still = form.OutputNames.Where((_, label) => DeviationOf(label) == 0).ToList();
            if (still.Count > 0)
                yield return $"data: {table.File.Name}: all rows of the training part have, or lack, {Listed(still)}: "
                    + "nothing can be learned of it";
            yield break;
        }

        if (train.Outputs == 1)
            yield break;
        List<double> deviations = [.. Enumerable.Range(0, train.Outputs).Select(DeviationOf)];
        var most = deviations.IndexOf(deviations.Max());
        var least = deviations.IndexOf(deviations.Min());
        var ratio = deviations[most] / deviations[least];
        if (ratio > UnlikeTargets)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"data: {table.File.Name}: targets are learned in the units of the file, and the squared error is a "
                    + $"mean over them: '{NameOf(most)}' (deviation {deviations[most]:G4}) outweighs '{NameOf(least)}' "
                    + $"({deviations[least]:G4}). Write both in units of like size if both matter");

        string NameOf(int target) => CsvFields.Shortened(form.OutputNames[target]);

        double DeviationOf(int target)
        {
            var values = new List<double>(train.Targets!.Length / train.Outputs);
            for (var at = target; at < train.Targets.Length; at += train.Outputs)
                values.Add(train.Targets[at]);
            var mean = values.Average();
            return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        }
    }

    /// <summary>What stands in for missing cells, what texts became, and what was left out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="test">The table of its test part; null: it is part of the first.</param>
    /// <param name="form">What the training rows say of the columns.</param>
    /// <param name="encoding">What the rows were encoded by.</param>
    public static IEnumerable<string> OfReading(
        CsvTable table, CsvTable? test, TableForm form, TableEncoding encoding)
    {
        var start = $"data: {table.File.Name}: ";
        for (var feature = 0; feature < form.Features.Count; feature++)
        {
            var (column, name) = (form.Features[feature], table.FeatureName(feature));
            var missing = table.MissingOf(feature) + (test?.MissingOf(feature) ?? 0);
            if (missing > 0)
                yield return start + Filled(column, name, missing, table.Count + (test?.Count ?? 0), form.Reading!);
            if (encoding.UnseenOf(feature) is > 0 and var unseen)
                yield return start + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{unseen} cells of '{name}' have a value that the training part lacks: all of its "
                        + $"{column.Levels!.Count} features are 0 there");
        }
    }

    /// <summary>Which columns are one-hot encoded as what, and what has no effect.</summary>
    public static IEnumerable<string> OfEncoding(CsvTable table, TableForm form)
    {
        var start = $"data: {table.File.Name}: ";
        for (var feature = 0; feature < form.Features.Count; feature++)
        {
            if (form.Features[feature].Levels is { } levels)
                yield return start + string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{table.FeatureName(feature)}' is one-hot encoded as {levels.Count} features: "
                        + $"{Listed([.. levels])}");
        }

        foreach (var said in Unused(form, table))
            yield return start + said;
    }

    private static string Filled(TableColumn column, string name, int missing, int rows, TableReading reading)
    {
        var (rule, value) = column.Levels is null
            ? (reading.Impute, string.Create(CultureInfo.InvariantCulture, $"{column.Fill:G6}"))
            : (reading.ImputeText, $"'{CsvFields.Shortened(column.FillText!)}'");
        var word = rule switch
        {
            Imputation.Mean => "mean",
            Imputation.Median => "median",
            _ => "most frequent value",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{missing} of {rows} cells of '{name}' are missing: {value} stands there, the {word} of the training "
                + $"part");
    }

    private static IEnumerable<string> Unused(TableForm form, CsvTable table)
    {
        if (form.Reading is not { } reading)
            yield break;
        var features = Enumerable.Range(0, form.Features.Count).ToList();
        if (reading.OneHotText && features.TrueForAll(feature => table.LevelsOf(feature) is null))
            yield return "one_hot: text has no effect: no feature holds a text";
        if (reading.Levels is not null && features.TrueForAll(feature => table.LevelsOf(feature) is null))
            yield return "levels has no effect: no column is one-hot encoded";
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
        // Of pictures the border is one colour, as it should be.
        for (var feature = 0; feature < width && table is { Count: > 1, Reading.Shape: null }; feature++)
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
        if (table.TargetColumns.Count > 0)
            yield break;
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
        if (table.Count < 5 || table.LevelsOf(feature) is not null || values[feature] is not (0 or 1))
            return false;
        for (var row = 1; row < table.Count; row++)
        {
            if (values[(row * table.FeatureNames.Count) + feature] != values[feature] + row)
                return false;
        }

        return true;
    }

    public static string Listed(List<string> names)
    {
        var shown = string.Join(", ", names.Take(NamesShown).Select(name => $"'{CsvFields.Shortened(name)}'"));
        return names.Count > NamesShown ? $"{shown} and {names.Count - NamesShown} more" : shown;
    }
}
