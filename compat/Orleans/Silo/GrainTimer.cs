using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>
/// A timer whose ticks are turns of an activation. The next tick is due a period after the last has ended.
/// </summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation activation;
    private readonly Func<CancellationToken, Task> callback;
    private readonly CancellationTokenSource disposed = new();
    private readonly TimerTick tick;
    private readonly ITimer timer;
    private TimeSpan due;
    private TimeSpan period;
    private bool ticking;
    private bool changed;

    public GrainTimer(
        Activation activation,
        Func<CancellationToken, Task> callback,
        GrainTimerCreationOptions options,
        TimeProvider time)
    {
        this.activation = activation;
        this.callback = callback;
        Check(options.DueTime, options.Period);
        due = options.DueTime;
        period = options.Period;
        tick = new TimerTick(this, options.Interleave, options.KeepAlive);
        using (ExecutionContext.SuppressFlow())
        {
            timer = time.CreateTimer(
                static state => ((GrainTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public bool IsDisposed => disposed.IsCancellationRequested;

    /// <summary>
    /// Begins to run; apart from the constructor, so that the activation knows the timer before its first tick.
    /// </summary>
    public void Run() => timer.Change(due, Timeout.InfiniteTimeSpan);

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, period);
        due = dueTime;
        this.period = period;
        changed = true;

        // During a tick the change takes effect when the tick has ended.
        if (!ticking)
        {
            timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    public async Task Tick()
    {
        changed = false;
        await callback(disposed.Token);
    }

    public void Ticked(Task outcome)
    {
        if (outcome.Exception is { } failure && !IsDisposed)
        {
            activation.Runtime.Log.LogWarning(failure.InnerException, "A timer of {Grain} failed", activation.GrainId);
        }

        ticking = false;
        if (!IsDisposed)
        {
            timer.Change(changed ? due : period, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        if (IsDisposed)
        {
            return;
        }

        disposed.Cancel();
        timer.Dispose();
        activation.Forget(this);
    }

    private static void Check(TimeSpan dueTime, TimeSpan period)
    {
        var limit = TimeSpan.FromMilliseconds(0xfffffffe);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime, limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(period, limit);
    }

    private void Fire()
    {
        ticking = true;
        activation.TryReceive(tick);
    }
}
