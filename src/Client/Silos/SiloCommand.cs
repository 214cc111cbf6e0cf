using System.CommandLine;
using System.Globalization;
using Sweeps.Client.Dashboard;
using Sweeps.Client.Sweep.Progress;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Silo;
using Sweeps.Silo.Health;
using Sweeps.Silo.Logging;
using Sweeps.Silo.Telemetry;
using Sweeps.Store.Contract;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Silos;

/// <summary><c>sweeps silo</c>: a worker process that trains for all open sweeps until SIGTERM or Ctrl-C.</summary>
internal static class SiloCommand
{
    private static readonly TimeSpan ClosingMost = TimeSpan.FromMilliseconds(500);

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
        var access = new HealthAccess(Environment.GetEnvironmentVariable(HealthAccess.TokenVariable));
        var certificate = options.ReadCertificate(parsed);
        var folders = DataFolders.FromEnvironment(parsed.GetValue(options.DataDir));
        var settings = options.Settings(parsed) with { Data = DataHolders.Found(folders) };
        var sets = new DataSets(folders) { RunsAssemblies = parsed.GetValue(options.AllowAssemblies) };
        using var interrupt = new Interrupt();
        using var exporters = Exporters.Start(settings.Name);
        var run = new SiloRun(settings, new PlainLog(
            parsed.InvocationConfiguration.Error, TimeProvider.System, settings.LogFormat));
        var pages = options.ReadPages(parsed, endpoint) is { } looking
            ? DashboardServer.Beside(() => run.Store, looking, new(sets, waits: true))
            : null;
        await using var health = endpoint is null
            ? null
            : await HealthServer.StartAsync(() => run.Health, endpoint, access, certificate, pages);
        try
        {
            run.Start.Enter("it opens the store");
            var store = await options.Store.OpenAsync(parsed, interrupt.InOrder).WaitAsync(interrupt.InOrder);
            try
            {
                run.Store = store;
                await run.RunAsync(store, new Trainer(sets), parsed.GetValue(options.Name) is null, health, interrupt);
            }
            finally
            {
                var closed = store.DisposeAsync().AsTask();
                // Who never joined wrote nothing that a store which is away would be waited for.
                await (run.HasJoined ? closed : Task.WhenAny(closed, Task.Delay(ClosingMost)));
            }
        }
        catch (OperationCanceledException) when (interrupt.InOrder.IsCancellationRequested)
        {
            run.Log.Write("told to stop before it had joined: it held nothing");
        }

        return 0;
    }
}

/// <summary>The life of a silo: it joins, trains, drains at the first signal and leaves.</summary>
internal sealed class SiloRun
{
    private readonly ServiceManager _manager = new();
    private SiloSettings _settings;
    private volatile SiloHost? _silo;

    public SiloRun(SiloSettings settings, PlainLog log) => (_settings, Log, Start) = (settings, log, new(Tell));

    public PlainLog Log { get; }

    public SiloStart Start { get; }

    /// <summary>The open store; null: not yet.</summary>
    public ISweepStore? Store { get; set; }

    public bool HasJoined => _silo is not null;

    /// <summary>How the silo is, from the process's first second on.</summary>
    public SiloHealth Health => _silo?.Health ?? SiloHealth.Joining(_settings, Start);

    /// <summary>Runs until SIGTERM or Ctrl-C.</summary>
    /// <param name="store">The open store.</param>
    /// <param name="trainer">Trains.</param>
    /// <param name="needsName">Whether the silo needs a name that is free.</param>
    /// <param name="health">Answers probes; null: nobody does.</param>
    /// <param name="interrupt">The signals.</param>
    /// <exception cref="OperationCanceledException">It was told to stop before it had joined.</exception>
    public async Task RunAsync(
        ISweepStore store, ITrainer trainer, bool needsName, HealthServer? health, Interrupt interrupt)
    {
        var stop = interrupt.InOrder;
        if (needsName)
            _settings = _settings with { Name = await SiloNames.FreeAsync(store, Environment.MachineName, stop) };
        Start.Enter("it measures this machine");
        var numerics = await Task.Run(() => Numerics.Measure(trainer, calibrates: store.IsShared), stop)
            .WaitAsync(stop);
        _settings = _settings with
        {
            LogFolder = StoreOption.LogFolderOf(store.Address),
            ConsoleLevel = Serilog.Events.LogEventLevel.Warning,
        };
        await using var silo = await SiloHost.StartAsync(
            store, trainer, numerics, SpecificationPlan.SearcherOf, _settings, Start, stop);
        _silo = silo;
        var joined = string.Create(
            CultureInfo.InvariantCulture,
            $"silo {silo.Name} joined {store.Address}: {Figures.Count(_settings.Slots, "slot")}, "
                + $"numerics {numerics.Fingerprint[..19]}, speed {numerics.Speed:0.00}")
            + (health is null ? string.Empty : $", health endpoints at {health.Address}");
        Log.Write(joined);
        _manager.Ready(joined);
        _ = NoteUnknownAsync(store, _settings.Sweeps ?? [], stop);
        if (await new StoreLoss(store).WaitAsync(stop) is { } loss)
        {
            _manager.Stopping();
            await DrainAsync(silo, TimeSpan.Zero, interrupt.AtOnce);
            throw new SweepsException(
                ErrorKind.Store,
                $"{loss} This silo ends here, since nobody would find what it trains.");
        }

        _manager.Stopping();
        Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"draining: running epochs have {_settings.DrainGrace.TotalSeconds:0.#} s to finish; "
                + $"a second signal stops immediately"));
        await DrainAsync(silo, _settings.DrainGrace, interrupt.AtOnce);
        Log.Write($"silo {silo.Name} leaves the cluster");
    }

    /// <summary>A line for each sweep that the store does not have: a wrong name trains nothing, without an error.
    /// Nothing waits for it.</summary>
    private async Task NoteUnknownAsync(ISweepStore store, IReadOnlyList<string> sweeps, CancellationToken stop)
    {
        try
        {
            foreach (var id in sweeps)
            {
                if (await store.Log.FindAsync(id, stop) is null)
                    Log.Write(await store.Log.IsTakenAsync(id, stop)
                        ? $"note: --sweep {id}: that sweep was deleted, and its id is not given out again"
                        : $"note: --sweep {id}: the store has no sweep of that id yet; this silo trains it once it is "
                            + "submitted ('sweeps list' lists those there are)");
            }
        }
        catch (Exception error) when (error is SweepsException or OperationCanceledException)
        {
            // That the store is away is said by who watches it.
        }
    }

    private void Tell(string line)
    {
        Log.Write(line);
        _manager.Status(line);
    }

    private async Task DrainAsync(SiloHost silo, TimeSpan grace, CancellationToken atOnce)
    {
        try
        {
            await silo.DrainAsync(grace, atOnce);
        }
        catch (TimeoutException)
        {
            Log.Write("the trials could not be handed back; other silos take them over when this silo's lease expires");
        }
    }
}

/// <summary>Log lines with a timestamp, for service managers and containers.</summary>
internal sealed class PlainLog(TextWriter output, TimeProvider time, LogFormat format)
{
    public void Write(string line)
    {
        output.WriteLine(format == LogFormat.Json
            ? JsonLines.Line(time.GetUtcNow(), Serilog.Events.LogEventLevel.Information, line, [])
            : string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z {line}"));
        output.Flush();
    }
}
