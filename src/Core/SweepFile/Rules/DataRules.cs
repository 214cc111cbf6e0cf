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

    /// <summary>The whole map.</summary>
    public static MapRule Map { get; } =
        new("'data'", Name, Path, Label, Group, Size, Color, Task, Samples);
}
