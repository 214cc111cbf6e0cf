using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sweeps.Core;
using Sweeps.Core.Trainings;

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

    /// <summary>What the user leaves out.</summary>
    Ignored,
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

    /// <summary>Of a feature that is one-hot encoded: its values over the training rows, an input each, in their order.
    /// Such a feature is not scaled. Of a column that names a row's labels: these, an output each. Null: it is a
    /// number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>What stands in for a missing number; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double? Fill { get; init; }

    /// <summary>What stands in for a missing value of one that is one-hot encoded; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? FillText { get; init; }

    /// <summary>Whether a missing cell has something that stands in for it.</summary>
    [JsonIgnore]
    public bool HasFill => Levels is null ? Fill is not null : FillText is not null;

    /// <inheritdoc />
    public bool Equals(TableColumn? other) => other is not null && Name == other.Name && Role == other.Role
        && Mean.Equals(other.Mean) && Deviation.Equals(other.Deviation) && Fill.Equals(other.Fill)
        && FillText == other.FillText && Levels is null == other.Levels is null
        && (Levels ?? []).SequenceEqual(other.Levels ?? [], StringComparer.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, Role, Mean, Deviation);

    internal bool IsWhole() => Name is not null && Enum.IsDefined(Role) && double.IsFinite(Mean)
        && double.IsFinite(Deviation) && Deviation >= 0 && double.IsFinite(Fill ?? 0)
        && (Levels is null || (Role is TableRole.Feature or TableRole.Label
            && Levels.Count is > 0 and <= TableReading.LevelsMost
            && Levels.All(level => level is not null)
            && Levels.Distinct(StringComparer.Ordinal).Count() == Levels.Count
            && (FillText is null || Levels.Contains(FillText))));
}

/// <summary>
/// The columns of a table and how its features were scaled: what a model has to know to be asked about rows of another
/// table. Numbers are kept in double precision, so that a row becomes the same bits as in the training.
/// </summary>
/// <param name="Header">Whether the columns had names.</param>
/// <param name="Columns">All of them, in the order of the file.</param>
public sealed record TableForm(bool Header, IReadOnlyList<TableColumn> Columns)
{
    // Raised when a reader of an earlier version would take something for what it is not. 2: with columns that are
    // one-hot encoded, filled in, left out, or pixels. 3: with several columns that are predicted together. 4: with
    // several labels.
    private const int VersionKnown = 4;

    private static readonly JsonSerializerOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The version of the text that this was read from.</summary>
    [JsonPropertyOrder(-1)]
    public int Version { get; init; } = 1;

    /// <summary>What the user said of the table's fields, which those of another table are read by; null: nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TableReading? Reading { get; init; }

    /// <summary>The features in their order.</summary>
    [JsonIgnore]
    public IReadOnlyList<TableColumn> Features => [.. Columns.Where(column => column.Role == TableRole.Feature)];

    /// <summary>Whether its features are the pixels of pictures.</summary>
    [JsonIgnore]
    public bool IsPixels => Reading?.Shape is not null;

    /// <summary>How many numbers of a row the network sees.</summary>
    [JsonIgnore]
    public int Inputs => Features.Sum(column => column.Levels?.Count ?? 1);

    /// <summary>Their shape: [inputs], or [channels, height, width] of pixels.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> InputShape =>
        Reading?.ReadShape() is { } shape ? [shape.Channels, shape.Height, shape.Width] : [Inputs];

    /// <summary>Their names: the columns', or <c>column=value</c>.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> InputNames => [.. Features.SelectMany(column => column.Levels is { } levels
        ? levels.Select(level => $"{column.Name}={level}") : [column.Name])];

    /// <summary>The names of what is predicted together, in the order of the outputs: of columns, or of the labels that
    /// one column names. Empty: there is one label.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> OutputNames => Reading?.LabelSeparator is null
        ? Reading?.Outputs ?? []
        : Columns.Single(column => column.Role == TableRole.Label).Levels!;

    /// <summary>The column of a role as <c>--label</c> and <c>--group</c> name it; null: there is none.</summary>
    public string? NameOf(TableRole role) => Columns.FirstOrDefault(column => column.Role == role)?.Name;

    /// <summary>The text in a model's metadata: JSON.</summary>
    public string Write() =>
        JsonSerializer.Serialize(
            this with
            {
                Version = Reading is null ? 1
                    : Reading.Labels is not null ? VersionKnown : Reading.Targets is not null ? 3 : 2,
            },
            s_options);

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
                if (version is < 1 or > VersionKnown)
                {
                    throw new FormatException(
                        $"what it says of its table has version {version}, and this program reads 1 to "
                        + $"{VersionKnown}; use the program that saved it, or a newer one");
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
        Columns is not null && Columns.All(column => column?.IsWhole() == true)
        && (Reading?.Shape is null || Reading.ReadShape() is not null)
        && InputShape.Aggregate(1, (product, size) => product * size) == features && Inputs == features
        && HasTargets()
        && Columns.Count(column => column.Role == TableRole.Group) <= 1;

    private bool HasTargets()
    {
        var labels = Columns.Where(column => column.Role == TableRole.Label).ToList();
        var names = labels.Select(column => column.Name);
        if (labels.Exists(column => column.Levels is not null != Reading?.LabelSeparator is not null))
            return false;
        return Reading?.Outputs is { } outputs
            ? outputs.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal))
                && (Reading.LabelSeparator is null || labels.Count == 1)
            : labels.Count == 1 && Reading?.LabelSeparator is null;
    }

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
        if (Reading?.Outputs is not null)
            throw Wrong(table, "the model predicts columns that are named as "
                + $"{(Reading.Labels is null ? "targets" : "labels")}; leave --label out");
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
        if (there > known && column.Role is not (TableRole.Group or TableRole.Ignored))
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
        var labels = Columns.Zip(places).Where(pair => pair.First.Role == TableRole.Label).ToList();
        // In the order of the outputs; where one is missing, the truth is not known.
        int[] targets = [.. (Reading?.Outputs ?? []).Select(name => labels.First(
            pair => pair.First.Name.Equals(name, StringComparison.Ordinal)).Second)];
        var label = targets.Length > 0 ? -1 : labels[0].Second;
        return new(label, -1, [.. features.Select(pair => pair.Second)])
        {
            Targets = targets.Contains(-1) ? [] : targets,
            Encoded = features.Where(pair => pair.First.Levels is not null).Select(pair => pair.Second).ToHashSet(),
        };
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
internal sealed record CsvColumns(int Label, int Group, int[] Features)
{
    /// <summary>Those of the features that are one-hot encoded.</summary>
    public IReadOnlySet<int> Encoded { get; init; } = new HashSet<int>();

    /// <summary>Several targets or labels in their order; empty: there is one label.</summary>
    public IReadOnlyList<int> Targets { get; init; } = [];

    /// <summary>Takes it apart.</summary>
    public void Deconstruct(out int label, out int group, out int[] features, out IReadOnlySet<int> encoded) =>
        (label, group, features, encoded) = (Label, Group, Features, Encoded);
}
