using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Core.Sweeps;
using Sweeps.Core.Training;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Health;
using Sweeps.Silo.Slots;
using Sweeps.Silo.Work;
using Sweeps.Storage;

namespace Sweeps.Silo.Hosting;

/// <summary>A running silo.</summary>
public sealed partial class SiloHost : IAsyncDisposable
{
    /// <summary>How long the store may take to hear of what a drain hands back.</summary>
    private static readonly TimeSpan HandBack = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(5);

    private readonly IHost _host;
    private readonly ISweepStore _store;
    private readonly SiloSettings _settings;

    private SiloHost(IHost host, ISweepStore store, SiloSettings settings) =>
        (_host, _store, _settings) = (host, store, settings);

    private SlotPool Slots => _host.Services.GetRequiredService<SlotPool>();

    /// <summary>Number of slots now.</summary>
    public int SlotCount => Slots.Slots;

    /// <summary>This start of the silo, as the store's directory knows it.</summary>
    public string Incarnation => Slots.Incarnation;

    /// <summary>What the slots do now, by slot; then what waits for one.</summary>
    public IReadOnlyList<TrialActivity> Activities => Slots.Activities();

    /// <summary>How the silo is, for probes.</summary>
    public SiloHealth Health => SiloHealth.Of(
        _settings,
        Slots,
        _host.Services.GetRequiredService<Heartbeats>(),
        _host.Services.GetRequiredService<Worker>());

    /// <summary>Starts a silo in this process; it trains for every open sweep of the store.</summary>
    /// <param name="store">The open store; stays the caller's.</param>
    /// <param name="trainer">Trains; called from several threads at once.</param>
    /// <param name="numerics">What this machine's numbers look like.</param>
    /// <param name="sources">Makes the searcher that a plan asks for.</param>
    /// <param name="settings">How the silo works.</param>
    /// <param name="cancellation">Gives up starting.</param>
    public static async Task<SiloHost> StartAsync(
        ISweepStore store,
        ITrainer trainer,
        SiloNumerics numerics,
        Func<SweepPlan, IConfigurationSource> sources,
        SiloSettings settings,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "sweeps" });
        builder.UseSweepsLogging(settings);
        builder.AddSilo(store, trainer, numerics, sources, settings);
        var host = builder.Build();
        await host.Services.GetRequiredService<Heartbeats>().RegisterAsync(cancellation);
        await host.StartAsync(cancellation);
        return new(host, store, settings);
    }

    /// <summary>The coordinator of a sweep.</summary>
    public ISweepGrain Sweep(string id) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<ISweepGrain>(id);

    /// <summary>The owner of a trial's attempt.</summary>
    public ITrialGrain Trial(AttemptKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrialGrain>(key.TrialGrainKey);
    }

    /// <summary>
    /// Hands back everything in hand and takes no more: trainings end after their running epoch with a checkpoint, and
    /// at the latest when <paramref name="grace"/> has passed without one. No attempt is used up.
    /// </summary>
    /// <exception cref="TimeoutException">
    /// The store did not take them back in time: the others will when the lease has run out.
    /// </exception>
    public async Task DrainAsync(TimeSpan grace)
    {
        _host.Services.GetRequiredService<Heartbeats>().IsDraining = true;
        var drained = _host.Services.GetRequiredService<Worker>().DrainAsync();
        Release("the silo drains", atOnce: false);
        if (await Task.WhenAny(drained, Task.Delay(grace)) != drained)
        {
            Release("the silo drains, and its grace period is over", atOnce: true);
            await drained.WaitAsync(HandBack);
        }
    }

    /// <summary>
    /// Ends the silo. What was not drained counts as lost, and goes on elsewhere or at the next start.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var incarnation = Incarnation;
        await _host.StopAsync(Leaving);
        Slots.Dispose();
        await LeaveAsync(incarnation);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    // A store that is away cannot hear it; the lease says it later.
    private async Task LeaveAsync(string incarnation)
    {
        using var limit = new CancellationTokenSource(Leaving);
        try
        {
            await _store.Silos.LeaveAsync(incarnation, limit.Token).WaitAsync(Leaving);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException or SweepsException)
        {
            LogNotHeard(_host.Services.GetRequiredService<ILogger<SiloHost>>(), error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store did not hear that the silo left: its lease will end")]
    private static partial void LogNotHeard(ILogger logger, Exception error);

    private void Release(string reason, bool atOnce)
    {
        foreach (var activity in Slots.Activities())
            Slots.Stop(activity.Key, new(AttemptEnding.Released, reason, atOnce));
    }
}
