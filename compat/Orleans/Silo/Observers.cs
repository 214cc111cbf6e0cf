using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>
/// The objects outside grains that grains can call. Each is called by one call at a time, in order. They are held
/// weakly, as by the real runtime: who creates a reference keeps the object.
/// </summary>
internal sealed class Observers
{
    private static readonly GrainType Type = GrainType.Create("sys.client");

    private readonly ConcurrentDictionary<GrainId, Observer> observers = new();

    public static bool Owns(GrainId id) => id.Type == Type;

    public GrainId Add(IGrainObserver observer)
    {
        var id = GrainId.Create(Type, Guid.NewGuid().ToString("N"));
        observers[id] = new Observer(observer);
        return id;
    }

    public void Remove(GrainId id) => observers.TryRemove(id, out _);

    /// <summary>
    /// A call to an observer that is gone is dropped: its caller, if it waits, waits until its timeout.
    /// </summary>
    public void Dispatch(Call call)
    {
        if (observers.TryGetValue(call.Target, out var observer) && !observer.Receive(call))
        {
            Remove(call.Target);
        }
    }

    private sealed class Observer(IGrainObserver target)
    {
        private readonly WeakReference<IGrainObserver> target = new(target);
        private readonly Queue<Call> waiting = new();
        private bool pumping;

        public bool Receive(Call call)
        {
            if (!target.TryGetTarget(out _))
            {
                return false;
            }

            lock (waiting)
            {
                waiting.Enqueue(call);
                if (pumping)
                {
                    return true;
                }

                pumping = true;
            }

            ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.Pump(), this, preferLocal: true);
            return true;
        }

        private async Task Pump()
        {
            while (true)
            {
                Call? call;
                lock (waiting)
                {
                    if (!waiting.TryDequeue(out call))
                    {
                        pumping = false;
                        return;
                    }
                }

                if (target.TryGetTarget(out var instance))
                {
                    var outcome = call.Start(instance, null);
                    await outcome.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    call.Complete(outcome);
                }
            }
        }
    }
}
