using Sweeps.Core;

namespace Sweeps.Store;

/// <summary>Settings of a store; the defaults suit both databases.</summary>
public sealed record StoreOptions
{
    /// <summary>How the store is opened. Default: for reading and writing.</summary>
    public StoreAccess Access { get; init; } = StoreAccess.ReadWrite;

    /// <summary>Writes that may wait for a commit; more callers wait for room. Default 4,096, at least 1.</summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>Rows (events, metrics) that one transaction gathers at most. Default 8,192, at least 1.</summary>
    public int BatchRowsMax { get; init; } = 8192;

    /// <summary>
    /// How long an operation is retried while a server is out of reach or restarting, or a file is locked by another
    /// program, before it fails. Default 60 s.
    /// </summary>
    public TimeSpan RetryTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a single statement on a server may take. Default 30 s, at least 1 s.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections to a server at most, beside the one that listens. Default 8, at least 2.</summary>
    public int PoolSize { get; init; } = 8;

    /// <summary>How often a server is asked for changes in case a notification was lost. Default 15 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Notifications to other processes are at least this far apart. Default 20 ms.</summary>
    public TimeSpan NotifyInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Checks the settings.</summary>
    /// <exception cref="SweepsException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(QueueCapacity >= 1, nameof(QueueCapacity), QueueCapacity, "at least 1");
        Require(BatchRowsMax >= 1, nameof(BatchRowsMax), BatchRowsMax, "at least 1");
        Require(RetryTime >= TimeSpan.Zero, nameof(RetryTime), RetryTime, "0 or more");
        Require(
            StatementTimeout >= TimeSpan.FromSeconds(1), nameof(StatementTimeout), StatementTimeout, "at least 1 s");
        Require(PoolSize >= 2, nameof(PoolSize), PoolSize, "at least 2");
        Require(PollInterval > TimeSpan.Zero, nameof(PollInterval), PollInterval, "more than 0");
        Require(NotifyInterval >= TimeSpan.Zero, nameof(NotifyInterval), NotifyInterval, "0 or more");
    }

    private static void Require(bool holds, string name, object value, string allowed)
    {
        if (!holds)
            throw new SweepsException(ErrorKind.Usage, $"Store option {name} is {value}; allowed is {allowed}.");
    }
}

/// <summary>How a store is opened.</summary>
public enum StoreAccess
{
    /// <summary>Reads and writes; creates the store if it is not there. SQLite: processes of one machine.</summary>
    ReadWrite = 0,

    /// <summary>
    /// Reads only, also beside processes that write, and without a right to write; every write is an error. The store
    /// must be there.
    /// </summary>
    ReadOnly = 1,

    /// <summary>
    /// Reads and writes, as <see cref="ReadWrite"/>, and brings an earlier version up to date; the store must be there.
    /// </summary>
    Change = 2,
}
