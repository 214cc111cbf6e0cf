using System.CommandLine;
using Sweeps.Client.Running;
using Sweeps.Storage;
using Sweeps.Training.Data;

namespace Sweeps.Client.Commands;

/// <summary>
/// <c>sweeps run FILE</c>: one file, one command, one answer. The same command again goes on where it was.
/// </summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The sweep file, YAML or JSON." };
        var options = new RunOptions();
        var command = new Command("run", "Run a sweep on this machine, or go on with it.") { file };
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed, parsed.GetRequiredValue(file), options));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string path, RunOptions options)
    {
        var sets = new DataSets(DataFolders.FromEnvironment(parsed.GetValue(options.DataDir)));
        var file = SweepFile.Read(path, options.Overrides(parsed));
        foreach (var note in file.Notes)
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"note: {note}");
        await using var store = await options.Store.OpenAsync(parsed);
        var id = file.IdOf(parsed.GetValue(options.Name));
        if (parsed.GetValue(options.Fresh))
            id = await FreshIdAsync(store, id);
        var plan = file.Plan(id, sets);
        return await new SweepCommandRun(parsed, options, store, sets)
        {
            Again = CommandText.Again(parsed, id),
        }.FollowAsync(id, plan);
    }

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
