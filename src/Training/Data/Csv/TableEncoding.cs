using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Csv;

/// <summary>
/// Makes the rows of a table what a network sees, by numbers that were worked out on the training part alone, so that
/// the test part stays unseen: missing cells are filled in, texts become a feature of 0 or 1 for each value (all 0 for
/// a value that the training part lacks), numbers are brought to mean 0 and deviation 1 (one that never changes becomes
/// 0). Pixels stay bytes, channels first.
/// </summary>
/// <param name="form">The columns and their numbers.</param>
/// <param name="standardize">Whether numbers are scaled.</param>
internal sealed class TableEncoding(TableForm form, bool standardize)
{
    private readonly IReadOnlyList<TableColumn> _features = form.Features;
    private readonly int[] _unseen = new int[form.Features.Count];

    /// <summary>How many cells of a feature have a value that the training part lacks, in all parts that were made.
    /// </summary>
    public int UnseenOf(int feature) => _unseen[feature];

    /// <summary>The columns of a table, with what its training rows say of its features.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="table">The table.</param>
    /// <param name="train">The features of its training rows, row by row; missing cells are filled in.</param>
    /// <exception cref="SweepsException">A column has nothing but missing cells, or too many values.</exception>
    public static TableForm Measure(string path, CsvTable table, float[] train)
    {
        var features = table.FeatureNames.Count;
        var feature = 0;
        var isPixels = table.Reading.Shape is not null;
        var tags = table.Reading.LabelSeparator is null ? null : table.Tags;
        string[] outputs = [.. table.TargetColumns.Select(column => table.Names[column])];
        var measured = table.Names.Select((name, column) =>
            column == table.LabelColumn || table.TargetColumns.Contains(column)
                ? new TableColumn(name, TableRole.Label) { Levels = tags }
            : column == table.GroupColumn ? new TableColumn(name, TableRole.Group)
            : !table.IsFeature(column) ? new TableColumn(name, TableRole.Ignored)
            : isPixels ? new TableColumn(name)
            : MeasureColumn(path, table, new(name), train, feature++, features)).ToList();
        return new(table.HasHeader, measured)
        {
            Reading = table.Reading.IsEmpty() ? null : table.Reading with
            {
                Targets = table.Reading.Targets is null ? null : outputs,
                Labels = table.Reading.Labels is null ? null : outputs,
            },
        };
    }

    /// <summary>A part of the rows.</summary>
    /// <param name="rows">The rows as the file has them.</param>
    /// <param name="table">The file: it numbers the values of columns that are one-hot encoded.</param>
    public DataPart PartOf(CsvRows rows, CsvTable table)
    {
        if (form.Reading?.ReadShape() is { } shape)
        {
            var pixels = PixelsOf(rows.Values, shape);
            return rows.Labels is { } classes ? DataPart.OfBytes(pixels, classes, rows.Features)
                : OutputsOf(DataPart.OfBytes(pixels, rows.Targets!, rows.Features, rows.Outputs));
        }

        var (values, width) = (Encode(rows.Values, table), form.Inputs);
        return rows.Labels is { } labels ? DataPart.OfValues(values, labels, width)
            : OutputsOf(DataPart.OfValues(values, rows.Targets!, width, rows.Outputs));

        DataPart OutputsOf(DataPart part) => form.Reading?.Labels is null ? part : part.AsLabels();
    }

    private float[] Encode(float[] raw, CsvTable table)
    {
        var rows = raw.Length / _features.Count;
        var (width, values) = (form.Inputs, new float[checked(rows * form.Inputs)]);
        var at = 0;
        for (var feature = 0; feature < _features.Count; feature++)
        {
            var column = _features[feature];
            if (column.Levels is { } levels)
                EncodeText(raw, feature, table.LevelsOf(feature)!, values, at);
            else
                EncodeNumber(raw, feature, column, values, at);
            at += column.Levels?.Count ?? 1;
        }

        return values;

        void EncodeNumber(float[] from, int feature, TableColumn column, float[] to, int place)
        {
            var (mean, deviation) = (column.Mean, column.Deviation);
            for (var row = 0; row < rows; row++)
            {
                var value = from[(row * _features.Count) + feature];
                if (float.IsNaN(value))
                    value = (float)column.Fill!.Value;
                to[(row * width) + place] = !standardize ? value
                    : deviation > 0 ? (float)((value - mean) / deviation) : 0f;
            }
        }
    }

