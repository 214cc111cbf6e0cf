using System.CommandLine;
using System.Globalization;
using System.Net;
using Sweeps.Client.Terminal;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Silo;
using Sweeps.Silo.Health;
using Sweeps.Store.Contract;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Silos;

/// <summary><c>sweeps silo</c>: a worker process that trains for all open sweeps until SIGTERM or Ctrl-C.</summary>
internal static class SiloCommand
{
    public static Command Create()
    {
        var options = new SiloOptions();
        var command = new Command(
            "silo", "Start a silo (a worker process) that trains for every open sweep of a store.");
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed, options));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, SiloOptions options)
    {
        var endpoint = options.Endpoint(parsed);
        var settings = options.Settings(parsed);
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

/// <summary>The life of a silo: it joins, trains, drains at the first signal and leaves.</summary>
internal sealed class SiloRun(ISweepStore store, ITrainer trainer, SiloNumerics numerics, SiloSettings settings)
{
    /// <summary>Runs until SIGTERM or Ctrl-C; without an endpoint it answers no health checks.</summary>
    public async Task RunAsync(IPEndPoint? endpoint, PlainLog log, Interrupt interrupt)
    {
        await using var silo = await SiloHost.StartAsync(
            store, trainer, numerics, SpecificationPlan.SearcherOf, settings);
        await using var health = endpoint is null ? null : await HealthServer.StartAsync(silo, endpoint);
        log.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"silo {settings.Name} joined {store.Address}: {settings.Slots} slots, "
                + $"numerics {numerics.Fingerprint[..12]}, speed {numerics.Speed:0.00}")
            + (health is null ? string.Empty : $", health endpoints at {health.Address}"));
        await Interrupt.SignalAsync(interrupt.InOrder);
        log.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"draining: running epochs have {settings.DrainGrace.TotalSeconds:0.#} s to finish; "
                + $"a second signal stops immediately"));
        await DrainAsync(silo, log, interrupt.AtOnce);
        log.Write($"silo {settings.Name} leaves the cluster");
    }

    private async Task DrainAsync(SiloHost silo, PlainLog log, CancellationToken atOnce)
    {
        try
        {
            await silo.DrainAsync(settings.DrainGrace, atOnce);
        }
        catch (TimeoutException)
        {
            log.Write("the trials could not be handed back; other silos take them over when this silo's lease expires");
        }
    }
}

/// <summary>Log lines with a timestamp, for service managers and containers.</summary>
internal sealed class PlainLog(TextWriter output, TimeProvider time)
{
    public void Write(string line)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z {line}"));
        output.Flush();
    }
}
