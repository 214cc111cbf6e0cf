using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Sweeps.Core.Trainings;

/// <summary>What stands in for a cell of a table that is missing, worked out on the training part.</summary>
public enum Imputation
{
    /// <summary>The mean of the column's numbers.</summary>
    Mean,

    /// <summary>The middle one of the column's numbers; of an even number of them the mean of the middle two.</summary>
    Median,

    /// <summary>The value that is there most often, of equals the first in their order.</summary>
    MostFrequent,
}

/// <summary>
/// What a user says of how the fields of a table become numbers, beyond what column is what: nothing of it is guessed.
/// </summary>
public sealed partial record TableReading
{
    /// <summary>The word for all columns that hold a text.</summary>
    public const string TextColumns = "text";

    /// <summary>The word for blanks between labels.</summary>
    public const string Space = "space";

    /// <summary>Most different values of a column that is one-hot encoded, unless the user says another number.
    /// </summary>
    public const int LevelsDefault = 50;

    /// <summary>The largest number that a user may say instead.</summary>
    public const int LevelsMost = 1_000;

    /// <summary>Most columns that are named in one list.</summary>
    public const int ColumnsMost = 1_000;

    /// <summary>What <see cref="TryParseShape"/> takes, as the end of a sentence.</summary>
    public static string ShapeAllowed { get; } =
        $"height x width x channels as 28x28x1, sides from 1 to {PictureForm.SideMax}, channels 1 or 3";

    /// <summary>The columns that are numbers to predict together, by name or zero-based index; null: one label.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>The columns that say of a label each whether a row has it, 0 or 1, or with
    /// <see cref="LabelSeparator"/> the one that names a row's labels; by name or zero-based index. Null: there is one
    /// label.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>What is between the names in the column of labels, a sign or <see cref="Space"/>; null: labels are
    /// columns.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? LabelSeparator { get; init; }

    /// <summary>The columns of what is predicted together; null: one label.</summary>
    [JsonIgnore]
    public IReadOnlyList<string>? Outputs => Labels ?? Targets;

    /// <summary>For missing numbers; null: a missing cell is an error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Imputation? Impute { get; init; }

    /// <summary>For missing cells of columns that are one-hot encoded: <see cref="Imputation.MostFrequent"/>; null: a
    /// missing cell is an error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Imputation? ImputeText { get; init; }

    /// <summary>Every feature that holds a text is one-hot encoded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OneHotText { get; init; }

    /// <summary>The columns that are one-hot encoded, by name or zero-based index, whatever they hold; null: none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? OneHot { get; init; }

    /// <summary>Most different values of such a column; null: <see cref="LevelsDefault"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int? Levels { get; init; }

    /// <summary>The columns that are no features, by name or zero-based index; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Ignore { get; init; }

    /// <summary>Numbers are written with a decimal comma.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DecimalComma { get; init; }

    /// <summary>What is between the fields; null: what the first lines are separated by.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Separator { get; init; }

    /// <summary>The features are the pixels of a picture, 0 to 255, row by row, the channels of a pixel side by side:
    /// <c>28x28x1</c>, height, width and channels. Null: they are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Shape { get; init; }

    /// <summary>Whether nothing is said.</summary>
    public bool IsEmpty() => Equals(new TableReading());

    /// <summary>Height, width and channels; null: the features are no pixels.</summary>
    public (int Height, int Width, int Channels)? ReadShape() => TryParseShape(Shape, out var shape) ? shape : null;

    /// <summary>Reads <c>28x28x1</c>, or <c>28x28</c> of one channel.</summary>
    public static bool TryParseShape(string? text, out (int Height, int Width, int Channels) shape)
    {
        shape = default;
        if (ShapeText().Match(text?.Trim() ?? "") is not { Success: true } match)
            return false;
        shape = (Number(1), Number(2), match.Groups[3].Success ? Number(3) : 1);
        return shape.Height is >= 1 and <= PictureForm.SideMax && shape.Width is >= 1 and <= PictureForm.SideMax
            && shape.Channels is 1 or 3;

        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>As everyone writes it: <c>28x28x1</c>.</summary>
    public static string ShapeOf((int Height, int Width, int Channels) shape) =>
        string.Create(CultureInfo.InvariantCulture, $"{shape.Height}x{shape.Width}x{shape.Channels}");

    /// <inheritdoc />
    public bool Equals(TableReading? other) => other is not null && Impute == other.Impute
        && ImputeText == other.ImputeText && OneHotText == other.OneHotText && Levels == other.Levels
        && DecimalComma == other.DecimalComma && Separator == other.Separator && Shape == other.Shape
        && LabelSeparator == other.LabelSeparator && Same(Labels, other.Labels)
        && Same(Targets, other.Targets) && Same(OneHot, other.OneHot) && Same(Ignore, other.Ignore);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(
        Impute, ImputeText, OneHotText, Levels, Separator, Shape, OneHot?.Count, Outputs?.Count);

    private static bool Same(IReadOnlyList<string>? one, IReadOnlyList<string>? other) =>
        (one ?? []).SequenceEqual(other ?? [], StringComparer.Ordinal);

    [GeneratedRegex("^([0-9]{1,4})x([0-9]{1,4})(?:x([0-9]))?$", RegexOptions.CultureInvariant)]
    private static partial Regex ShapeText();
}
