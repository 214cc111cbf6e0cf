using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>One grain in memory: its queue of requests, its turns, its life.</summary>
internal sealed class Activation : IGrainContext
{
    [ThreadStatic]
    private static Activation? current;

    private readonly Lock gate = new();
    private readonly LinkedList<Request> waiting = new();
    private readonly GrainClass grainClass;
    private readonly TaskCompletionSource deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<GrainTimer> timers = [];
    private AsyncServiceScope? services;
    private ActivationState state;
    private Request? blocking;
    private int running;
    private int waitingThatMayInterleave;
    private DeactivationReason? ending;
    private CancellationToken endingCancellation;
    private long idleSince;
    private DateTimeOffset keptUntil;

    public Activation(SiloRuntime runtime, GrainClass grainClass, GrainId grainId)
    {
        Runtime = runtime;
        this.grainClass = grainClass;
        GrainId = grainId;
        Scheduler = new ActivationScheduler(this);
    }

    /// <summary>The activation whose turn runs on this thread.</summary>
    public static Activation? Current
    {
        get => current;
        set => current = value;
    }

    public SiloRuntime Runtime { get; }

    public ActivationScheduler Scheduler { get; }

    public GrainId GrainId { get; }

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => field ??= new GrainReference(Runtime, CalledInterface.None, GrainId);

    public IServiceProvider ActivationServices => services?.ServiceProvider
        ?? throw new InvalidOperationException($"{GrainId} has not been activated.");

    public Task Deactivated => deactivated.Task;

    /// <summary>False if this activation has ended: the request belongs to the next one.</summary>
    public bool TryReceive(Request request)
    {
        lock (gate)
        {
            if (state == ActivationState.Invalid || (state == ActivationState.Deactivating && request.IsLocal))
            {
                return false;
            }

            if (state == ActivationState.Created)
            {
                state = ActivationState.Activating;
                Scheduler.Post(() => _ = BeginGrain());
            }

            if (waiting.Count == 0 && MayStart(request))
            {
                Begin(request);
            }
            else
            {
                waiting.AddLast(request);
                waitingThatMayInterleave += MayInterleave(request) ? 1 : 0;
            }
        }

        return true;
    }

