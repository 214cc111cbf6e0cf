using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core;

namespace Sweeps.Training.Data.Csv;

/// <summary>What a column of a table is for.</summary>
public enum TableRole
{
    /// <summary>A number that the network sees, scaled.</summary>
    Feature,

    /// <summary>What is predicted; it is not scaled.</summary>
    Label,

    /// <summary>What keeps rows together; the network does not see it.</summary>
    Group,
}

/// <summary>A column of a table that was learned from.</summary>
/// <param name="Name">Its name; its number from 0 where there was no header.</param>
/// <param name="Role">What it is for.</param>
public sealed record TableColumn(
    string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] TableRole Role = default)
{
    /// <summary>Of a feature, over the training rows: subtracted from each value. 0 for other columns.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Mean { get; init; }

    /// <summary>Of a feature, over the training rows: what is left is divided by it; where it is 0, every value becomes
    /// 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Deviation { get; init; }
}

/// <summary>
/// The columns of a table and how its features were scaled: what a model has to know to be asked about rows of another
/// table. Numbers are kept in double precision, so that a row becomes the same bits as in the training.
/// </summary>
/// <param name="Header">Whether the columns had names.</param>
/// <param name="Columns">All of them, in the order of the file.</param>
public sealed record TableForm(bool Header, IReadOnlyList<TableColumn> Columns)
{
    // Raised when a reader of an earlier version would take something for what it is not.
    private const int VersionKnown = 1;

    private static readonly JsonSerializerOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The version of the text that this was read from.</summary>
    [JsonPropertyOrder(-1)]
    public int Version { get; init; } = VersionKnown;

    /// <summary>The features in their order.</summary>
    [JsonIgnore]
    public IReadOnlyList<TableColumn> Features => [.. Columns.Where(column => column.Role == TableRole.Feature)];

    /// <summary>The column of a role as <c>--label</c> and <c>--group</c> name it; null: there is none.</summary>
    public string? NameOf(TableRole role) => Columns.FirstOrDefault(column => column.Role == role)?.Name;

    /// <summary>The text in a model's metadata: JSON.</summary>
    public string Write() => JsonSerializer.Serialize(this, s_options);

    /// <summary>Reads it back.</summary>
    /// <param name="text">The text.</param>
    /// <param name="features">How many features the model takes.</param>
    /// <exception cref="FormatException">It is damaged, or of a later version.</exception>
    public static TableForm Read(string text, int features)
    {
        try
        {
            // The version first: a later text may have another form.
            using (var json = JsonDocument.Parse(text))
            {
                var version = json.RootElement.GetProperty("version").GetInt32();
                if (version != VersionKnown)
                {
                    throw new FormatException(
                        $"what it says of its table has version {version}, and this program reads {VersionKnown}; "
                        + "use the program that saved it, or a newer one");
                }
            }

            var form = JsonSerializer.Deserialize<TableForm>(text, s_options)!;
            return form.IsWhole(features)
                ? form : throw new FormatException("what it says of its table does not fit its network");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("what it says of its table is damaged", error);
        }
    }

    private bool IsWhole(int features) =>
        Columns is not null && Columns.All(column => column is { Name: not null } && Enum.IsDefined(column.Role)
            && double.IsFinite(column.Mean) && double.IsFinite(column.Deviation) && column.Deviation >= 0)
        && Features.Count == features
        && Columns.Count(column => column.Role == TableRole.Label) == 1
        && Columns.Count(column => column.Role == TableRole.Group) <= 1;

