using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// Orleans' way in for a silo that is a cluster by itself: nobody shall come, so no port is opened. What it calls on
/// its own grains does not leave the process.
/// </summary>
internal sealed class NoListener : IConnectionListenerFactory, IConnectionListener
{
    private readonly TaskCompletionSource _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    /// <summary>Puts it in the place of every listener that Orleans has.</summary>
    public static void Replace(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: true } service
                && service.ServiceType == typeof(IConnectionListenerFactory))
            {
                services[i] = new(
                    service.ServiceType, service.ServiceKey, (_, _) => new NoListener(), ServiceLifetime.Singleton);
            }
        }
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.Task.WaitAsync(cancellationToken);
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound.TrySetResult();
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
