using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>
/// Starts the stages in rising order and stops those that had started in falling order; a stage's own in parallel.
/// </summary>
internal sealed class SiloLifecycle : ISiloLifecycle
{
    private readonly List<Subscription> subscriptions = [];
    private readonly Lock gate = new();

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Subscription(this, stage, observer);
        lock (gate)
        {
            subscriptions.Add(subscription);
        }

        return subscription;
    }

    public async Task Start(CancellationToken cancellation)
    {
        foreach (var stage in Stages().OrderBy(stage => stage.Key))
        {
            cancellation.ThrowIfCancellationRequested();
            await Task.WhenAll(stage.Select(
                subscription => Task.Run(() => subscription.Start(cancellation), cancellation)));
            HighestCompletedStage = stage.Key;
        }
    }

    /// <summary>
    /// Every stage is told to stop even if one before it fails; the failures come together at the end.
    /// </summary>
    public async Task Stop(CancellationToken cancellation)
    {
        var failures = new List<Exception>();
        foreach (var stage in Stages().OrderByDescending(stage => stage.Key))
        {
            try
            {
                // Not with the token: a stage is told to stop, and told by its own token to hurry.
                await Task.WhenAll(stage.Select(subscription => subscription.Stop(cancellation)));
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }

            LowestStoppedStage = stage.Key;
        }

        if (failures.Count > 0)
        {
            throw new AggregateException("Stopping the silo failed.", failures);
        }
    }

    private IGrouping<int, Subscription>[] Stages()
    {
        lock (gate)
        {
            return [.. subscriptions.GroupBy(subscription => subscription.Stage)];
        }
    }

    private sealed class Subscription(SiloLifecycle owner, int stage, ILifecycleObserver observer) : IDisposable
    {
        private bool started;

        public int Stage => stage;

        public Task Start(CancellationToken cancellation)
        {
            started = true;
            return observer.OnStart(cancellation);
        }

        public async Task Stop(CancellationToken cancellation)
        {
            if (started)
            {
                await observer.OnStop(cancellation);
            }
        }

        public void Dispose()
        {
            lock (owner.gate)
            {
                owner.subscriptions.Remove(this);
            }
        }
    }
}
