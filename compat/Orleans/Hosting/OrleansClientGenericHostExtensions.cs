using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Silo;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Puts a client of a cluster into a host. It compiles as with the real packages, but here there are no clusters:
/// unless the same host has a silo, the host does not start.
/// </summary>
public static class OrleansClientGenericHostExtensions
{
    public static IHostApplicationBuilder UseOrleansClient(
        this IHostApplicationBuilder hostAppBuilder, Action<IClientBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        Add(hostAppBuilder.Services, hostAppBuilder.Configuration, configureDelegate);
        return hostAppBuilder;
    }

    public static IHostBuilder UseOrleansClient(this IHostBuilder hostBuilder, Action<IClientBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        return hostBuilder.ConfigureServices(
            (context, services) => Add(services, context.Configuration, configureDelegate));
    }

    private static void Add(
        IServiceCollection services, IConfiguration configuration, Action<IClientBuilder> configureDelegate)
    {
        services.AddHostedService<ClientWithoutCluster>();
        configureDelegate(new HostPart(services, configuration));
    }
}
