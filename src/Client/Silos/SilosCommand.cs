using System.CommandLine;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Silos;

/// <summary><c>sweeps silos</c>: who trains for a store.</summary>
internal static class SilosCommand
{
    public static Command Create()
    {
        var store = new StoreOption();
        var json = JsonOption.Create();
        var all = new Option<bool>("--all") { Description = "Also silos that are gone for more than an hour." };
        var command = new Command("silos", "List the silos of a store: slots, what each trains, when last seen.")
        {
            store.Option, all, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await store.LookAsync(parsed);
            var silos = await SiloListing.OfAsync(opened, parsed.GetValue(all), cancellation);
            var output = parsed.InvocationConfiguration.Output;
            var place = opened.Address.ToString();
            if (parsed.GetValue(json))
                Screen.WriteJson(output, new { store = place, silos = silos.Select(SilosPage.Json) });
            else
                SilosPage.Write(silos, place, Screen.On(output));
            return 0;
        });
        return command;
    }
}
