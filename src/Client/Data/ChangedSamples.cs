using System.CommandLine;
using Spectre.Console;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Client.Data;

/// <summary>Options that change pictures, and samples before and after.</summary>
internal sealed class ChangedSamples
{
    private const string Prefix = "augment_";
    private const int ClassesShown = 3;
    private const int Width = 100;
    private const long Seed = 2026;

    private readonly IReadOnlyList<(string Name, Option<string?> Option)> _options =
    [
        .. SweepVocabulary.Settings.Where(setting => setting.Name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(setting => (setting.Name, new Option<string?>($"--{setting.Name.Replace('_', '-')}")
            {
                Description = $"Show samples changed as 'augment' would: {setting.Description}",
            })),
    ];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in _options)
            command.Options.Add(option);
    }

    /// <summary>What is changed; null: nothing is asked for.</summary>
    /// <exception cref="SweepsException">A value is not allowed, or the data are no pictures.</exception>
    public Augmentation? Read(ParseResult parsed, DataSet data)
    {
        var changes = SweepVocabulary.Complete(
            new() { Architecture = "linear", LearningRate = 1, BatchSize = 1, Epochs = 1 },
            name => _options.Where(pair => pair.Name == name)
                .Select(pair => parsed.Parameter(pair.Option, name)).FirstOrDefault()).Augment;
        return changes is null || data.Train.IsBytes ? changes : throw new SweepsException(
            ErrorKind.Usage, $"Only pictures can be changed, and {data.Name} is a table; leave --augment-... out.");
    }

    /// <summary>Draws the first sample of a few classes as it is, and beside it what epochs would learn from.</summary>
    public static void Write(DataSet data, Augmentation changes, TextWriter output, IAnsiConsole console)
    {
        var (height, width) = (data.InputShape[1], data.InputShape[2]);
        var shown = Math.Max(2, (Math.Min(Width, console.Profile.Width) - 2) / (width + 2));
        var labels = data.Train.Labels.ToArray();
        for (var label = 0; label < Math.Min(ClassesShown, data.Classes); label++)
        {
            var sample = Array.IndexOf(labels, label);
            if (sample < 0)
                continue;
            output.WriteLine();
            output.WriteLine($"  {data.ClassNames[label]}, and as changed in {shown - 1} epochs");
            var pixels = new Color?[height, shown * (width + 2)];
            for (var place = 0; place < shown; place++)
            {
                var bytes = place == 0
                    ? data.Train.BytesOf(sample).ToArray()
                    : ChangedPictures.Of(data, changes, Seed, sample, place);
                Picture.Place(bytes, data.InputShape, pixels, 2 + (place * (width + 2)));
            }

            Picture.Write(console, pixels);
        }
    }
}
