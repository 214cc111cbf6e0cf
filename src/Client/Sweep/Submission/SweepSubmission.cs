using System.CommandLine;
using Sweeps.Core;
using Sweeps.Core.Sweeps;
using Sweeps.Storage;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>A sweep file as it goes to a store: what 'run' and 'submit' share.</summary>
/// <param name="Id">The sweep's id.</param>
/// <param name="Plan">Its plan.</param>
internal sealed record SweepSubmission(string Id, SweepPlan Plan)
{
    /// <summary>Reads the file that a command line names; what has no effect is noted on stderr.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What changes it.</param>
    public static async Task<SweepFile> ReadAsync(ParseResult parsed, string path, RunOptions options)
    {
        var file = SweepFile.Read(path, options.Overrides(parsed));
        foreach (var note in file.Notes)
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"note: {note}");
        return file;
    }

    /// <summary>Chooses the id and makes the plan.</summary>
    public static async Task<SweepSubmission> OfAsync(
        SweepFile file, ParseResult parsed, RunOptions options, ISweepStore store, DataSets sets)
    {
        var id = file.IdOf(parsed.GetValue(options.Name));
        if (parsed.GetValue(options.Fresh))
            id = await FreshIdAsync(store, id);
        return new(id, file.Plan(id, sets));
    }

    /// <summary>The error of a file that no longer says what the stored sweep was begun with.</summary>
    public static SweepsException Changed(string id) => new(
        ErrorKind.Usage,
        $"Sweep '{id}' was begun with another file or seed, and results of both would not fit together. "
        + $"Go on with the old one: sweeps resume {id}. Start the new one beside it: --fresh, or --name ID.");

    // Nothing is ever deleted: a fresh start is another sweep beside the old ones.
    private static async Task<string> FreshIdAsync(ISweepStore store, string id)
    {
        for (var number = 1; ; number++)
        {
            var candidate = number == 1 ? id : $"{id}-{number}";
            if (await store.Log.FindAsync(candidate) is null)
                return candidate;
        }
    }
}
