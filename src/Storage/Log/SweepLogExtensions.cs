namespace Sweeps.Storage;

/// <summary>Short forms of the log's calls.</summary>
public static class SweepLogExtensions
{
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