    /// <summary>Whether a first row has all names of the features, and so is a header even if they are numbers.
    /// </summary>
    internal bool Names(IReadOnlyList<string> row) =>
        Header && Features.All(column => row.Contains(column.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Finds the columns in another file.</summary>
    /// <param name="table">The file, of which the first row has been read.</param>
    /// <param name="label">The label column that the user names; null: that of the model.</param>
    /// <param name="note">Takes what a person should know.</param>
    /// <exception cref="SweepsException">A feature is missing, or cannot be told from another column.</exception>
    internal CsvColumns Find(CsvTable table, string? label, Action<string> note)
    {
        var columns = Header && table.HasHeader ? ByName(table, note, label is not null) : ByPlace(table, note);
        if (label is null)
            return columns;
        var named = table.FindColumn(label, "label");
        return !columns.Features.Contains(named)
            ? columns with { Label = named }
            : throw Wrong(table, $"the column '{label}' is a feature of the model and cannot be the label, too");
    }

    private CsvColumns ByName(CsvTable table, Action<string> note, bool namesLabel)
    {
        var free = Enumerable.Range(0, table.Names.Count).ToList();
        int[] places = [.. Columns.Select(column => Take(table, column, free))];
        var missing = Columns.Zip(places)
            .Where(pair => pair.First.Role == TableRole.Feature && pair.Second < 0)
            .Select(pair => pair.First.Name).ToList();
        if (missing.Count > 0)
        {
            throw Wrong(
                table,
                $"{Listed("the column", missing)} of the model's table {(missing.Count == 1 ? "is" : "are")} missing; "
                    + $"the file has {Listed("the column", table.Names)}");
        }

        if (free.Count > 0 && !(free.Count == 1 && namesLabel))
        {
            note($"{table.File.Name}: {Listed("the column", [.. free.Select(at => table.Names[at])])} "
                + "of this file, not in the model's table, " + (free.Count == 1 ? "is ignored" : "are ignored"));
        }

        return Of(places);
    }

    // The first free one of its name, so that columns of one name keep their order.
    private int Take(CsvTable table, TableColumn column, List<int> free)
    {
        bool IsNamed(string name) => string.Equals(name, column.Name, StringComparison.OrdinalIgnoreCase);
        var (there, known) = (table.Names.Count(IsNamed), Columns.Count(other => IsNamed(other.Name)));
        if (there > known && column.Role != TableRole.Group)
        {
            throw Wrong(
                table,
                $"{there} columns are named '{column.Name}', where the model's table had {known}; leave out those that "
                    + "are not meant");
        }

        var place = free.FindIndex(at => IsNamed(table.Names[at]));
        if (place < 0)
            return -1;
        var found = free[place];
        free.RemoveAt(place);
        return found;
    }

    private CsvColumns ByPlace(CsvTable table, Action<string> note)
    {
        var width = table.Names.Count;
        IReadOnlyList<TableColumn> there = width == Columns.Count ? Columns
            : width == Features.Count ? Features
            : throw Wrong(
                table,
                $"without a header in both files columns are taken in their order: {Columns.Count} as in the model's "
                    + $"table, or its {Features.Count} features alone; this file has {width}");
        if (Header || table.HasHeader)
        {
            note($"{table.File.Name}: {(Header ? "it has no header" : "the model's table had no header")}, so that the "
                + $"columns are taken in the order of that table: {Listed("", [.. there.Select(each => each.Name)])}");
        }

        return Of([.. Columns.Select(column => there.Index().Where(pair => ReferenceEquals(pair.Item, column))
            .Select(pair => pair.Index).FirstOrDefault(-1))]);
    }

    private CsvColumns Of(int[] places)
    {
        var features = Columns.Zip(places).Where(pair => pair.First.Role == TableRole.Feature);
        var label = Columns.Zip(places).First(pair => pair.First.Role == TableRole.Label).Second;
        return new(label, -1, [.. features.Select(pair => pair.Second)]);
    }

    private static string Listed(string what, IReadOnlyList<string> names)
    {
        var shown = string.Join(", ", names.Take(20).Select(name => $"'{CsvFields.Shortened(name)}'"));
        return $"{what}{(names.Count == 1 || what.Length == 0 ? "" : "s")} {shown}".TrimStart()
            + (names.Count > 20 ? $" and {names.Count - 20} more" : "");
    }

    private static SweepsException Wrong(CsvTable table, string what) =>
        new(ErrorKind.Data, $"{table.Path}: {what}.");
}

/// <summary>Which columns of a file are what, from 0; -1: there is none.</summary>
/// <param name="Label">The label.</param>
/// <param name="Group">The groups.</param>
/// <param name="Features">The features, in the order in which the network takes them.</param>
internal sealed record CsvColumns(int Label, int Group, int[] Features);

/// <summary>Rows of a table that a model is asked about, scaled as those that it learned from.</summary>
public sealed class TableRows
{
    private TableRows(CsvTable table, DataPart part, IReadOnlyList<object?> truth, IReadOnlyList<string> notes) =>
        (Name, Lines, Part, Truth, Notes) = (table.File.Name, table.Lines, part, truth, notes);

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>For each row the line that it starts on, from 1.</summary>
    public IReadOnlyList<int> Lines { get; }

    /// <summary>The rows; where the truth is not known, of class 0 or with the target 0.</summary>
    public DataPart Part { get; }

    /// <summary>For each row the class's name, also of one that the model does not know, or the number (float) in the
    /// label column; null: it is not known.</summary>
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
        if (needsTruth && table.LabelColumn < 0)
        {
            throw new SweepsException(
                ErrorKind.Data,
                $"{path}: there is no label column '{form.NameOf(TableRole.Label)}', without which nothing can be "
                    + "right or wrong; name the column with --label, or ask with 'sweeps predict'.");
        }

        var values = table.Values.ToArray();
        CsvStandardization.Scale(values, form.Features);
        if (classes.Count == 0)
        {
            float?[] targets = [.. Enumerable.Range(0, table.Count).Select(row => TargetOf(table, row))];
            return new(
                table, DataPart.OfValues(values, [.. targets.Select(target => target ?? 0)], form.Features.Count),
                [.. targets.Select(target => (object?)target)], notes);
        }

        var labels = LabelsOf(table, classes, needsTruth);
        return new(
            table, DataPart.OfValues(values, [.. labels.Select(each => Math.Max(each, 0))], form.Features.Count),
            [.. labels.Select((each, row) => each < 0 ? TextOf(table, row) : classes[each])], notes);
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
