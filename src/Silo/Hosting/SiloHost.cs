using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sweeps.Core;
using Sweeps.Core.Sweeps;
using Sweeps.Core.Training;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Hosting.Cluster;
using Sweeps.Silo.Health;
using Sweeps.Silo.Slots;
using Sweeps.Silo.Work;
using Sweeps.Storage;

namespace Sweeps.Silo.Hosting;

/// <summary>
/// A running silo. One that its cluster has declared dead joins again by itself, as a new incarnation.
/// </summary>
public sealed partial class SiloHost : IAsyncDisposable
{
    /// <summary>How long the store may take to hear of what a drain hands back.</summary>
    private static readonly TimeSpan HandBack = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Abandoning = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan RejoinDelay = TimeSpan.FromSeconds(2);

    private readonly Func<IHost> _build;
    private readonly ISweepStore _store;
    private readonly SiloSettings _settings;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _rejoining;
    private volatile IHost _host;

    // Between two memberships: nothing to drain and nothing to stop.
    private volatile bool _isOut;

    private SiloHost(IHost host, Func<IHost> build, ISweepStore store, SiloSettings settings)
    {
        (_host, _build, _store, _settings) = (host, build, store, settings);
        _rejoining = RejoinAsync();
    }

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
        var host = Build();
        await host.StartAsync(cancellation);
        return new(host, Build, store, settings);

        IHost Build()
        {
            var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "sweeps" });
            builder.UseSweepsLogging(settings);
            builder.AddSilo(store, trainer, numerics, sources, settings);
            return builder.Build();
        }
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
        if (await EndRejoiningAsync())
            return;
        _host.Services.GetRequiredService<Heartbeats>().IsDraining = true;
        var drained = _host.Services.GetRequiredService<Worker>().DrainAsync();
        Release("the silo drains", atOnce: false);
        // The grace is the trainings': where none is left, only the store is waited for.
        var clock = Stopwatch.StartNew();
        while (!drained.IsCompleted && Slots.Count > 0 && clock.Elapsed < grace)
            await Task.WhenAny(drained, Task.Delay(Poll));
        Release("the silo drains, and its grace period is over", atOnce: true);
        await drained.WaitAsync(HandBack);
    }

    /// <summary>
    /// Ends the silo. What was not drained counts as lost, and goes on elsewhere or at the next start.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!await EndRejoiningAsync() && await LeaveAsync())
            await DisposeAsync(_host);
    }

    /// <summary>Waits for the cluster's verdict, leaves, and joins again; until the silo is told to end.</summary>
    private async Task RejoinAsync()
    {
        try
        {
            while (true)
            {
                await _host.Services.GetRequiredService<ClusterVerdict>().Fallen.WaitAsync(_ending.Token);
                _isOut = true;
                var (fallen, hasStopped) = (_host, await LeaveAsync());
                _host = await JoinAsync();
                _isOut = false;
                if (hasStopped)
                    await DisposeAsync(fallen);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // It ends, and so does this.
        }
    }

    private async Task<IHost> JoinAsync()
    {
        while (true)
        {
            var host = _build();
            try
            {
                await host.StartAsync(_ending.Token);
                return host;
            }
            catch (Exception error)
            {
                LogNotJoined(_host.Services.GetRequiredService<ILogger<SiloHost>>(), error);
                await DisposeAsync(host);
            }

            await Task.Delay(RejoinDelay, _ending.Token);
        }
    }

    // What follows is to begin at once, so this waits only where the silo is on its way back.
    private async ValueTask<bool> EndRejoiningAsync()
    {
        _ending.Cancel();
        if (_isOut)
            await _rejoining;
        return _isOut;
    }

    /// <summary>Stops and says so to the store. False: it did not stop in time, and is left behind.</summary>
    private async Task<bool> LeaveAsync()
    {
        var incarnation = Incarnation;
        var hasStopped = await StopAsync();
        Slots.Dispose();
        await LeaveAsync(incarnation);
        return hasStopped;
    }

    private static async Task DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    // Orleans tells the membership table again and again, for minutes, whatever the time given for stopping: a store
    // that is away shall not hold a process that was told to end. The others then notice by their probes.
    private async Task<bool> StopAsync()
    {
        try
        {
            await _host.StopAsync(Leaving).WaitAsync(Leaving + Abandoning);
            return true;
        }
        catch (TimeoutException error)
        {
            LogNotHeard(_host.Services.GetRequiredService<ILogger<SiloHost>>(), error);
            return false;
        }
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo could not join again; trying again")]
    private static partial void LogNotJoined(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store did not hear that the silo left: its lease will end")]
    private static partial void LogNotHeard(ILogger logger, Exception error);

    private void Release(string reason, bool atOnce)
    {
        foreach (var activity in Slots.Activities())
            Slots.Stop(activity.Key, new(AttemptEnding.Released, reason, atOnce));
    }
}
