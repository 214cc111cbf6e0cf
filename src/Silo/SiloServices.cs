using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Trainings;
using Sweeps.Grains;
using Sweeps.Grains.Coordination;
using Sweeps.Silo.Cluster;
using Sweeps.Silo.Slots;
using Sweeps.Silo.Telemetry;
using Sweeps.Silo.Workers;
using Sweeps.Store.Contract;

namespace Sweeps.Silo;

/// <summary>What a silo consists of.</summary>
internal static class SiloServices
{
    /// <summary>
    /// Adds a silo to a host: grains, slots, worker and heartbeats over an open store. The store and the trainer stay
    /// the caller's to dispose.
    /// </summary>
    /// <param name="builder">The host to be.</param> <param name="store">The open store.</param> <param
    /// name="trainer">Trains; called from several threads at once.</param> <param name="numerics">What this machine's
    /// numbers look like.</param> <param name="sources">Makes the searcher that a plan asks for.</param> <param
    /// name="settings">How the silo works.</param>
    public static void AddSilo(
        this IHostApplicationBuilder builder,
        ISweepStore store,
        ITrainer trainer,
        SiloNumerics numerics,
        Func<SweepPlan, ISearcher> sources,
        SiloSettings settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(numerics);
        settings.Validate();
        var services = builder.Services;
        // Not created by the container, so not disposed by it.
        services.AddSingleton(store);
        services.AddSingleton(trainer);
        services.AddSingleton(sources);
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.TryAddSingleton<SiloStart>(_ => new());
        services.AddSingleton<CoordinatorClock>();
        services.AddSingleton<TrialCounts>();
        services.AddSingleton(new SiloIdentity(settings.Name, numerics));
        services.AddSingleton<GrainReports>();
        services.AddSingleton<TrainingRunner>();
        services.AddSingleton<SlotPool>();
        services.AddSingleton<ISlotPool>(provider => provider.GetRequiredService<SlotPool>());
        services.AddSingleton<Outbox>();
        services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<Outbox>());
        services.AddSingleton<TrialStarts>();
        services.AddSingleton<SweepData>();
        services.AddSingleton<Worker>();
        services.AddSingleton<Heartbeats>();
        services.AddSingleton<StoreWatch>();
        builder.UseSweepsCluster(store, settings);
        // After the cluster, so that work begins when grains can be called and ends before they cannot.
        services.AddHostedService(provider => provider.GetRequiredService<Heartbeats>());
        services.AddHostedService<LostSilos>();
        services.AddHostedService(provider => provider.GetRequiredService<Worker>());
        services.AddHostedService(provider => provider.GetRequiredService<StoreWatch>());
        services.AddHostedService<SpeedWatch>();
        services.AddHostedService<SiloGauges>();
    }
}
