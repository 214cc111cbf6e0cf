using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Data;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.SweepFile;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>The options of the commands that run a sweep in this process.</summary>
internal sealed class RunOptions
{
    /// <summary>Most slots of a silo.</summary>
    public const int SlotsMax = 1024;

    public StoreOption Store { get; } = new();

    public Option<int?> Slots { get; } = new("--slots")
    {
        Description = "Trials trained side by side, each on one thread. Default: the file's, else the number of cores.",
        HelpName = "n",
    };

    public Option<long?> Seed { get; } = new("--seed") { Description = "Replaces the file's seed.", HelpName = "n" };

    public Option<string?> Name { get; } = new("--name")
    {
        Description = "The sweep's id. Default: made from the file's name.",
        HelpName = "id",
    };

    public Option<bool> Fresh { get; } = new("--fresh")
    {
        Description = "Start anew under another id; the old sweep stays.",
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Changes the file for this run: epochs=1, data.samples=2000, folds=2. May be repeated.",
        HelpName = "path=value",
        DefaultValueFactory = _ => [],
    };

    public Option<string?> Output { get; } = new("--output")
    {
        Description = "Folder for the results. Default: results/ID beside the store.",
        HelpName = "folder",
    };

    public Option<string?> DataDir { get; } = new DataOptions().DataDir;

    public Option<bool> Json { get; } = JsonOption.Create();

    /// <summary>Adds those that follow a sweep; with a file, also those that change it.</summary>
    public void AddTo(Command command, bool withFile = true)
    {
        command.Options.Add(Store.Option);
        foreach (var option in (Option[])[Slots, Output, DataDir, Json])
            command.Options.Add(option);
        if (!withFile)
            return;
        foreach (var option in (Option[])[Seed, Name, Fresh, Set])
            command.Options.Add(option);
    }

    /// <summary>Trials side by side: as asked for, else as the file says, else the number of cores.</summary>
    /// <exception cref="SweepsException">The number is not allowed.</exception>
    public int SlotsOf(ParseResult parsed, SweepSpecification? specification)
    {
        var slots = parsed.GetValue(Slots) ?? specification?.Slots ?? Environment.ProcessorCount;
        return slots is >= 1 and <= SlotsMax
            ? slots
            : throw new SweepsException(ErrorKind.Usage, $"--slots {slots}: allowed are 1 to {SlotsMax}.");
    }

    /// <summary>What the command line changes in the file.</summary>
    public IReadOnlyList<string> Overrides(ParseResult parsed)
    {
        var overrides = new List<string>(parsed.GetValue(Set) ?? []);
        if (parsed.GetValue(Seed) is { } seed)
            overrides.Add($"seed={seed.ToString(CultureInfo.InvariantCulture)}");
        return overrides;
    }
}
