namespace Orleans.Silo;

/// <summary>Something that an activation runs as a turn: a call, or the tick of a timer.</summary>
internal abstract class Request
{
    /// <summary>Whether it may run beside anything else.</summary>
    public abstract bool Interleaves { get; }

    /// <summary>Whether it may run beside others that say so too.</summary>
    public abstract bool IsReadOnly { get; }

    /// <summary>Whether it counts as activity for the collector.</summary>
    public abstract bool KeepsAlive { get; }

    /// <summary>Whether it dies with the activation instead of going on to the next.</summary>
    public abstract bool IsLocal { get; }

    /// <summary>Whether nobody waits for it any longer.</summary>
    public abstract bool IsSettled { get; }

    /// <summary>Starts it on the activation's turn; never throws.</summary>
    public abstract Task Start(object instance, Activation? activation);

    /// <summary>Takes note of how it ended.</summary>
    public abstract void Complete(Task outcome);

    public abstract bool Fail(Exception failure);
}
