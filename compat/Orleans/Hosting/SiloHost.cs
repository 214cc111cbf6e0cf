using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>Starts and stops the silo with its host.</summary>
internal sealed class SiloHost(SiloLifecycle lifecycle, IEnumerable<ILifecycleParticipant<ISiloLifecycle>> participants)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var participant in participants)
        {
            participant.Participate(lifecycle);
        }

        return lifecycle.Start(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => lifecycle.Stop(cancellationToken);
}
