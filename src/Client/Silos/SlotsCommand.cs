using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Silos;

/// <summary><c>sweeps slots SILO N</c>: more or fewer trials side by side on a running silo.</summary>
internal static class SlotsCommand
{
    private const int Most = 1024;

    public static Command Create()
    {
        var silo = new Argument<string>("silo") { Description = "The silo, as 'sweeps silos' shows it." };
        var slots = new Argument<string>("slots")
        {
            Description = "How many: 0 takes no more work; 'own' is what the silo was started with.",
        };
        var store = new StoreOption();
        var command = new Command("slots", "Change the number of slots of a silo while it runs.")
        {
            silo, slots, store.Option,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(silo);
            var wanted = Wanted(slots, parsed.GetRequiredValue(slots));
            await using var opened = await store.OpenAsync(parsed, cancellation);
            if (!await opened.Silos.RequestSlotsAsync(name, wanted, cancellation))
                throw await SiloListing.NotFoundAsync(opened, name, cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{name} is asked for {(wanted is { } count ? $"{count} slots" : "its own number of slots")}; "
                + "it changes with its "
                + "next heartbeat. Slots too many end after their trial.");
            return 0;
        });
        return command;
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
