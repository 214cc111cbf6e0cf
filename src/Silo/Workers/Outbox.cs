using Sweeps.Grains;
using Sweeps.Grains.Contracts;

namespace Sweeps.Silo.Workers;

/// <summary>Reports that wait for the worker.</summary>
internal sealed class Outbox : IOutbox
{
    private readonly Lock _gate = new();
    private List<AttemptEnd> _ends = [];
    private TaskCompletionSource _signal = NewSignal();

    public void Add(AttemptEnd end)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _ends.Add(end);
            signal = _signal;
        }

        signal.TrySetResult();
    }

    /// <summary>Wakes the worker without a report.</summary>
    public void Nudge()
    {
        lock (_gate)
            _signal.TrySetResult();
    }

    /// <summary>Completes when there is something to take.</summary>
    public Task Filled
    {
        get
        {
            lock (_gate)
                return _signal.Task;
        }
    }

    public List<AttemptEnd> Take()
    {
        lock (_gate)
        {
            var taken = _ends;
            _ends = [];
            // One that was not given yet stays: the worker may be waiting for it.
            if (_signal.Task.IsCompleted)
                _signal = NewSignal();
            return taken;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
