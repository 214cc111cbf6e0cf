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

/// <summary>The life of a silo that serves a store: joins, trains, drains when told to stop, leaves.</summary>
internal sealed class SiloRun(ISweepStore store, ITrainer trainer, SiloNumerics numerics, SiloSettings settings)
{
    /// <summary>Runs it until the user's or the service manager's signal.</summary>
    /// <param name="endpoint">Where probes are answered; null: nowhere.</param>
    /// <param name="log">Says what happens.</param>
    /// <param name="interrupt">The signals.</param>
    public async Task RunAsync(IPEndPoint? endpoint, PlainLog log, Interrupt interrupt)
    {
        await using var silo = await SiloHost.StartAsync(
            store, trainer, numerics, SpecificationPlan.SearcherOf, settings);
        await using var health = endpoint is null ? null : await HealthServer.StartAsync(silo, endpoint);
        log.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"silo {settings.Name} joined {store.Address}: {settings.Slots} slots, "
                + $"numerics {numerics.Fingerprint[..12]}, speed {numerics.Speed:0.00}")
            + (health is null ? string.Empty : $", probes at {health.Address}"));
        await Signal(interrupt.InOrder);
        log.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"draining: running epochs have {settings.DrainGrace.TotalSeconds:0.#} s to end; "
                + $"a second signal stops at once"));
        await DrainAsync(silo, log, interrupt.AtOnce);
        log.Write($"silo {settings.Name} leaves");
    }

    private async Task DrainAsync(SiloHost silo, PlainLog log, CancellationToken atOnce)
    {
        try
        {
            var drained = silo.DrainAsync(settings.DrainGrace);
            if (await Task.WhenAny(drained, Signal(atOnce)) != drained)
                drained = silo.DrainAsync(TimeSpan.Zero);
            await drained;
        }
        catch (TimeoutException)
        {
            log.Write("the store did not take the trials back; the other silos will when the lease has run out");
        }
    }

    private static Task Signal(CancellationToken token) =>
        Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
}

/// <summary>Lines with a time, for the journals of service managers and containers.</summary>
internal sealed class PlainLog(TextWriter output, TimeProvider time)
{
    public void Write(string line)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z {line}"));
        output.Flush();
    }
}
