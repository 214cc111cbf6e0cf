using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>What the runtime itself does when the silo starts and stops.</summary>
internal sealed class SiloStages(SiloRuntime runtime) : ILifecycleParticipant<ISiloLifecycle>
{
    private ITimer? collector;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<SiloStages>(ServiceLifecycleStage.RuntimeServices, Open, Close);
        lifecycle.Subscribe<SiloStages>(ServiceLifecycleStage.GrainDeactivation, StartCollector, DeactivateAll);
    }

    private Task Open(CancellationToken cancellation)
    {
        runtime.Accept();
        return Task.CompletedTask;
    }

    private Task Close(CancellationToken cancellation)
    {
        runtime.Refuse("The silo is stopping.");
        return Task.CompletedTask;
    }

    private Task StartCollector(CancellationToken cancellation)
    {
        var quantum = runtime.Collection.CollectionQuantum;
        collector = runtime.Time.CreateTimer(_ => Collect(), null, quantum, quantum);
        return Task.CompletedTask;
    }

    private void Collect()
    {
        foreach (var activation in runtime.Directory.All)
        {
            activation.Collect();
        }
    }

    // Grains that end may still call others, which then begin again: so until none is left, or the time is over.
    private async Task DeactivateAll(CancellationToken cancellation)
    {
        collector?.Dispose();
        using var limit = new CancellationTokenSource(runtime.Collection.DeactivationTimeout, runtime.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "This silo is shutting down.");
        try
        {
            while (!runtime.Directory.IsEmpty)
            {
                var all = runtime.Directory.All;
                foreach (var activation in all)
                {
                    activation.Deactivate(reason, both.Token);
                }

                await Task.WhenAll(all.Select(activation => activation.Deactivated)).WaitAsync(both.Token);
            }
        }
        catch (OperationCanceledException)
        {
            runtime.Log.LogWarning("{Count} grains had not ended when the silo stopped", runtime.Directory.All.Count);
        }
    }
}
