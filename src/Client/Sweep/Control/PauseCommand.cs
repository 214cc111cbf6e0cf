using System.CommandLine;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Control;

/// <summary><c>sweeps pause ID</c>: no more trials are handed out until <c>resume</c>.</summary>
internal static class PauseCommand
{
    public static Command Create() => SteeringCommand.Create(
        "pause",
        "Hand out no more trials of a sweep; those that run go on to their end.",
        reason => new PauseSweep(reason),
        id => $"Go on with: sweeps resume {id}");
}

/// <summary><c>sweeps cancel ID</c>: the sweep is over.</summary>
internal static class CancelCommand
{
    public static Command Create() => SteeringCommand.Create(
        "cancel",
        "End a sweep for good; results that are in are kept.",
        reason => new CancelSweep(reason),
        id => $"See them with: sweeps show {id}");
}

/// <summary>What 'pause' and 'cancel' share: one command to a sweep, and what became of it.</summary>
internal static class SteeringCommand
{
    /// <param name="name">The command's name.</param>
    /// <param name="description">Its help.</param>
    /// <param name="command">What the sweep is told, with a reason.</param>
    /// <param name="next">What the user can do then.</param>
    public static Command Create(
        string name, string description, Func<string, SweepCommand> command, Func<string, string> next)
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var json = JsonOption.Create();
        var reason = new Option<string?>("--reason")
        {
            Description = "Why, for the log and the report.",
            HelpName = "text",
        };
        var created = new Command(name, description) { id, store.Option, reason, json };
        created.SetAction(async (parsed, cancellation) =>
        {
            var sweep = parsed.GetRequiredValue(id);
            await using var opened = await OpenAsync(store, parsed);
            var why = parsed.GetValue(reason) ?? $"by {Environment.UserName} with 'sweeps {name}'";
            var state = await Steering.GiveAsync(opened, sweep, command(why), cancellation);
            Report(parsed, parsed.GetValue(json), state, next(sweep));
            return 0;
        });
        return created;
    }

    private static void Report(ParseResult parsed, bool json, SweepState state, string next)
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
                failed = state.Totals.Failed,
            });
            return;
        }

        output.WriteLine(
            $"{state.Plan.Id} is {word}: {state.Reason}. {Figures.Count(state.Totals.Completed)} of "
            + $"{Figures.Count(state.Totals.Planned)} trials have a result, and keep it. {next}");
    }

    // On a store of one process the one that holds it is the one that trains.
    private static async Task<ISweepStore> OpenAsync(StoreOption store, ParseResult parsed)
    {
        // A wish for a sweep shall not make a store.
        await using (await store.LookAsync(parsed))
        {
        }

        try
        {
            return await store.OpenAsync(parsed);
        }
        catch (SweepsException error) when (error.Message.Contains("is in use", StringComparison.Ordinal))
        {
            throw new SweepsException(
                error.Kind,
                $"{error.Message} A sweep that runs there is stopped with Ctrl-C in its terminal; then try again.",
                error);
        }
    }
}
