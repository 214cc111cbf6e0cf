using System.Net;
using System.Net.NetworkInformation;
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
/// without a port, and the log decides between their coordinators. A shared store: the silos find each other in it, and
/// it is what they know each other by.
/// </summary>
internal static class ClusterSetup
{
    /// <summary>The service of every silo.</summary>
    public const string Service = "sweeps";

    /// <summary>
    /// The cluster of every silo. Those that spoke without TLS called theirs "sweeps": the two kinds see nothing of
    /// each other, and share a store as two processes on a folder do.
    /// </summary>
    public const string Cluster = "sweeps-2";

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
                silo.StayAlone();
        });

    /// <summary>The silo has an address, since Orleans wants one, and no port.</summary>
    private static void StayAlone(this ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(gatewayPort: 0, serviceId: Service, clusterId: Cluster);
        NoListener.Replace(silo.Services);
    }

    private static void UseStoreClustering(this ISiloBuilder silo, ISharedStore store, SiloSettings settings)
    {
        silo.Services.AddSingleton(store);
        silo.Services.AddSingleton<IMembershipTable, StoreMembershipTable>();
        silo.Services.AddSingleton(provider => new FormerSilos(
            store.Membership, Cluster, settings.Lease, provider.GetRequiredService<SiloStart>()));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FormerSilosWait>();
        silo.Services.AddSingleton(provider => new ClusterKeys(
            store.Authorities, Cluster, TimeProvider.System, provider.GetRequiredService<ILogger<ClusterKeys>>()));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ClusterKeysStart>();
        silo.Services.AddSingleton<Strangers>();
        silo.Services.AddSingleton<ConnectionGuard>();
        silo.Services.AddOptions<SiloConnectionOptions>()
            .Configure<ConnectionGuard>((options, guard) => guard.Secure(options));
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Cluster, Service));
        silo.Configure<ClusterMembershipOptions>(options => Watch(options, settings.Lease));
        // No gateway: nobody is a client of the cluster, commands go through the log.
        var advertised = settings.Advertised ?? IPAddress.Loopback;
        var listening = Listening(advertised);
        var port = settings.Ports.Free(listening);
        silo.ConfigureEndpoints(advertised, port, gatewayPort: 0);
        silo.Configure<EndpointOptions>(options => options.SiloListeningEndpoint = new(listening, port));
    }

    /// <summary>
    /// The address that the others are told, and no other, unless it is not this machine's, as behind a translation of
    /// addresses.
    /// </summary>
    private static IPAddress Listening(IPAddress advertised)
    {
        var isOwn = IPAddress.IsLoopback(advertised) || NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Any(own => own.Address.Equals(advertised));
        var any = advertised.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        return isOwn ? advertised : any;
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
}

/// <summary>
/// Hears that this silo cannot go on in its cluster, which is declared of one that was suspended or cut off for long.
/// Orleans would end the process at once; here the silo joins anew, as it does when its lease ran out.
/// </summary>
internal sealed partial class ClusterVerdict(ILocalSiloDetails self, ILogger<ClusterVerdict> logger)
    : IFatalErrorHandler
{
    private readonly TaskCompletionSource _fallen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the silo cannot go on.</summary>
    public Task Fallen => _fallen.Task;

    /// <inheritdoc />
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc />
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        LogFallen(exception, self.SiloAddress.Endpoint, FirstSentence(context));
        _fallen.TrySetResult();
    }

    // After it Orleans lists the whole membership table.
    private static string? FirstSentence(string? context) => context?.Split(". ")[0].Split(" Membership: ")[0];

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The silo cannot go on in its cluster and joins again: it stood still, or the others did not "
            + "reach it at {Address} (if this repeats, open that TCP port to their machines, or give it "
            + "--advertise): {Context}")]
    private partial void LogFallen(Exception? error, EndPoint address, string? context);
}
