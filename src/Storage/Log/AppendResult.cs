namespace Sweeps.Storage;

/// <summary>The answer to an append.</summary>
/// <param name="IsAppended">True: the events are durable. False: a conflict, nothing was changed.</param>
/// <param name="LastSequence">The sequence of the append's last event, or on a conflict the sweep's actual last
/// one.</param>
/// <param name="At">When the events were appended, by the store's clock; on a conflict the clock's time.</param>
public readonly record struct AppendResult(bool IsAppended, long LastSequence, DateTimeOffset At);
