using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.State;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Run;

/// <summary><c>sweeps resume ID</c>: resumes a sweep by its id, without its file.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var options = new RunOptions();
        var retry = new Option<bool>("--retry-failed") { Description = "Also retry failed trials." };
        var command = new Command("resume", "Resume an interrupted or paused sweep.") { id, retry };
        options.AddTo(command, withFile: false);
        command.SetAction((parsed, _) =>
            RunAsync(parsed, parsed.GetRequiredValue(id), parsed.GetValue(retry), options));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string id, bool retryFailed, RunOptions options)
    {
        options.CheckOutput(parsed);
        await using var store = await options.Store.ChangeAsync(parsed);
        var view = await SweepView.OpenAsync(store, id);
        if (view.State.Status == SweepStatus.Cancelled)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"Sweep '{id}' was cancelled ({view.State.Reason}), and a cancelled sweep does not go on. Its "
                    + $"results are kept: sweeps show {id}. To train it again, run its file with --fresh or --name "
                    + "ID.");
        }

        if (view.State.IsOver && retryFailed)
            throw new SweepsException(
                ErrorKind.Usage,
                view.State.Totals.Failed > 0
                    ? $"Sweep '{id}' has ended, and its failed trials are part of the result. "
                        + "Run its file again with --fresh."
                    : $"Sweep '{id}' has ended, and none of its trials failed: sweeps show {id}.");
        var sets = DataOptions.Sets(parsed, DataFolders.FromEnvironment(parsed.GetValue(options.DataDir)));
        return await new SweepCommandRun(parsed, options, store, new Trainer(sets), sets)
        {
            Again = $"sweeps resume {id}",
            RetriesFailed = retryFailed,
        }.FollowAsync(id, plan: null);
    }
}
