using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Sweeps.Storage;

namespace Sweeps.Silo.Hosting;

/// <summary>
/// How this process takes part in a cluster: the one place that knows. A store of one process: a cluster of one silo on
/// loopback.
/// </summary>
internal static class ClusterSetup
{
    private const string Service = "sweeps";

    public static void UseSweepsCluster(this IHostApplicationBuilder builder, ISweepStore store, SiloSettings settings) =>
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
            silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: Service, clusterId: Service);
        });

    /// <summary>A port that nobody uses now, so that several sweeps run side by side on one machine.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
