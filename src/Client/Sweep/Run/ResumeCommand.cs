using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Sweep.Control;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
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
        var detach = new Option<bool>("--detach")
        {
            Description = "Only let the silos go on with it and return; by default this process trains, too.",
        };
        var command = new Command("resume", "Resume an interrupted or paused sweep.") { id, retry, detach };
        options.AddTo(command, withFile: false);
        command.SetAction((parsed, cancellation) => parsed.GetValue(detach)
            ? DetachAsync(parsed, parsed.GetRequiredValue(id), parsed.GetValue(retry), options, cancellation)
            : RunAsync(parsed, parsed.GetRequiredValue(id), parsed.GetValue(retry), options));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string id, bool retryFailed, RunOptions options)
    {
        using var early = new EarlyInterrupt(parsed.InvocationConfiguration.Error);
        options.CheckOutput(parsed);
        await using var store = await options.Store.ChangeAsync(parsed);
        var view = await SweepView.OpenAsync(store, id);
        CheckOpen(view.State, retryFailed);
        var sets = DataOptions.Sets(parsed, DataFolders.FromEnvironment(parsed.GetValue(options.DataDir)));
        return await new SweepCommandRun(parsed, options, store, new Trainer(sets), sets)
        {
            Again = $"sweeps resume {id}",
            RetriesFailed = retryFailed,
            Early = early,
        }.FollowAsync(id, plan: null);
    }

    private static async Task<int> DetachAsync(
        ParseResult parsed, string id, bool retryFailed, RunOptions options, CancellationToken cancellation)
    {
        var notes = new List<string>();
        foreach (var option in (Option[])
            [options.Slots, options.Output, options.TensorBoard, options.Ui, options.DataDir])
        {
            if (parsed.GetResult(option) is not { Implicit: false })
                continue;
            notes.Add($"{option.Name} has no effect with --detach: this process does not train");
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"note: {notes[^1]}");
        }

        await using var store = await options.Store.ChangeAsync(parsed, cancellation);
        CheckOpen((await SweepView.OpenAsync(store, id, cancellation: cancellation)).State, retryFailed);
        var state = await Steering.GiveAsync(store, id, new ResumeSweep(retryFailed), cancellation);
        var silos = (await store.Silos.ListAsync(cancellation)).Where(silo => silo.Trains(id)).ToList();
        SteeringCommand.Report(
            parsed, parsed.GetValue(options.Json), state, SubmitCommand.Next(state, silos), notes);
        return 0;
    }

    private static void CheckOpen(SweepState state, bool retryFailed)
    {
        var id = state.Plan.Id;
        if (state.Status == SweepStatus.Cancelled)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"Sweep '{id}' was cancelled ({state.Reason}), and a cancelled sweep does not go on. Its "
                    + $"results are kept: sweeps show {id}. To train it again, run its file with --fresh or --name "
                    + "ID.");
        }

        if (state.IsOver && retryFailed)
            throw new SweepsException(
                ErrorKind.Usage,
                state.Totals.Failed > 0
                    ? $"Sweep '{id}' has ended, and its failed trials are part of the result. "
                        + "Run its file again with --fresh."
                    : $"Sweep '{id}' has ended, and none of its trials failed: sweeps show {id}.");
    }
}
