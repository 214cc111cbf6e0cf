using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>One call on its way: from a reference, through a target's queue, to its reply.</summary>
internal abstract class Call(CalledMethod method, GrainId target, object?[] arguments) : Request
{
    private readonly Activation? caller = Activation.Current;
    private readonly Dictionary<string, object>? context = RequestContext.Snapshot();
    private Action? cancelCallee;
    private Activation? startedOn;
    private bool cancelRequested;

    public CalledMethod Method => method;

    public GrainId Target => target;

    /// <summary>The grain that calls; null for a caller outside grains.</summary>
    public GrainId? Source => caller?.GrainId;

    public override bool Interleaves => method.AlwaysInterleaves;

    public override bool IsReadOnly => method.IsReadOnly;

    public override bool KeepsAlive => true;

    public override bool IsLocal => false;

    /// <summary>Set while the caller waits: what to forget when the reply is there.</summary>
    public PendingCalls.Entry? Pending { get; set; }

    public CancellationTokenRegistration CallerCancellation { get; set; }

    protected object?[] Arguments => arguments;

    public override Task Start(object instance, Activation? activation)
    {
        try
        {
            PrepareCancellation(activation);
            RequestContext.Restore(context);
            return activation?.Runtime.Filters is { Length: > 0 } filters
                ? RunThrough(new IncomingCall(this, instance, activation, filters))
                : Run(instance);
        }
        catch (Exception failure)
        {
            return Task.FromException(failure);
        }
    }

    /// <summary>Calls the method; its task, whatever kind of task the method returns.</summary>
    public abstract Task Run(object instance);

    /// <summary>The result of a task from <see cref="Run"/>; null where there is none.</summary>
    public abstract object? ResultOf(Task task);

    /// <summary>
    /// Cancels the token that the method was given, as a turn of its own; before the start, remembers it.
    /// </summary>
    public void CancelCallee()
    {
        lock (arguments)
        {
            cancelRequested = true;
            if (cancelCallee is { } cancel)
            {
                if (startedOn is { } activation)
                {
                    activation.Scheduler.Post(cancel);
                }
                else
                {
                    ThreadPool.UnsafeQueueUserWorkItem(static action => action(), cancel, preferLocal: false);
                }
            }
        }
    }

    protected abstract Task RunThrough(IncomingCall incoming);

    // The method gets a token of its own: cancelling the caller's runs no foreign code on the caller's thread.
    private void PrepareCancellation(Activation? activation)
    {
        if (!method.Cancellation(arguments).CanBeCanceled)
        {
            return;
        }

        lock (arguments)
        {
            startedOn = activation;

            // Not disposed of: it has neither timer nor wait handle, and the grain may keep its token.
            var source = new CancellationTokenSource();
            cancelCallee = source.Cancel;
            method.ReplaceCancellation(arguments, source.Token);
            if (cancelRequested)
            {
                source.Cancel();
            }
        }
    }
}
