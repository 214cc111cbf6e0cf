using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Terminal;
using Sweeps.Core.SweepFile;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>The options of the commands that read or run a sweep.</summary>
internal sealed class RunOptions
{
    /// <summary>The most slots a silo may have.</summary>
    public const int SlotsMax = 1024;

    public StoreOption Store { get; } = new();

    public Option<int?> Slots { get; } = OptionValues.Whole(
        "--slots", 1, SlotsMax,
        "Number of trials to train in parallel (one thread each). Default: the file's, else the number of cores.");

    public Option<string?> Seed { get; } = new("--seed") { Description = "Replace the file's seed.", HelpName = "n" };

    public Option<string?> Name { get; } = new("--name")
    {
        Description = "Id of the sweep. Default: the name in the file, else the file's name.",
        HelpName = "id",
    };

    public Option<bool> Fresh { get; } = new("--fresh")
    {
        Description = "Start a new sweep under a new id; the old one stays.",
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Override a value of the file: epochs=1, data.samples=2000, folds=2. May be repeated.",
        HelpName = "path=value",
        DefaultValueFactory = _ => [],
    };

    public Option<bool> NoReuse { get; } = new("--no-reuse")
    {
        Description = "Train everything, also what the store has (with --fresh, where the sweep is there already).",
    };

    public Option<bool> KeepCheckpoints { get; } = new("--keep-checkpoints")
    {
        Description = "Keep the last checkpoint of each completed trial: a sweep of more epochs goes on from there.",
    };

    public Option<string?> Output { get; } = new("--output")
    {
        Description = "Folder for the results. Default: results/ID beside the store.",
        HelpName = "folder",
    };

    public Option<string?> TensorBoard { get; } = new("--tensorboard")
    {
        Description = "Folder for logs that TensorBoard shows while the sweep runs.",
        HelpName = "folder",
    };

    public Option<string?> DataDir { get; } = new DataOptions().DataDir;

    public Option<bool> Ui { get; } = new("--ui")
    {
        Description = "Show the run as live pages at a free port of this machine, and open them in the browser.",
    };

    public Option<bool> Json { get; } = JsonOption.Create();

    /// <summary>Adds the options to a command; those that change the file only where it takes one.</summary>
    public void AddTo(Command command, bool withFile = true)
    {
        command.Options.Add(Store.Option);
        foreach (var option in (Option[])[Slots, Output, TensorBoard, Ui, DataDir, Json])
            command.Options.Add(option);
        if (!withFile)
            return;
        foreach (var option in (Option[])[Seed, Name, Fresh, Set, NoReuse, KeepCheckpoints])
            command.Options.Add(option);
    }

    /// <summary>Number of slots: from the command line, else the file, else the number of cores.</summary>
    public int SlotsOf(ParseResult parsed, SweepSpecification? specification) =>
        parsed.GetValue(Slots) ?? specification?.Slots ?? Math.Min(Environment.ProcessorCount, SlotsMax);

    /// <summary>Refuses folders for the results that could not be written.</summary>
    public void CheckOutput(ParseResult parsed)
    {
        if (parsed.GetValue(Output) is { } folder)
            OutputPlace.CheckFolder(Output, folder);
        if (parsed.GetValue(TensorBoard) is { } board)
            OutputPlace.CheckFolder(TensorBoard, board);
    }

    /// <summary>The overrides of the command line.</summary>
    public IReadOnlyList<string> Overrides(ParseResult parsed)
    {
        var overrides = new List<string>(parsed.GetValue(Set) ?? []);
        if (parsed.Seed(Seed) is { } seed)
            overrides.Add($"seed={seed}");
        if (parsed.GetValue(NoReuse))
            overrides.Add("reuse=false");
        if (parsed.GetValue(KeepCheckpoints))
            overrides.Add("keep_checkpoints=true");
        return overrides;
    }
}
