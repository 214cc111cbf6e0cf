using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Silos;

/// <summary><c>sweeps slots SILO N</c>: changes how many trials a running silo trains in parallel.</summary>
internal static class SlotsCommand
{
    /// <summary>The most slots that may be asked for.</summary>
    public const int Most = 1024;

    public static Command Create()
    {
        var silo = new Argument<string>("silo") { Description = "Name of the silo, as shown by 'sweeps silos'." };
        var slots = new Argument<string>("slots")
        {
            Description = "Number of slots; 0: take no more work; 'own': the number the silo was started with.",
        };
        var store = new StoreOption();
        var command = new Command("slots", "Change the number of slots of a running silo.")
        {
            silo, slots, store.Option,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(silo);
            var wanted = Wanted(slots, parsed.GetRequiredValue(slots));
            await using var opened = await store.ChangeAsync(parsed, cancellation);
            await RequestAsync(opened, name, wanted, cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{name} will have "
                    + $"{(wanted is { } count ? Figures.Count(count, "slot") : "the slots it was started with")} "
                + "from its next heartbeat. Excess slots close after their current trial.");
            return 0;
        });
        return command;
    }

    /// <summary>Asks a silo for a number of slots.</summary>
    /// <exception cref="SweepsException">No living silo has the name.</exception>
    public static async Task RequestAsync(
        ISweepStore store, string name, int? wanted, CancellationToken cancellation)
    {
        if (!await store.Silos.RequestSlotsAsync(name, wanted, cancellation))
            throw await SiloListing.NotFoundAsync(store, name, cancellation);
    }

    private static int? Wanted(Argument argument, string text)
    {
        if (text == "own")
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Most
            ? count
            : throw OptionValues.Bad(argument, text, $"a whole number from 0 to {Most}, or 'own'");
    }
}
