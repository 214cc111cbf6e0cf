using System.Globalization;
using System.Net;
using Sweeps.Client.Terminal;
using Sweeps.Core.Specs;
using Sweeps.Core.Training;
using Sweeps.Silo;
using Sweeps.Silo.Health;
using Sweeps.Silo.Hosting;
using Sweeps.Storage;

namespace Sweeps.Client.Silos;

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
            store, trainer, numerics, SpecificationPlan.SourceOf, settings);
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
