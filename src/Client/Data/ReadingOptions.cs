using System.CommandLine;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Data;

/// <summary>The options that say how the fields of a CSV file become numbers, as the keys of 'data' in a sweep file do.
/// </summary>
internal sealed class ReadingOptions
{
    private readonly Option<string?> _target = Columns(
        "--target", "CSV, instead of --label: the columns that are numbers to predict together, as a,b.");

    private readonly Option<string?> _labels = Columns(
        "--labels", "CSV, instead of --label: the columns that say of a label each whether a row has it (0 or 1), as "
            + "a,b; or the one that names a row's labels, with --label-separator.");

    private readonly Option<string?> _labelSeparator = OptionValues.Choice(
        "--label-separator", "CSV: what is between the names in the column of --labels.",
        ";", "|", ",", "/", TableReading.Space);

    private readonly Option<string?> _impute = OptionValues.Choice(
        "--impute", "CSV: what stands in for missing numbers, worked out on the training part. Default: an error.",
        "mean", "median", "most_frequent");

    private readonly Option<string?> _imputeText = OptionValues.Choice(
        "--impute-text", "CSV: what stands in for missing cells of one-hot encoded columns. Default: an error.",
        "most_frequent");

    private readonly Option<string?> _oneHot = Columns(
        "--one-hot", "CSV: columns that become a feature of 0 or 1 for each value, as a,b; or text: all with a text.");

    private readonly Option<string?> _levels = new("--levels")
    {
        Description = $"CSV: most different values of a one-hot encoded column. Default: {TableReading.LevelsDefault}.",
        HelpName = "n",
    };

    private readonly Option<string?> _ignore = Columns("--ignore", "CSV: columns that are no features, as a,b.");

    private readonly Option<string?> _shape = new("--shape")
    {
        Description = "CSV whose features are pixels from 0 to 255: height x width x channels, as 28x28x1.",
        HelpName = "shape",
    };

    /// <summary>The sign before a fraction: of a file that a model is asked about, it may differ from that of its own
    /// table.</summary>
    public Option<string?> Decimal { get; } = OptionValues.Choice(
        "--decimal", "CSV: the sign before a number's fraction. Default: a point.", ".", ",");

    /// <summary>The sign between fields, likewise.</summary>
    public Option<string?> Separator { get; } = OptionValues.Choice(
        "--separator", "CSV: the sign between fields. Default: what the first lines have.", ",", ";", "tab", "|");

    /// <summary>Those that a model's own table says, so that they have no effect on rows of another one.</summary>
    public IReadOnlyList<Option> OfModel =>
        [_target, _labels, _labelSeparator, _impute, _imputeText, _oneHot, _levels, _ignore, _shape];

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [.. OfModel, Decimal, Separator];

    /// <summary>What the command line says of a data set; null: nothing.</summary>
    /// <exception cref="SweepsException">A value is not allowed, or the data are no table.</exception>
    public TableReading? Read(ParseResult parsed, string data)
    {
        if (KnownDataSets.Find(data) is not null
            && All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new SweepsException(ErrorKind.Usage, $"{given.Name} is for CSV files; {data} is none. Leave it out.");
        var oneHot = parsed.GetValue(_oneHot);
        var reading = new TableReading
        {
            Targets = parsed.GetValue(_target) is { } targets ? Names(_target, targets) : null,
            Labels = parsed.GetValue(_labels) is { } labels ? Names(_labels, labels) : null,
            LabelSeparator = parsed.GetValue(_labelSeparator),
            Impute = ImputationOf(parsed.GetValue(_impute)),
            ImputeText = ImputationOf(parsed.GetValue(_imputeText)),
            OneHotText = oneHot == TableReading.TextColumns,
            OneHot = oneHot is null or TableReading.TextColumns ? null : Names(_oneHot, oneHot),
            Levels = (int?)parsed.Whole(_levels, 2, TableReading.LevelsMost),
            Ignore = parsed.GetValue(_ignore) is { } ignored ? Names(_ignore, ignored) : null,
            DecimalComma = parsed.GetValue(Decimal) == ",",
            Separator = parsed.GetValue(Separator),
            Shape = ShapeOf(parsed),
        };
        return reading.IsEmpty() ? null : reading;
    }

    /// <summary>How another file than a model's own table is read: as that one, but for the signs that are said.
    /// </summary>
    public TableReading? ReadLike(ParseResult parsed, TableReading? own)
    {
        var (sign, separator) = (parsed.GetValue(Decimal), parsed.GetValue(Separator));
        if (sign is null && separator is null)
            return own;
        var reading = own ?? new();
        return reading with
        {
            DecimalComma = sign is null ? reading.DecimalComma : sign == ",",
            Separator = separator ?? (sign is null ? reading.Separator : null),
        };
    }

    private string? ShapeOf(ParseResult parsed) => parsed.GetValue(_shape) is not { } text ? null
        : TableReading.TryParseShape(text, out var shape) ? TableReading.ShapeOf(shape)
        : throw OptionValues.Bad(_shape, text, TableReading.ShapeAllowed);

    private static Imputation? ImputationOf(string? word) => word is null ? null
        : Enum.Parse<Imputation>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private static string[] Names(Option option, string text)
    {
        string[] names = text.Split(',', StringSplitOptions.TrimEntries);
        return names.Any(name => name.Length == 0)
            ? throw OptionValues.Bad(option, text, "the names or indices of columns with commas between, as a,b")
            : names;
    }

    private static Option<string?> Columns(string name, string description) =>
        new(name) { Description = description, HelpName = "columns" };
}
