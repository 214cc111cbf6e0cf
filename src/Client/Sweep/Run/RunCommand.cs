using System.CommandLine;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Run;

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
        var file = await SweepSubmission.ReadAsync(parsed, path, options);
        await using var store = await options.Store.OpenAsync(parsed);
        var (id, plan) = await SweepSubmission.OfAsync(file, parsed, options, store, sets);
        return await new SweepCommandRun(parsed, options, store, sets)
        {
            Again = CommandText.Again(parsed, id),
        }.FollowAsync(id, plan);
    }
}
