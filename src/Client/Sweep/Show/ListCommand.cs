using System.CommandLine;
using Sweeps.Client.Terminal;

namespace Sweeps.Client.Sweep.Show;

/// <summary><c>sweeps list</c>: the sweeps of a store.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var store = new StoreOption();
        var json = JsonOption.Create();
        var command = new Command("list", "List the sweeps of the store, newest last.") { store.Option, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var opened = await store.LookAsync(parsed);
            var entries = await SweepListing.OfAsync(opened, cancellation);
            var output = parsed.InvocationConfiguration.Output;
            var place = opened.Address.ToString();
            if (parsed.GetValue(json))
                Screen.WriteJson(output, new { store = place, sweeps = entries.Select(ListPage.Json) });
            else
                ListPage.Write(entries, place, Screen.On(output));
            return 0;
        });
        return command;
    }
}