    private void EncodeText(float[] raw, int feature, CsvLevels there, float[] values, int at)
    {
        var column = _features[feature];
        var places = column.Levels!.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        int[] placeOf = [.. there.Texts.Select(text => places.GetValueOrDefault(text, -1))];
        for (var row = 0; row < raw.Length / _features.Count; row++)
        {
            var number = raw[(row * _features.Count) + feature];
            var place = float.IsNaN(number) ? places[column.FillText!] : placeOf[(int)number];
            if (place >= 0)
                values[(row * form.Inputs) + at + place] = 1;
            else
                _unseen[feature]++;
        }
    }

    // From row, column, channel to channel, row, column.
    private static byte[] PixelsOf(float[] values, (int Height, int Width, int Channels) shape)
    {
        var pixels = new byte[values.Length];
        var area = shape.Height * shape.Width;
        for (var i = 0; i < values.Length; i++)
        {
            var (sample, at) = Math.DivRem(i, area * shape.Channels);
            var (pixel, channel) = Math.DivRem(at, shape.Channels);
            pixels[(sample * area * shape.Channels) + (channel * area) + pixel] = (byte)values[i];
        }

        return pixels;
    }

    private static TableColumn MeasureColumn(
        string path, CsvTable table, TableColumn column, float[] train, int feature, int features)
    {
        var there = new List<float>(train.Length / features);
        for (var i = feature; i < train.Length; i += features)
        {
            if (!float.IsNaN(train[i]))
                there.Add(train[i]);
        }

        if (there.Count == 0)
            throw new SweepsException(ErrorKind.Data, $"{path}: the column '{table.FeatureName(feature)}' has nothing "
                + $"but missing cells in the training part; leave it out: {Words.Ignore(column.Name)}.");
        if (table.LevelsOf(feature) is { } levels)
            return MeasureText(path, table, column, levels, there);
        if (table.Reading.Impute is { } rule)
        {
            column = column with { Fill = FillOf(there, rule) };
            for (var i = feature; i < train.Length; i += features)
            {
                if (float.IsNaN(train[i]))
                    train[i] = (float)column.Fill.Value;
            }
        }

        return Scaled(column, train, feature, features);
    }

    private static TableColumn MeasureText(
        string path, CsvTable table, TableColumn column, CsvLevels levels, List<float> there)
    {
        var ordered = levels.Ordered(there);
        var most = table.Reading.Levels ?? TableReading.LevelsDefault;
        if (ordered.Count > most)
            throw new SweepsException(ErrorKind.Data, string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: the column '{column.Name}' has {ordered.Count} different values in the training part ("
                    + $"{CsvNotes.Listed(ordered)}), and a column that is one-hot encoded at most {most}; leave it out "
                    + $"with {Words.Ignore(column.Name)}, or allow more with levels: {ordered.Count} (--levels "
                    + $"{ordered.Count}), up to {TableReading.LevelsMost}."));
        var counts = there.GroupBy(number => levels.Texts[(int)number]).ToDictionary(
            group => group.Key, group => group.Count(), StringComparer.Ordinal);
        return column with
        {
            Levels = ordered,
            // MaxBy takes the first of equals.
            FillText = table.Reading.ImputeText is null ? null : ordered.MaxBy(level => counts[level]),
        };
    }

    private static double FillOf(List<float> there, Imputation rule)
    {
        if (rule == Imputation.Mean)
            return there.Average(value => (double)value);
        if (rule == Imputation.MostFrequent)
            return there.GroupBy(value => value).OrderBy(group => group.Key).MaxBy(group => group.Count())!.Key;
        there.Sort();
        var middle = there.Count / 2;
        return there.Count % 2 == 1 ? there[middle] : ((double)there[middle - 1] + there[middle]) / 2;
    }

    private static TableColumn Scaled(TableColumn column, float[] train, int feature, int features)
    {
        var rows = train.Length / features;
        var sum = 0.0;
        for (var i = feature; i < train.Length; i += features)
            sum += train[i];
        var mean = sum / rows;
        var squares = 0.0;
        for (var i = feature; i < train.Length; i += features)
            squares += (train[i] - mean) * (train[i] - mean);
        return column with { Mean = mean, Deviation = Math.Sqrt(squares / rows) };
    }
}
