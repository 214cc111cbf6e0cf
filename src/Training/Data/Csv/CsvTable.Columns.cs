using System.Globalization;
using Sweeps.Core;

namespace Sweeps.Training.Data.Csv;

// Which column is what, by what the user says of them.
internal sealed partial class CsvTable
{
    private CsvColumns ColumnsOf(string? labelName, string? groupName, CsvTable? like)
    {
        if (Names.Count < 2)
            throw Wrong(Line, "there is one column only; a table has at least one feature and a label");
        var ignored = (Reading.Ignore ?? []).Select(name => FindColumn(name, "ignore")).ToHashSet();
        var group = groupName is null ? -1 : FindColumn(groupName, "group");
        if (Reading is { LabelSeparator: not null, Labels: null })
            throw new LabelColumnException(
                $"{Path}: a label separator is for a column that names several labels; name that column as labels.",
                "label_separator");
        var what = Reading.Labels is null ? "target" : "labels";
        int[] targets = [.. (Reading.Outputs ?? []).Select(name => FindColumn(name, what))];
        var label = targets.Length > 0 ? -1
            : labelName is null ? DefaultLabel(group, ignored) : FindColumn(labelName, "label");
        if (targets.Length > 0)
            CheckTargets(targets, what, labelName, group, ignored);
        if (label >= 0 && label == group)
            throw new LabelColumnException(
                $"{Path}: '{groupName}' is both label and group; write two columns.", "group");
        if (ignored.FirstOrDefault(column => column == label || column == group, -1) is >= 0 and var both)
            throw new LabelColumnException(
                $"{Path}: '{Names[both]}' is the {(both == label ? "label" : "group")} and cannot be ignored.",
                "ignore");
        int[] features = [.. Enumerable.Range(0, Names.Count).Except([label, group, .. targets, .. ignored])];
        if (features.Length == 0)
            throw Wrong(Line, group >= 0 || ignored.Count > 0 || targets.Length > 0
                ? "no column is left for a feature: a table has one beside what is predicted, group and what is "
                    + "ignored"
                : "there is one column only; a table has at least one feature and a label");
        if (Reading is { Shape: not null } and ({ Impute: not null } or { ImputeText: not null } or { OneHot: not null }
            or { OneHotText: true }))
            throw new LabelColumnException(
                $"{Path}: with 'shape' all features are pixels, none of which is missing or a text; leave impute, "
                    + "impute_text and one_hot out.", "shape");
        if (Reading.ReadShape() is { } shape && features.Length != shape.Height * shape.Width * shape.Channels)
            throw Wrong(Line, $"{features.Length} features beside the label are no pixels of {Reading.Shape}, which "
                + $"are {shape.Height * shape.Width * shape.Channels}");
        return new(label, group, features) { Targets = targets, Encoded = like?.Encoded ?? EncodedOf(features) };
    }

    private void CheckTargets(int[] targets, string key, string? labelName, int group, HashSet<int> ignored)
    {
        var (one, several) = Reading.Labels is null ? ("target", "targets") : ("label", "several labels");
        if (Reading is { Labels: not null, Targets: not null })
            throw Bad("there are both targets and several labels; keep one");
        if (labelName is not null)
            throw Bad($"there are both a label ('{labelName}') and {several}; keep one");
        if (Reading.Labels is not null && Reading.LabelSeparator is null && targets.Length == 1)
            throw Bad($"one column ('{Names[targets[0]]}') has several labels with a label separator alone; name what "
                + "is between them, or the column as the label of one class of several");
        if (Reading.LabelSeparator is not null && targets.Length > 1)
            throw Bad(
                "a label separator is for one column that names several labels; leave it out where each is 0 or 1");
        if (targets.GroupBy(column => column).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Bad($"the {one} '{Names[twice.Key]}' is named twice; name each column once");
        if (Array.FindIndex(targets, column => column == group || ignored.Contains(column)) is >= 0 and var at
            && targets[at] is var other)
            throw Bad($"'{Names[other]}' is a {one} and cannot be {(other == group ? "the group" : "ignored")}, too");
        if (targets.GroupBy(column => Names[column], StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1) is { } alike)
            throw Bad($"{alike.Count()} {one}s are columns named '{alike.Key}'; give each a name of its own");

        LabelColumnException Bad(string says) => new($"{Path}: {says}.", key);
    }

    // label,0,1,2 as pandas writes columns that have no names: a text that is the label's name, and numbers that count.
    // Of pixels also 0,1,2 alone.
    private bool CountsColumns(string[] first, string? label)
    {
        string[] numbers = [.. first.Where(text => IsNumber(System.Text.Encoding.UTF8.GetBytes(text)))];
        string[] texts = [.. first.Except(numbers)];
        var isNamed = texts.Length == 0 ? Reading.Shape is not null : texts.Length == 1
            && (texts[0].Equals("label", StringComparison.OrdinalIgnoreCase)
                || texts[0].Equals(label, StringComparison.OrdinalIgnoreCase));
        var start = texts.Length > 0 && numbers.FirstOrDefault() == "1" ? 1 : 0;
        return isNamed && first.Length > 2 && numbers.Index().All(
            pair => pair.Item == (pair.Index + start).ToString(CultureInfo.InvariantCulture));
    }

    // What is one-hot encoded: what the user names, or what holds a text, by a look at all rows.
    private HashSet<int> EncodedOf(int[] features)
    {
        var encoded = (Reading.OneHot ?? []).Select(name => FindColumn(name, "one_hot")).ToHashSet();
        if (encoded.FirstOrDefault(column => !features.Contains(column), -1) is >= 0 and var other)
            throw new LabelColumnException(
                $"{Path}: '{Names[other]}' is no feature and cannot be one-hot encoded.", "one_hot");
        if (!Reading.OneHotText)
            return encoded;
        using var reader = CsvText.Open(_text, Path, Reading);
        for (var more = reader.Read() && (!HasHeader || reader.Read()); more; more = reader.Read())
        {
            foreach (var column in features)
            {
                if (column < reader.FieldCount && !encoded.Contains(column) && !IsNumber(Field(reader, column))
                    && !IsMissing(reader.GetString(column)))
                    encoded.Add(column);
            }
        }

        return encoded;
    }

    // Of pixels the column called label, else the first one, as the usual files have it; otherwise the last one.
    private int DefaultLabel(int group, HashSet<int> ignored)
    {
        if (Reading.Shape is not null)
        {
            var named = Enumerable.Range(0, HasHeader ? Names.Count : 0)
                .Where(column => Names[column].Equals("label", StringComparison.OrdinalIgnoreCase)).ToList();
            return named.Count == 1 ? named[0] : 0;
        }

        var last = Enumerable.Range(0, Names.Count).Where(column => column != group && !ignored.Contains(column));
        return last.LastOrDefault(Names.Count - 1);
    }

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
}
