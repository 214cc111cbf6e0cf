using System.CommandLine;
using Sweeps.Client.Sweep.Show;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Control;

/// <summary><c>sweeps stop ID --trial KEY</c>: ends single trials for good, and no other.</summary>
internal static class StopCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var store = new StoreOption();
        var json = JsonOption.Create();
        var trial = new Option<string?>("--trial")
        {
            Description = "The trial: 3/0 is configuration 3, fold 0; or 'refit'.",
            HelpName = "key",
        };
        var configuration = OptionValues.Whole(
            "--configuration", 0, int.MaxValue,
            "All trials of this configuration, counted from 0, that have not ended.");
        var reason = new Option<string?>("--reason")
        {
            Description = "Reason, kept in the log and the report.",
            HelpName = "text",
        };
        var command = new Command(
            "stop", "Stop a trial, or a configuration, of a sweep that goes on: it ends without a result.")
        {
            id, trial, configuration, reason, store.Option, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (sweep, one, all) = (
                parsed.GetRequiredValue(id), parsed.GetValue(trial), parsed.GetValue(configuration));
            if (one is null == all is null)
            {
                throw new SweepsException(
                    ErrorKind.Usage,
                    "stop needs what to stop: either --trial KEY (3/0) or --configuration N. "
                    + $"To end the whole sweep: sweeps cancel {sweep}");
            }

            // What is stopped stays so: a number alone may be meant as either.
            if (one is { Length: > 0 } && one.All(char.IsAsciiDigit))
            {
                throw new SweepsException(
                    ErrorKind.Usage,
                    $"--trial '{one}' lacks the fold: --trial {one}/0 is its fold 0 alone. "
                    + $"For all trials of the configuration: --configuration {one}");
            }

            var why = parsed.GetValue(reason) ?? $"as {Environment.UserName}, with 'sweeps stop'";
            await using var opened = await store.ChangeAsync(parsed, cancellation);
            var view = await SweepView.OpenAsync(opened, sweep, cancellation: cancellation);
            var wanted = one is null ? OfConfiguration(view.State, all!.Value) : [TrialName.Find(view.State, one)];
            var stopped = await StopAsync(opened, view.State, wanted, why, cancellation);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                Screen.WriteJson(output, stopped.Json);
            else
                await output.WriteLineAsync(stopped.Text);
            return 0;
        });
        return command;
    }

    /// <summary>The trials of a configuration.</summary>
    /// <exception cref="SweepsException">It was not proposed yet, or never will be.</exception>
    public static IReadOnlyList<TrialId> OfConfiguration(SweepState state, int configuration) =>
        configuration < state.Proposed
            ? [.. Enumerable.Range(0, state.Plan.TrialsPerConfiguration)
                .Select(fold => new TrialId(configuration, fold))]
            : throw new SweepsException(
                ErrorKind.Usage,
                state.Proposed == 0
                    ? $"--configuration {configuration}: none of '{state.Plan.Id}' was proposed yet."
                    : $"--configuration {configuration}: those of '{state.Plan.Id}' so far are 0 to "
                        + $"{state.Proposed - 1}.");

    /// <summary>Stops those of the trials that have not ended.</summary>
    /// <param name="before">The sweep as it was when they were chosen.</param>
    /// <exception cref="SweepsException">All of them have ended, or the sweep has.</exception>
    public static async Task<StoppedTrials> StopAsync(
        ISweepStore store, SweepState before, IReadOnlyList<TrialId> trials, string reason,
        CancellationToken cancellation)
    {
        var earlier = trials.Where(before.IsStoppedByUser).ToHashSet();
        var state = await Steering.GiveAsync(store, before.Plan.Id, new StopTrials(trials, reason), cancellation);
        return new(state, trials, earlier);
    }
}

/// <summary>What came of stopping trials.</summary>
/// <param name="State">The sweep afterwards.</param>
/// <param name="Trials">Those that were meant.</param>
/// <param name="Earlier">Those of them that were stopped before.</param>
internal sealed record StoppedTrials(SweepState State, IReadOnlyList<TrialId> Trials, IReadOnlySet<TrialId> Earlier)
{
    private IReadOnlyList<TrialId> Now =>
        [.. Trials.Where(trial => State.IsStoppedByUser(trial) && !Earlier.Contains(trial))];

    /// <summary>Those that had ended by themselves.</summary>
    private IReadOnlyList<TrialId> Left => [.. Trials.Where(trial => !State.IsStoppedByUser(trial))];

    /// <summary>For people.</summary>
    public string Text
    {
        get
        {
            var (id, configuration) = (State.Plan.Id, Trials[0].Configuration);
            if (Now.Count == 0)
                return $"{id}: {string.Join(", ", Trials)} {(Trials.Count == 1 ? "was" : "were")} stopped before.";
            var left = Left.Count > 0
                ? $" Left as they are: {string.Join(", ", Left.Select(trial => $"{trial} ({Word(trial)})"))}."
                : string.Empty;
            var rest = Trials[0].IsRefit
                ? "The sweep ends without a refit and a test result."
                : $"Configuration {configuration} has no rank any more, since it lacks "
                    + $"{(Now.Count + Earlier.Count == 1 ? "a trial" : "trials")}; the sweep goes on.";
            return $"{id}: stopped {string.Join(", ", Now)}.{left} {rest}";
        }
    }

    /// <summary>For programs.</summary>
    public object Json => new
    {
        id = State.Plan.Id,
        stopped = Now.Select(trial => trial.ToString()),
        before = Earlier.Order().Select(trial => trial.ToString()),
        left = Left.Select(trial => new { trial = trial.ToString(), state = Word(trial) }),
        state = ConfigurationText.Word(State.Status),
    };

    private string Word(TrialId trial) => ConfigurationText.Word(State.StatusOf(trial));
}
