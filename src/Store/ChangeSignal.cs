using Sweeps.Store.Contract;

namespace Sweeps.Store;

/// <summary>The change feed of one process: counters, and one pulse per topic that all its waiters share.</summary>
internal sealed class ChangeSignal(TimeProvider time) : IChangeFeed
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _marks = [];
    private readonly Dictionary<string, TaskCompletionSource> _pulses = [];
    private TaskCompletionSource? _anyPulse;
    private long _total;
    private long _everything;

    public long Mark(string? topic = null)
    {
        lock (_lock)
            return MarkLocked(topic);
    }

    public async Task<bool> WaitAsync(
        string? topic, long mark, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Task pulse;
        lock (_lock)
        {
            if (MarkLocked(topic) > mark)
                return true;
            pulse = PulseLocked(topic).Task;
        }

        // A timeout is an ordinary answer here, not worth an exception in every idle loop.
        var wait = pulse.WaitAsync(timeout, time, cancellationToken);
        await wait.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        return Mark(topic) > mark;
    }

    /// <summary>Something of this topic changed.</summary>
    public void Raise(string topic)
    {
        TaskCompletionSource? one;
        TaskCompletionSource? any;
        lock (_lock)
        {
            _marks[topic] = _marks.GetValueOrDefault(topic) + 1;
            _total++;
            _pulses.Remove(topic, out one);
            any = _anyPulse;
            _anyPulse = null;
        }

        one?.TrySetResult();
        any?.TrySetResult();
    }

    /// <summary>Anything may have changed: the channel was broken for a while.</summary>
    public void RaiseAll()
    {
        List<TaskCompletionSource> pulses;
        lock (_lock)
        {
            _everything++;
            pulses = [.. _pulses.Values];
            _pulses.Clear();
            if (_anyPulse is not null)
                pulses.Add(_anyPulse);
            _anyPulse = null;
        }

        foreach (var pulse in pulses)
            pulse.TrySetResult();
    }

    private long MarkLocked(string? topic) =>
        _everything + (topic is null ? _total : _marks.GetValueOrDefault(topic));

    private TaskCompletionSource PulseLocked(string? topic)
    {
        if (topic is null)
            return _anyPulse ??= NewPulse();
        if (!_pulses.TryGetValue(topic, out var pulse))
            _pulses[topic] = pulse = NewPulse();
        return pulse;
    }

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
