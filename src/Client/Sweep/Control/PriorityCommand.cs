using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;

namespace Sweeps.Client.Sweep.Control;

/// <summary><c>sweeps priority ID CONFIGURATION[/FOLD] N</c>: runs waiting trials earlier or later.</summary>
internal static class PriorityCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var trial = new Argument<string>("trial")
        {
            Description = "A configuration (7) or one of its folds (7/2), counted from 0.",
        };
        var priority = OptionValues.WholeArgument(
            "priority", int.MinValue, int.MaxValue, "Higher runs earlier; 0 is the default.");
        var store = new StoreOption();
        var command = new Command("priority", "Change the priority of waiting trials. Does not change results.")
        {
            id, trial, priority, store.Option,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (configuration, fold) = Read(trial, parsed.GetRequiredValue(trial));
            var value = parsed.GetRequiredValue(priority);
            var sweep = parsed.GetRequiredValue(id);
            await using var opened = await store.ChangeAsync(parsed, cancellation);
            await Steering.GiveAsync(opened, sweep, new SetPriority(configuration, value, fold), cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{sweep}: configuration {configuration}{(fold is { } one ? $", fold {one}," : "")} "
                    + $"now has priority {value}.");
            return 0;
        });
        return command;
    }

    private static (int Configuration, int? Fold) Read(Argument argument, string text) => Read(text)
        ?? throw OptionValues.Bad(argument, text, "CONFIGURATION or CONFIGURATION/FOLD, each a number from 0");

    /// <summary>What <c>7</c> and <c>7/2</c> mean; null: neither.</summary>
    public static (int Configuration, int? Fold)? Read(string text)
    {
        if (TrialId.TryParse(text, out var trial) && !trial.IsRefit)
            return (trial.Configuration, trial.Fold);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var configuration)
            ? (configuration, null)
            : null;
    }
}
