using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>Says why a client cannot start.</summary>
internal sealed class ClientWithoutCluster(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => services.GetService<IClusterClient>() is not null
        ? Task.CompletedTask
        : throw new OrleansConfigurationException(
            "This build has the in-process grain runtime, which a client in another process cannot reach. "
            + "Build with the Microsoft.Orleans packages, or run a silo in this process.");

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
