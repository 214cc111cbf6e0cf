using System.Net;
using Sweeps.Store.Addresses;

namespace Sweeps.Store.Contract;

/// <summary>
/// One store: the log and everything beside it. It does not know the events' types. All members may be called from any
/// thread; every write that has been answered survives the death of the process. Errors that the user can act on are
/// <see cref="StoreException"/>.
/// </summary>
public interface ISweepStore : IAsyncDisposable
{
    /// <summary>Where the store is; printing it never shows a password.</summary>
    StoreAddress Address { get; }

    /// <summary>
    /// True where processes of several machines may write at once (PostgreSQL): silos on other machines can join, and
    /// find each other. A folder is shared too, by the processes of its machine, each a cluster of its own.
    /// </summary>
    bool IsShared { get; }

    /// <summary>The sweeps and their events.</summary>
    ISweepLog Log { get; }

    /// <summary>What each epoch of each trial gave.</summary>
    IMetricStore Metrics { get; }

    /// <summary>Checkpoints and models.</summary>
    IArtifactStore Artifacts { get; }

    /// <summary>The silos and their leases.</summary>
    ISiloDirectory Silos { get; }

    /// <summary>Wake-ups when something changes.</summary>
    IChangeFeed Changes { get; }

    /// <summary>What this process has asked of the store so far.</summary>
    StoreStatistics Statistics { get; }

    /// <summary>
    /// Why an operation that is under way is tried again and again; null: none is, or nothing is known of it.
    /// </summary>
    string? Problem => null;

    /// <summary>
    /// Why what is read here is no longer what others find at the store's address, such as a folder that was deleted or
    /// replaced; null: it is, or nothing is known of that.
    /// </summary>
    string? Detached => null;

    /// <summary>The store's clock, the only one that leases are judged by.</summary>
    Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default);

    /// <summary>What kind of database it is; null: none, it is in memory.</summary>
    Task<StoreDatabase?> DescribeAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<StoreDatabase?>(null);
}

/// <summary>The database of a store.</summary>
/// <param name="SchemaVersion">The version of its tables.</param>
/// <param name="Bytes">Its size; on a server, of the store's tables and their indexes.</param>
public sealed record StoreDatabase(int SchemaVersion, long Bytes);

/// <summary>A store on a server: its silos may be on several machines, and find each other in it.</summary>
public interface ISharedStore : ISweepStore
{
    /// <summary>The Orleans clusters' membership tables.</summary>
    IMembershipStore Membership { get; }

    /// <summary>What the silos of a cluster know each other by.</summary>
    IAuthorityStore Authorities { get; }

    /// <summary>How the server sees this process.</summary>
    Task<StoreReach> ReachAsync(CancellationToken cancellationToken = default);
}

/// <summary>How a server sees a process, and who else it lets in.</summary>
/// <param name="Seen">The address that the process's connections come from; null: a socket of the machine.</param>
/// <param name="IsForThisMachineAlone">
/// The server is on the same machine and listens on loopback addresses alone, so that no other machine reaches it.
/// </param>
public sealed record StoreReach(IPAddress? Seen, bool IsForThisMachineAlone);

/// <summary>What this process has asked of its store so far.</summary>
/// <param name="Commits">Transactions that a group of appends and metrics shared.</param>
/// <param name="Statements">Round trips to a server, of every kind; 0 for stores without one.</param>
public readonly record struct StoreStatistics(long Commits, long Statements);
