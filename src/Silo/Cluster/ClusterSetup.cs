using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;
using Sweeps.Grains.Contracts;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// How this process takes part in a cluster: the one place that knows. A folder: each process is a cluster of one silo
/// on loopback, and the log decides between their coordinators. A shared store: the silos find each other in it.
/// </summary>
internal static class ClusterSetup
{
    /// <summary>The cluster and service of every silo.</summary>
    public const string Service = "sweeps";

    public static void UseSweepsCluster(
        this IHostApplicationBuilder builder, ISweepStore store, SiloSettings settings) =>
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
            silo.Services.AddSerializer(serializer => serializer.AddCore());
            silo.Services.AddSingleton<ClusterVerdict>();
            silo.Services.AddSingleton<IFatalErrorHandler>(
                provider => provider.GetRequiredService<ClusterVerdict>());
            if (store is ISharedStore shared)
                silo.UseStoreClustering(shared, settings);
            else
                silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: Service, clusterId: Service);
        });

    private static void UseStoreClustering(this ISiloBuilder silo, ISharedStore store, SiloSettings settings)
    {
        silo.Services.AddSingleton(store);
        silo.Services.AddSingleton<IMembershipTable, StoreMembershipTable>();
        silo.Services.AddSingleton(provider => new FormerSilos(
            store.Membership, Service, settings.Lease, provider.GetRequiredService<SiloStart>()));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FormerSilosWait>();
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Service, Service));
        silo.Configure<ClusterMembershipOptions>(options => Watch(options, settings.Lease));
        var advertised = settings.Advertised ?? (store.Address.IsLocal ? IPAddress.Loopback : null);
        if (advertised is not null)
            silo.ConfigureEndpoints(
                advertised, FreePort(), FreePort(), listenOnAnyHostAddress: !IPAddress.IsLoopback(advertised));
        else
            silo.ConfigureEndpoints(FreePort(), FreePort(), listenOnAnyHostAddress: true);
    }

    /// <summary>
    /// Orleans shall miss a dead silo no later than the lease does: its grains are needed to take the trials back. It
    /// takes a silo for gone that missed three signs of life, which is a lease.
    /// </summary>
    private static void Watch(ClusterMembershipOptions options, TimeSpan lease)
    {
        options.ProbeTimeout = lease / 5;
        options.NumMissedProbesLimit = 3;
        options.IAmAliveTablePublishTimeout = lease / 3;
        options.TableRefreshTimeout = lease * 2;
        options.DefunctSiloExpiration = TimeSpan.FromHours(1);
    }

    /// <summary>A port that nobody uses now, so that several silos run side by side on one machine.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>
/// Hears that this silo cannot go on in its cluster, which is declared of one that was suspended or cut off for long.
/// Orleans would end the process at once; here the silo joins anew, as it does when its lease ran out.
/// </summary>
internal sealed partial class ClusterVerdict(ILogger<ClusterVerdict> logger) : IFatalErrorHandler
{
    private readonly TaskCompletionSource _fallen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the silo cannot go on.</summary>
    public Task Fallen => _fallen.Task;

    /// <inheritdoc />
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc />
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        LogFallen(exception, context);
        _fallen.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo cannot go on in its cluster: {Context}")]
    private partial void LogFallen(Exception? error, string? context);
}
