using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Silo.Cluster;
using Sweeps.Silo.Health;
using Sweeps.Silo.Logging;
using Sweeps.Silo.Slots;
using Sweeps.Silo.Workers;
using Sweeps.Store.Contract;

namespace Sweeps.Silo;

/// <summary>
/// A running silo. One that its cluster has declared dead joins again by itself, as a new incarnation.
/// </summary>
public sealed class SiloHost : IAsyncDisposable
{
    /// <summary>How long the store may take to hear of what a drain hands back.</summary>
    private static readonly TimeSpan HandBack = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly SiloMembership _membership;
    private readonly SiloSettings _settings;
    private readonly SiloStart _start;

    private SiloHost(SiloMembership membership, SiloSettings settings, SiloStart start) =>
        (_membership, _settings, _start) = (membership, settings, start);

    private IServiceProvider Services => _membership.Services;

    private SlotPool Slots => Services.GetRequiredService<SlotPool>();

    /// <summary>Number of slots now.</summary>
    public int SlotCount => Slots.Slots;

    /// <summary>The silo's name.</summary>
    public string Name => Slots.Identity.Name;

    /// <summary>This start of the silo, as the store's directory knows it.</summary>
    public string Incarnation => Slots.Incarnation;

    /// <summary>What the slots do now, by slot; then what waits for one.</summary>
    public IReadOnlyList<TrialActivity> Activities => Slots.Activities();

    /// <summary>How the silo is, for probes.</summary>
    public SiloHealth Health => _membership.IsOut
        ? SiloHealth.Joining(_settings, _start)
        : SiloHealth.Of(
            _settings,
            Slots,
            Services.GetRequiredService<Heartbeats>(),
            Services.GetRequiredService<StoreWatch>(),
            Services.GetRequiredService<Worker>());

    /// <summary>
    /// Starts a silo in this process; it trains for every open sweep of the store, or those of its settings.
    /// </summary>
    /// <param name="store">The open store; stays the caller's.</param>
    /// <param name="trainer">Trains; called from several threads at once.</param>
    /// <param name="numerics">What this machine's numbers look like.</param>
    /// <param name="sources">Makes the searcher that a plan asks for.</param>
    /// <param name="settings">How the silo works.</param>
    /// <param name="start">Hears how far it is; null: nobody asks.</param>
    /// <param name="cancellation">Gives up starting, at once.</param>
    public static async Task<SiloHost> StartAsync(
        ISweepStore store,
        ITrainer trainer,
        SiloNumerics numerics,
        Func<SweepPlan, ISearcher> sources,
        SiloSettings settings,
        SiloStart? start = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        start ??= new();
        start.Enter("it looks for the other silos' artifacts");
        await store.Artifacts.CheckAsync(cancellation);
        if (store is ISharedStore shared && settings.Advertised is null)
            settings = settings with { Advertised = OwnAddress.Of(await shared.ReachAsync(cancellation)) };
        var entry = new ClusterEntry(Build, start);
        return new(await SiloMembership.JoinAsync(entry, store, cancellation), settings, start);

        IHost Build()
        {
            var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "sweeps" });
            builder.UseSweepsLogging(settings);
            builder.Services.AddSingleton(start);
            builder.AddSilo(store, trainer, numerics, sources, settings);
            return builder.Build();
        }
    }

    /// <summary>The coordinator of a sweep.</summary>
    public ISweepGrain Sweep(string id) => Services.GetRequiredService<IGrainFactory>().GetGrain<ISweepGrain>(id);

    /// <summary>
    /// Hands back everything in hand and takes no more: trainings end after their running epoch with a checkpoint, and
    /// at the latest when <paramref name="grace"/> has passed without one. No attempt is used up.
    /// </summary>
    /// <param name="grace">What running epochs have to end.</param>
    /// <param name="hurry">Ends the grace at once.</param>
    /// <exception cref="TimeoutException">
    /// The store did not take them back in time: the others will when the lease has run out.
    /// </exception>
    public async Task DrainAsync(TimeSpan grace, CancellationToken hurry = default)
    {
        if (await _membership.StayAsync())
            return;
        Services.GetRequiredService<Heartbeats>().IsDraining = true;
        var drained = Services.GetRequiredService<Worker>().DrainAsync();
        Slots.Release("the silo drains", atOnce: false);
        // The grace is the trainings': where none is left, only the store is waited for.
        var clock = Stopwatch.StartNew();
        while (!drained.IsCompleted && Slots.Count > 0 && clock.Elapsed < grace && !hurry.IsCancellationRequested)
            await Task.WhenAny(drained, Task.Delay(Poll, hurry));
        Slots.Release("the silo drains, and its grace period is over", atOnce: true);
        await drained.WaitAsync(HandBack, CancellationToken.None);
    }

    /// <summary>
    /// Ends the silo. What was not drained counts as lost, and goes on elsewhere or at the next start.
    /// </summary>
    public ValueTask DisposeAsync() => _membership.DisposeAsync();
}
