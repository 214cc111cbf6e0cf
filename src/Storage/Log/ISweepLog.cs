namespace Sweeps.Storage;

/// <summary>The append-only lists of the sweeps' events: the only truth. Sequences count from 1 without gaps.</summary>
public interface ISweepLog
{
    /// <summary>
    /// Appends events to a sweep if its last sequence is the expected one; expected 0 creates the sweep. All or
    /// nothing, durable when answered. Concurrent appends share a transaction (group commit). Appends to one sweep may
    /// be issued without waiting for the answer to the one before: they are done in the order of the calls. An append
    /// whose <see cref="SweepAppend.Id"/> was already done is answered as done and changes nothing.
    /// </summary>
    Task<AppendResult> AppendAsync(SweepAppend append, CancellationToken cancellationToken = default);

    /// <summary>
    /// Events after <paramref name="afterSequence"/>, in order, at most <paramref name="limit"/>; empty: no such sweep
    /// or no more events.
    /// </summary>
    /// <exception cref="Core.SweepsException">A stored event is damaged.</exception>
    Task<IReadOnlyList<StoredEvent>> ReadAsync(
        string sweep, long afterSequence, int limit = int.MaxValue, CancellationToken cancellationToken = default);

    /// <summary>One sweep's summary; null: no such sweep.</summary>
    Task<SweepSummary?> FindAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>
    /// The sweeps, by descending priority, then oldest first. Open ones alone are found by an index, however many
    /// closed ones there are.
    /// </summary>
    Task<IReadOnlyList<SweepSummary>> ListAsync(bool openOnly = false, CancellationToken cancellationToken = default);
}
