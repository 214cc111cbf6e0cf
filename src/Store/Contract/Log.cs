using Sweeps.Core;

namespace Sweeps.Store.Contract;

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

    /// <summary>
    /// Removes an ended sweep for good: events, metrics and references to artifacts, which should be released before.
    /// Its id is not given out again, or a coordinator that remembers the old sweep would take the new one for it.
    /// </summary>
    /// <returns>False: there is no such sweep, or no longer.</returns>
    /// <exception cref="StoreException">The sweep is open.</exception>
    Task<bool> DeleteAsync(string sweep, CancellationToken cancellationToken = default);

    /// <summary>
    /// The results that appends named by their courses and whose sweeps are still there: for each that is sought those
    /// of the wanted end first, then those that trained longest, at most <see cref="StoredResult.MostOfACourse"/>; and,
    /// however many are before them, as many of sweeps that keep a checkpoint of that epoch
    /// (<see cref="ArtifactKey.KeptCheckpoint"/>), in the same order. Two that are sought of one course may get the
    /// same results.
    /// </summary>
    /// <param name="sought">What is sought.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<StoredResult>> FindResultsAsync(
        IReadOnlyCollection<SoughtResult> sought, CancellationToken cancellationToken = default);

    /// <summary>
    /// Whether a sweep other than <paramref name="except"/> has results of this basis, or results of which an earlier
    /// version entered none: if not, <see cref="FindResultsAsync"/> finds nothing of other sweeps.
    /// </summary>
    /// <param name="basis">What the appends gave as <see cref="SweepAppend.Basis"/>.</param>
    /// <param name="except">A sweep that does not count; null: all do.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> HasResultsAsync(string basis, string? except, CancellationToken cancellationToken = default);

    /// <summary>Whether a sweep has this id, or had it and was deleted.</summary>
    Task<bool> IsTakenAsync(string sweep, CancellationToken cancellationToken = default);
}

/// <summary>Short forms of the log's calls.</summary>
public static class SweepLogExtensions
{
    /// <summary>Whether there is no such sweep any more; false also where the store does not answer: it is to be asked
    /// again.</summary>
    public static async Task<bool> IsGoneAsync(this ISweepLog log, string sweep)
    {
        ArgumentNullException.ThrowIfNull(log);
        try
        {
            return await log.FindAsync(sweep) is null;
        }
        catch (SweepsException)
        {
            return false;
        }
    }

    /// <summary>Appends events without changing the sweep's header.</summary>
    public static Task<AppendResult> AppendAsync(
        this ISweepLog log,
        string sweep,
        long expectedSequence,
        IReadOnlyList<NewEvent> events,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        return log.AppendAsync(new SweepAppend(sweep, expectedSequence, events), cancellationToken);
    }
}

/// <summary>A wish to append events to a sweep.</summary>
/// <param name="Sweep">The sweep's id: 1 to 200 characters without control characters.</param>
/// <param name="ExpectedSequence">The last sequence that the decision was based on; 0: the sweep is new.</param>
/// <param name="Events">The events, at least one.</param>
public sealed record SweepAppend(string Sweep, long ExpectedSequence, IReadOnlyList<NewEvent> Events)
{
    /// <summary>
    /// Replaces the sweep's header with the append; null leaves it (a new sweep: open, priority 0, empty summary).
    /// </summary>
    public SweepHeader? Header { get; init; }

    /// <summary>
    /// Results among the events, by which <see cref="ISweepLog.FindResultsAsync"/> finds them: written with the events
    /// or not at all.
    /// </summary>
    public IReadOnlyList<NewResult> Results { get; init; } = [];

    /// <summary>
    /// What the courses of all results of the sweep share: 64 lower-case hexadecimal digits, entered with the results;
    /// null: it was with an earlier append, or there are none.
    /// </summary>
    public string? Basis { get; init; }

    /// <summary>
    /// Names the append, so that one whose outcome is unknown may be tried again without doing it twice. Default: a new
    /// one.
    /// </summary>
    public Guid Id { get; init; } = Guid.NewGuid();
}

/// <summary>An event to append.</summary>
/// <param name="Type">The name of its type: 1 to 100 characters.</param>
/// <param name="Payload">Its content, opaque to the store; not changed by the caller until the append is
/// answered.</param>
public readonly record struct NewEvent(string Type, ReadOnlyMemory<byte> Payload);

/// <summary>A result among the events of an append.</summary>
/// <param name="Event">Which event, from 0.</param>
/// <param name="Course">Names the training but for its end: 64 lower-case hexadecimal digits.</param>
/// <param name="Wanted">Names the end; at most 200 characters, opaque to the store.</param>
/// <param name="Epochs">How far it was trained, from 0.</param>
public readonly record struct NewResult(int Event, string Course, string Wanted, int Epochs);

/// <summary>A result that is sought.</summary>
/// <param name="Course">Its course: 64 lower-case hexadecimal digits.</param>
/// <param name="Wanted">The end that is wanted, as it was named; null: any.</param>
public readonly record struct SoughtResult(string Course, string? Wanted = null);

/// <summary>A result that was found: as it was named, and where it stands.</summary>
/// <param name="Sweep">Its sweep.</param>
/// <param name="Event">The event that holds it.</param>
public sealed record StoredResult(string Course, string Wanted, int Epochs, string Sweep, StoredEvent Event)
{
    /// <summary>Most results of one course that are handed out, and most of those beyond with a kept checkpoint.
    /// </summary>
    public const int MostOfACourse = 8;
}

/// <summary>The answer to an append.</summary>
/// <param name="IsAppended">True: the events are durable. False: a conflict, nothing was changed.</param>
/// <param name="LastSequence">The sequence of the append's last event, or on a conflict the sweep's actual last
/// one.</param>
/// <param name="At">When the events were appended, by the store's clock; on a conflict the clock's time.</param>
public readonly record struct AppendResult(bool IsAppended, long LastSequence, DateTimeOffset At);

/// <summary>An event of the log: its place in the sweep, from 1, and when it was appended (store's clock).</summary>
public readonly record struct StoredEvent(long Sequence, DateTimeOffset At, string Type, ReadOnlyMemory<byte> Payload);

/// <summary>What finds a sweep without reading its log. Derived from the events by the one who appends them.</summary>
/// <param name="IsOpen">False: nothing is left to do; workers no longer look at the sweep.</param>
/// <param name="Priority">Higher ones first.</param>
/// <param name="Summary">Fields for a listing (name, state, counts), as JSON, opaque to the store.</param>
public sealed record SweepHeader(bool IsOpen, int Priority, string Summary)
{
    /// <summary>The header of a sweep whose first append gave none.</summary>
    public static SweepHeader Default { get; } = new(true, 0, "{}");
}

/// <summary>A sweep as a listing shows it.</summary>
/// <param name="Id">The sweep.</param>
/// <param name="Header">Its header as of the last append that gave one.</param>
/// <param name="LastSequence">The sequence of its last event.</param>
/// <param name="Created">When its first event was appended, by the store's clock.</param>
/// <param name="LastWritten">When its last event was appended.</param>
public sealed record SweepSummary(
    string Id, SweepHeader Header, long LastSequence, DateTimeOffset Created, DateTimeOffset LastWritten);
