using System.CommandLine;
using Sweeps.Client.Terminal;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Client.Data;

/// <summary>The options that say which data set is meant, the same for every command that reads one.</summary>
internal sealed class DataOptions
{
    public Option<string?> DataDir { get; } = new("--data-dir")
    {
        Description = $"Folder with data sets, searched before {DataFolders.Variable} and the cache folder.",
        HelpName = "folder",
    };

    public Option<string?> Label { get; } = new("--label")
    {
        Description = "CSV: the label column, by name or by index from 0. Default: the last column.",
        HelpName = "column",
    };

    public Option<string?> Group { get; } = new("--group")
    {
        Description = "CSV: the column, by name or by index from 0, whose equal values stay together in every split.",
        HelpName = "column",
    };

    public Option<TaskKind?> Task { get; } = OptionValues.Choice<TaskKind>(
        "--task", "CSV: classification or regression. Default: decided from the label column.");

    public Option<string?> Test { get; } = new("--test")
    {
        Description = "CSV: file with the test rows. Default: NAME-test.csv beside NAME.csv, else a fifth of the rows.",
        HelpName = "file",
    };

    public Option<string?> Size { get; } = new("--picture-size")
    {
        Description = "Folder of pictures: the height x width that they are brought to, as 32x32. Default: their own.",
        HelpName = "size",
    };

    public Option<PictureColor?> Color { get; } = OptionValues.Choice<PictureColor>(
        "--color", "Folder of pictures: grey or rgb. Default: rgb where one of them has colours.");

    /// <summary>How the fields of a CSV file become numbers.</summary>
    public ReadingOptions Reading { get; } = new();

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[DataDir, Label, Group, Task, Test, .. Reading.All, Size, Color])
            command.Options.Add(option);
    }

    /// <summary>The folders that the command line names.</summary>
    public DataFolders Folders(ParseResult parsed) => DataFolders.FromEnvironment(parsed.GetValue(DataDir));

    /// <summary>The data set <paramref name="name"/> with the options given.</summary>
    public DataRequest Request(ParseResult parsed, string name) =>
        new(name, parsed.GetValue(Label), parsed.GetValue(Task))
        {
            Group = parsed.GetValue(Group),
            Test = parsed.GetValue(Test),
            Pictures = Pictures(parsed),
            Reading = Reading.Read(parsed, name),
        };

    /// <summary>What pictures are to be brought to; null: the command line does not say.</summary>
    /// <exception cref="Core.SweepsException">The size is none.</exception>
    public PictureForm? Pictures(ParseResult parsed)
    {
        var color = parsed.GetValue(Color);
        if (parsed.GetValue(Size) is not { } text)
            return color is null ? null : new(null, null, color);
        return PictureForm.TryParseSize(text, out var size)
            ? new(size.Height, size.Width, color)
            : throw OptionValues.Bad(Size, text, PictureForm.SizeAllowed);
    }

    /// <summary>The data sets of this process; how far reading is stands on stderr where it takes longer.</summary>
    public DataSets Sets(ParseResult parsed) => Sets(parsed, Folders(parsed));

    /// <inheritdoc cref="Sets(ParseResult)" />
    public static DataSets Sets(ParseResult parsed, DataFolders folders) => new(folders)
    {
        Progress = new ReadingLine(parsed.InvocationConfiguration.Error, Console.IsErrorRedirected).Show,
    };
}
