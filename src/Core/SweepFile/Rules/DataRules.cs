using System.Collections.Immutable;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>What is written under <c>data</c> as a map.</summary>
internal static class DataRules
{
    /// <summary>The path of a file.</summary>
    public static TextRule FileName { get; } = new() { Noun = "the path of a file", MaxLength = 1_000 };

    public static Key<string> Name { get; } = new(
        "name", new TextRule { Noun = "the name of a data set" },
        "A data set with a name: mnist, fashion-mnist, cifar-10, digits.");

    public static Key<string> Path { get; } = new(
        "path", FileName, "A CSV file, or a folder with a sub-folder of pictures for each class, relative to the "
            + "sweep file.");

    public static Key<string> Size { get; } = new(
        "size", new PictureSizeRule(), "Of a folder of pictures: the height and width that they are brought to; "
            + "default: their own, where all have one.");

    public static Key<PictureColor> Color { get; } = new(
        "color",
        new ChoiceRule(
                new Choice("grey", "one channel", "gray", "grayscale", "greyscale"),
                new Choice("rgb", "red, green and blue"))
            .Select(name => Enum.Parse<PictureColor>(name, ignoreCase: true)),
        "Of a folder of pictures: their channels; default: rgb where one of them has colours, else grey.");

    public static Key<string> Label { get; } = new(
        "label", new TextRule { Noun = "a column's name or index", OrInteger = true },
        "The column to predict, by name or index from 0; default: the last.");

    public static Key<string> Group { get; } = new(
        "group", new TextRule { Noun = "a column's name or index", OrInteger = true },
        "The column, by name or index from 0, whose equal values (a patient, a day) stay together in every split; it "
            + "is no feature.");

    public static Key<TaskKind> Task { get; } = new(
        "task",
        new ChoiceRule(new Choice("classification", "one class of several"), new Choice("regression", "a number"))
            .Select(name => Enum.Parse<TaskKind>(name, ignoreCase: true)),
        "What to predict; default: decided from the label column.");

    public static Key<int> Samples { get; } = new(
        "samples", NumberRule.Whole(2, 1_000_000_000), "Use only this many training samples, chosen by the seed.");

    public static Key<ImmutableArray<string>> Target { get; } = new(
        "target",
        new ShapeRule<ImmutableArray<string>>
        {
            Scalar = Column.Select(name => ImmutableArray.Create(name)),
            List = Columns,
        },
        "Of a CSV file, instead of 'label': the columns, by name or index from 0, that are numbers to predict together "
            + "(regression).");

    public static Key<ImmutableArray<string>> Labels { get; } = new(
        "labels",
        new ShapeRule<ImmutableArray<string>>
        {
            Scalar = Column.Select(name => ImmutableArray.Create(name)),
            List = Columns,
        },
        "Of a CSV file, instead of 'label': the columns, by name or index from 0, that say of a label each whether the "
            + "row has it, 0 or 1; or, with label_separator, the one that names a row's labels.");

    public static Key<string> LabelSeparator { get; } = new(
        "label_separator",
        new ChoiceRule(
            new Choice(";", "a semicolon"), new Choice("|", "a bar"), new Choice(",", "a comma"),
            new Choice("/", "a slash"), new Choice(TableReading.Space, "a blank")),
        "Of a CSV file whose column 'labels' names a row's labels: what is between them; an empty cell has none.");

    public static Key<Imputation> Impute { get; } = new(
        "impute",
        new ChoiceRule(
                new Choice("mean", "the mean of the column's numbers", "average", "avg"),
                new Choice("median", "the middle one of the column's numbers"),
                new Choice("most_frequent", "the number that is there most often", "mode"))
            .Select(name => Enum.Parse<Imputation>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true)),
        "Of a CSV file: what stands in for missing numbers, worked out on the training part; default: a missing cell "
            + "is an error.");

    public static Key<Imputation> ImputeText { get; } = new(
        "impute_text",
        new ChoiceRule(new Choice("most_frequent", "the text that is there most often", "mode"))
            .Select(_ => Imputation.MostFrequent),
        "Of a CSV file: what stands in for missing cells of one-hot encoded columns, worked out on the training part; "
            + "default: a missing cell is an error.");

    /// <summary>The columns named; none: all with a text.</summary>
    public static Key<ImmutableArray<string>> OneHot { get; } = new(
        "one_hot",
        new ShapeRule<ImmutableArray<string>>
        {
            Scalar = new ChoiceRule(new Choice(TableReading.TextColumns, "all columns that hold a text", "texts"))
                .Select(_ => ImmutableArray<string>.Empty),
            List = Columns,
        },
        "Of a CSV file: the columns that become a feature of 0 or 1 for each of their values, or 'text': all that hold "
            + "a text; default: a text is an error.");

    public static Key<int> Levels { get; } = new(
        "levels", NumberRule.Whole(2, TableReading.LevelsMost),
        "Of a CSV file: most different values of a column that is one-hot encoded.")
    {
        Default = "50",
    };

    public static Key<ImmutableArray<string>> Ignore { get; } = new(
        "ignore", Columns, "Of a CSV file: the columns, by name or index from 0, that are no features.");

    public static Key<string> Decimal { get; } = new(
        "decimal", new ChoiceRule(new Choice(".", "a point: 1.5"), new Choice(",", "a comma: 1,5")),
        "Of a CSV file: the sign before a number's fraction; a comma needs fields that are separated by something "
            + "else.")
    {
        Default = "\".\"",
    };

    public static Key<string> Separator { get; } = new(
        "separator",
        new ChoiceRule(
            new Choice(",", "a comma"), new Choice(";", "a semicolon"), new Choice("tab", "a tab", "\t"),
            new Choice("|", "a bar")),
        "Of a CSV file: the sign between its fields; default: what its first lines are separated by.");

    public static Key<string> Shape { get; } = new(
        "shape", new ShapeTextRule(), "Of a CSV file whose features are pixels from 0 to 255: height x width x "
            + "channels of the picture that each row is.");

    private static TextRule Column => new() { Noun = "a column's name or index", OrInteger = true };

    private static ListRule<string> Columns => new(Column, TableReading.ColumnsMost);

    /// <summary>The keys of how the fields of a table become numbers.</summary>
    public static IReadOnlyList<Key> Reading { get; } =
        [Target, Labels, LabelSeparator, Impute, ImputeText, OneHot, Levels, Ignore, Decimal, Separator, Shape];

    /// <summary>The whole map.</summary>
    public static MapRule Map { get; } =
        new("'data'", [Name, Path, Label, Group, .. Reading, Size, Color, Task, Samples]);

    /// <summary>What the map says of how fields become numbers; null: nothing.</summary>
    public static TableReading? ReadingOf(MapValues data)
    {
        var (oneHot, ignore) = (Listed(OneHot), Listed(Ignore));
        var reading = new TableReading
        {
            Targets = Listed(Target),
            Labels = Listed(Labels),
            LabelSeparator = data.Find(LabelSeparator),
            Impute = data.FindValue(Impute),
            ImputeText = data.FindValue(ImputeText),
            OneHotText = oneHot is { IsEmpty: true },
            OneHot = oneHot is { IsEmpty: false } columns ? columns : null,
            Levels = data.FindValue(Levels),
            Ignore = ignore,
            DecimalComma = data.Find(Decimal) == ",",
            Separator = data.Find(Separator),
            Shape = data.Find(Shape),
        };
        return reading.IsEmpty() ? null : reading;

        ImmutableArray<string>? Listed(Key<ImmutableArray<string>> key) =>
            data.TryGet(key, out var names) ? names : null;
    }
}
