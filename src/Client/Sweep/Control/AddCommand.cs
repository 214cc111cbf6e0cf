using System.CommandLine;
using Sweeps.Client.Terminal;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Control;

/// <summary><c>sweeps add ID --configurations N</c>: extends the search of an unfinished sweep.</summary>
internal static class AddCommand
{
    public static Command Create()
    {
        var id = SweepArgument.Create();
        var count = OptionValues.Whole(
            "--configurations", 1, SweepPlan.ConfigurationsMax,
            "How many to add; a grid search has a limited number, a random search has not.");
        count.Required = true;
        var store = new StoreOption();
        var command = new Command("add", "Add configurations to an unfinished sweep.")
        {
            id, count, store.Option,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (sweep, more) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(count)!.Value);
            await using var opened = await store.ChangeAsync(parsed, cancellation);
            var state = await AddAsync(opened, sweep, more, cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{sweep} now has {Figures.Count(state.Configurations, "configuration")}, "
                    + $"{Figures.Count(state.Totals.Planned)} trials.");
            return 0;
        });
        return command;
    }

    /// <summary>Adds so many configurations and returns the sweep's new state.</summary>
    public static async Task<SweepState> AddAsync(
        ISweepStore store, string sweep, int more, CancellationToken cancellation)
    {
        var before = (await SweepView.OpenAsync(store, sweep, cancellation: cancellation)).State.Configurations;
        // Far too many are refused as too many: their sum must not begin again below zero.
        var total = (int)Math.Min((long)before + more, int.MaxValue);
        return await Steering.GiveAsync(store, sweep, new AddConfigurations(total), cancellation);
    }
}
