using System.CommandLine;
using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;

namespace Sweeps.Client.Sweep.Control;

/// <summary><c>sweeps pause ID</c>: no trial is started until <c>resume</c>.</summary>
internal static class PauseCommand
{
    public static Command Create() => SteeringCommand.Create(
        "pause",
        "Pause a sweep: running trials finish, no new ones start.",
        reason => new PauseSweep(reason),
        id => $"Resume with: sweeps resume {id}; where silos train it: sweeps resume {id} --detach");
}

/// <summary><c>sweeps cancel ID</c>: ends a sweep for good.</summary>
internal static class CancelCommand
{
    public static Command Create() => SteeringCommand.Create(
        "cancel",
        "Cancel a sweep; its results so far are kept.",
        reason => new CancelSweep(reason),
        id => $"Show them with: sweeps show {id}");
}

/// <summary>Shared by 'pause' and 'cancel': applies one command to a sweep and prints its new state.</summary>
internal static class SteeringCommand
{
    /// <param name="name">The command's name.</param>
    /// <param name="description">Its help.</param>
    /// <param name="command">The command for a reason.</param>
    /// <param name="next">The next step for a sweep's id.</param>
    public static Command Create(
        string name, string description, Func<string, SweepCommand> command, Func<string, string> next)
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var json = JsonOption.Create();
        var reason = new Option<string?>("--reason")
        {
            Description = "Reason, kept in the log and the report.",
            HelpName = "text",
        };
        var created = new Command(name, description) { id, store.Option, reason, json };
        created.SetAction(async (parsed, cancellation) =>
        {
            var sweep = parsed.GetRequiredValue(id);
            await using var opened = await store.ChangeAsync(parsed, cancellation);
            var why = parsed.GetValue(reason) ?? $"by {Environment.UserName} with 'sweeps {name}'";
            var state = await Steering.GiveAsync(opened, sweep, command(why), cancellation);
            Report(parsed, parsed.GetValue(json), state, next(sweep));
            return 0;
        });
        return created;
    }

    /// <summary>Prints a sweep's new state.</summary>
    public static void Report(
        ParseResult parsed, bool json, SweepState state, string next, IReadOnlyList<string>? notes = null)
    {
        var output = parsed.InvocationConfiguration.Output;
        var word = ConfigurationText.Word(state.Status);
        if (json)
        {
            Screen.WriteJson(output, new
            {
                id = state.Plan.Id,
                state = word,
                reason = state.Reason,
                planned = state.Totals.Planned,
                completed = state.Totals.Completed,
                stopped = state.Totals.Stopped,
                failed = state.Totals.Failed,
                notes,
            });
            return;
        }

        output.WriteLine(
            $"{state.Plan.Id} is {word}{(state.Reason is { } why ? $": {why.TrimEnd('.')}" : "")}. "
                + $"{ProgressText.Ended(state)}. {next}");
    }
}