    /// <summary>Runs a request that has begun; called by the scheduler.</summary>
    public void Run(Request request)
    {
        var task = request.Start(GrainInstance!, this);
        if (task.IsCompleted)
        {
            End(request, task);
        }
        else
        {
            task.GetAwaiter().UnsafeOnCompleted(() => End(request, task));
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            ending ??= deactivationReason;
            endingCancellation = cancellationToken;
            if (state == ActivationState.Created)
            {
                // Never called: nothing to activate for, and nothing to deactivate.
                Runtime.Directory.Remove(this);
                state = ActivationState.Invalid;
                deactivated.TrySetResult();
                return;
            }

            Advance();
        }
    }

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        lock (gate)
        {
            keptUntil = timeSpan == Timeout.InfiniteTimeSpan || timeSpan == TimeSpan.MaxValue ? DateTimeOffset.MaxValue
                : timeSpan <= TimeSpan.Zero ? DateTimeOffset.MinValue
                : Runtime.Time.GetUtcNow() + timeSpan;
        }
    }

    public GrainTimer AddTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options, Runtime.Time);
        lock (gate)
        {
            timers.Add(timer);
        }

        timer.Run();
        return timer;
    }

    public void Forget(GrainTimer timer)
    {
        lock (gate)
        {
            timers.Remove(timer);
        }
    }

    /// <summary>Ends the activation if it has been idle for as long as its class allows.</summary>
    public void Collect()
    {
        lock (gate)
        {
            if (state == ActivationState.Valid
                && running == 0
                && waiting.Count == 0
                && Runtime.Time.GetElapsedTime(idleSince) >= grainClass.IdleLimit
                && Runtime.Time.GetUtcNow() >= keptUntil)
            {
                Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Activation has been idle."));
            }
        }
    }

    private bool MayStart(Request request) =>
        state == ActivationState.Valid
        && (running == 0
            ? ending is null
            : request.Interleaves
                || grainClass.IsReentrant
                || blocking is null
                || (blocking.IsReadOnly && request.IsReadOnly));

    // Under the lock.
    private void Begin(Request request)
    {
        running++;
        if (!request.Interleaves)
        {
            blocking ??= request;
        }

        Scheduler.Start(request);
    }

    private void End(Request request, Task outcome)
    {
        lock (gate)
        {
            running--;
            if (ReferenceEquals(blocking, request))
            {
                blocking = null;
            }

            if (request.KeepsAlive)
            {
                idleSince = Runtime.Time.GetTimestamp();
            }

            Advance();
        }

        request.Complete(outcome);
    }

    // Under the lock: ends the activation if it is to end and nothing runs, else starts what may run, in order of
    // arrival.
    private void Advance()
    {
        if (state != ActivationState.Valid)
        {
            return;
        }

        if (ending is { } reason && running == 0)
        {
            state = ActivationState.Deactivating;
            Scheduler.Post(() => _ = EndGrain(reason));
            return;
        }

        // While a call runs that nothing waiting may run beside, the rest of the queue need not be looked at.
        for (var node = waiting.First; node is not null && (blocking is null || waitingThatMayInterleave > 0);)
        {
            var (request, next) = (node.Value, node.Next);
            var isDropped = request.IsSettled && Runtime.DropsSettledCalls;
            if (isDropped || MayStart(request))
            {
                waiting.Remove(node);
                waitingThatMayInterleave -= MayInterleave(request) ? 1 : 0;
                if (!isDropped)
                {
                    Begin(request);
                }
            }

            node = next;
        }
    }

    private bool MayInterleave(Request request) => request.Interleaves || request.IsReadOnly || grainClass.IsReentrant;

    private async Task BeginGrain()
    {
        try
        {
            services = Runtime.Services.CreateAsyncScope();
            GrainInstance = grainClass.Construct(ActivationServices);
            if (GrainInstance is IGrainBase grain)
            {
                using var timeout = new CancellationTokenSource(Runtime.Collection.ActivationTimeout, Runtime.Time);
                await grain.OnActivateAsync(timeout.Token);
            }
        }
        catch (Exception failure)
        {
            Runtime.Log.LogError(failure, "Failed to activate grain {Grain}", GrainId);
            await Finish(request => request.Fail(failure));
            return;
        }

        lock (gate)
        {
            state = ActivationState.Valid;
            idleSince = Runtime.Time.GetTimestamp();
            Advance();
        }
    }

    private async Task EndGrain(DeactivationReason reason)
    {
        DisposeTimers();
        try
        {
            if (GrainInstance is IGrainBase grain)
            {
                using var limit = new CancellationTokenSource(Runtime.Collection.DeactivationTimeout, Runtime.Time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, endingCancellation);
                await grain.OnDeactivateAsync(reason, both.Token).WaitAsync(both.Token);
            }
        }
        catch (Exception failure)
        {
            Runtime.Log.LogError(failure, "Failed to deactivate grain {Grain}", GrainId);
        }

        await Finish(Runtime.Redirect);
    }

    private async Task Finish(Action<Request> release)
    {
        DisposeTimers();
        Request[] left;
        lock (gate)
        {
            // First out of the directory, then invalid: who finds this one invalid finds its successor in the
            // directory.
            Runtime.Directory.Remove(this);
            state = ActivationState.Invalid;
            left = [.. waiting.Where(request => !request.IsLocal)];
            waiting.Clear();
            waitingThatMayInterleave = 0;
        }

        foreach (var request in left)
        {
            release(request);
        }

        try
        {
            await DisposeInstance();
        }
        catch (Exception failure)
        {
            Runtime.Log.LogError(failure, "Failed to dispose of grain {Grain}", GrainId);
        }

        deactivated.TrySetResult();
    }

    private async Task DisposeInstance()
    {
        switch (GrainInstance)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }

        if (services is { } scope)
        {
            await scope.DisposeAsync();
        }
    }

    private void DisposeTimers()
    {
        GrainTimer[] all;
        lock (gate)
        {
            all = [.. timers];
        }

        foreach (var timer in all)
        {
            timer.Dispose();
        }
    }
}
