using System.Diagnostics;

namespace Orleans.Silo;

/// <summary>
/// Runs the turns of one activation one after another on the thread pool. Continuations of a grain's awaits come back
/// here, because the scheduler is the current one while a turn runs.
/// </summary>
internal sealed class ActivationScheduler(Activation activation) : TaskScheduler, IThreadPoolWorkItem
{
    // As long as an activation may keep a thread before others get their turn.
    private static readonly long Quantum = Stopwatch.Frequency / 10;

    private readonly Lock gate = new();
    private readonly Queue<object> work = new();
    private bool scheduled;

    public override int MaximumConcurrencyLevel => 1;

    public void Start(Request request) => Enqueue(request);

    public void Post(Action action) => Enqueue(action);

    void IThreadPoolWorkItem.Execute()
    {
        var before = Activation.Current;
        Activation.Current = activation;
        var end = Stopwatch.GetTimestamp() + Quantum;
        try
        {
            while (Next() is { } item)
            {
                Execute(item);
                if (Stopwatch.GetTimestamp() > end)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    break;
                }
            }
        }
        finally
        {
            Activation.Current = before;
        }
    }

    protected override void QueueTask(Task task) => Enqueue(task);

    // Only within a turn of this activation, and only tasks that do not wait in the queue already.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(Activation.Current, activation) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (gate)
        {
            return [.. work.OfType<Task>()];
        }
    }

    private void Execute(object item)
    {
        switch (item)
        {
            case Task task:
                TryExecuteTask(task);
                break;
            case Request request:
                // A task makes this scheduler the current one; it starts here rather than where the call was made, so
                // that the caller's execution context does not flow into the grain.
                new Task(static state => ((Turn)state!).Run(), new Turn(activation, request)).RunSynchronously(this);
                break;
            default:
                new Task((Action)item).RunSynchronously(this);
                break;
        }
    }

    private object? Next()
    {
        lock (gate)
        {
            if (work.TryDequeue(out var item))
            {
                return item;
            }

            scheduled = false;
            return null;
        }
    }

    private void Enqueue(object item)
    {
        lock (gate)
        {
            work.Enqueue(item);
            if (scheduled)
            {
                return;
            }

            scheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private sealed class Turn(Activation activation, Request request)
    {
        public void Run() => activation.Run(request);
    }
}
