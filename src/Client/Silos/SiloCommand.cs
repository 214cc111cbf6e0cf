using System.CommandLine;
using Sweeps.Client.Terminal;
using Sweeps.Silo;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Silos;

/// <summary><c>sweeps silo</c>: trains for every open sweep of a store until it is told to stop.</summary>
internal static class SiloCommand
{
    public static Command Create()
    {
        var options = new SiloOptions();
        var command = new Command("silo", "Train for all sweeps of a store until SIGTERM or Ctrl-C.");
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed, options));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, SiloOptions options)
    {
        var endpoint = options.Endpoint(parsed);
        var settings = options.Settings(parsed, endpoint);
        var sets = new DataSets(DataFolders.FromEnvironment(parsed.GetValue(options.DataDir)));
        using var interrupt = new Interrupt();
        var log = new PlainLog(parsed.InvocationConfiguration.Error, TimeProvider.System);
        await using var store = await options.Store.OpenAsync(parsed, interrupt.InOrder);
        if (parsed.GetValue(options.Name) is null)
            settings = settings with
            {
                Name = await SiloNames.FreeAsync(store, Environment.MachineName, interrupt.InOrder),
            };
        var trainer = new Trainer(sets);
        var numerics = Numerics.Measure(trainer, calibrates: store.IsShared);
        var run = new SiloRun(store, trainer, numerics, settings with
        {
            LogFolder = StoreOption.LogFolderOf(store.Address),
            ConsoleLevel = Serilog.Events.LogEventLevel.Warning,
        });
        await run.RunAsync(endpoint, log, interrupt);
        return 0;
    }
}
