using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>A call that is answered with a <typeparamref name="T"/>.</summary>
internal sealed class Call<T>(CalledMethod method, GrainId target, object?[] arguments)
    : Call(method, target, arguments)
{
    private readonly TaskCompletionSource<T> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Reply => reply.Task;

    public override bool IsSettled => reply.Task.IsCompleted && !Method.IsOneWay;

    public void CompleteOneWay() => reply.TrySetResult(default!);

    public override Task Run(object instance) => Method.Invoke(instance, Arguments) switch
    {
        Task task => task,
        ValueTask<T> task => task.AsTask(),
        ValueTask task => task.AsTask(),
        null when Method.Method.ReturnType == typeof(void) => Task.CompletedTask,
        _ => throw new InvalidOperationException($"{Method.Name} returned null instead of a task."),
    };

    public override object? ResultOf(Task task) => task is Task<T> typed ? typed.Result : null;

    public override void Complete(Task outcome)
    {
        if (outcome.IsCompletedSuccessfully)
        {
            Settle(outcome);
        }
        else
        {
            Fail(outcome.Exception?.InnerException ?? new TaskCanceledException(outcome));
        }
    }

    public override bool Fail(Exception failure)
    {
        var settled = failure is OperationCanceledException cancelled
            ? reply.TrySetCanceled(cancelled.CancellationToken)
            : reply.TrySetException(failure);
        Forget();
        return settled;
    }

    protected override Task RunThrough(IncomingCall incoming)
    {
        return Filtered();

        async Task<T> Filtered()
        {
            await incoming.Invoke();
            return incoming.Result is T result ? result : default!;
        }
    }

    private void Settle(Task outcome)
    {
        try
        {
            // A method without result may well return a Task<something>: whatever it is, it is not for the caller.
            reply.TrySetResult(outcome is Task<T> typed ? Method.IsolateResult(typed.Result) : default!);
        }
        catch (Exception failure)
        {
            reply.TrySetException(failure);
        }

        Forget();
    }

    private void Forget()
    {
        if (Pending is { } pending)
        {
            PendingCalls.Remove(pending);
            CallerCancellation.Dispose();
        }
    }
}
