namespace Sweeps.Store.Contract;

/// <summary>
/// A cluster's membership table, as the protocol of Orleans needs it: one row per silo and one version for the whole
/// table. Each change names the versions it is based on and raises both; false answers mean: read again, decide again.
/// </summary>
public interface IMembershipStore
{
    /// <summary>Creates the table of a cluster at version 0 if it is not there.</summary>
    Task InitializeAsync(string cluster, CancellationToken cancellationToken = default);

    /// <summary>All rows and the version, as of one moment.</summary>
    Task<MemberTable> ReadAsync(string cluster, CancellationToken cancellationToken = default);

    /// <summary>The table with one silo's row alone, or none, as of one moment.</summary>
    Task<MemberTable> ReadRowAsync(string cluster, string silo, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds a row, with a sign of life. False: the table's version is another one, or the silo has a row already.
    /// </summary>
    Task<bool> InsertRowAsync(
        string cluster, MemberEntry entry, long tableVersion, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces what a row says; its sign of life stays. False: the table's or the row's version is another one, or
    /// there is no such row.
    /// </summary>
    Task<bool> UpdateRowAsync(
        string cluster,
        MemberEntry entry,
        long rowVersion,
        long tableVersion,
        CancellationToken cancellationToken = default);

    /// <summary>A silo's sign of life, at the store's clock; changes no version.</summary>
    Task UpdateIAmAliveAsync(string cluster, string silo, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces what rows say of silos that are gone: those that are still as they were read, and whose last sign of
    /// life is at least this old by the store's clock at that moment. Returns the number of rows replaced.
    /// </summary>
    Task<int> DeclareGoneAsync(
        string cluster,
        IReadOnlyCollection<MemberRow> rows,
        TimeSpan unseen,
        CancellationToken cancellationToken = default);

    /// <summary>Removes a cluster's table.</summary>
    Task DeleteAsync(string cluster, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes rows of silos that are not active and were last alive before a time; returns their number.
    /// </summary>
    Task<int> CleanupAsync(string cluster, DateTimeOffset before, CancellationToken cancellationToken = default);
}

/// <summary>A cluster's table as of one moment.</summary>
/// <param name="Version">The table's version, 0 when created, raised by each insert and update: the entity tag.</param>
/// <param name="Rows">The rows, by silo.</param>
public sealed record MemberTable(long Version, IReadOnlyList<MemberRow> Rows)
{
    /// <summary>The store's clock at that moment.</summary>
    public DateTimeOffset Now { get; init; }
}

/// <summary>A row and its version.</summary>
/// <param name="Entry">What it says.</param>
/// <param name="Version">Its version, 1 when inserted, raised by each update: the entity tag.</param>
public sealed record MemberRow(MemberEntry Entry, long Version);

/// <summary>What a silo's row says.</summary>
/// <param name="Silo">The silo's address, as text: the row's key.</param>
/// <param name="IsActive">False: dead or leaving; the row may be cleaned up when it is old.</param>
/// <param name="Entry">The rest of the entry, serialised by the caller.</param>
public sealed record MemberEntry(string Silo, bool IsActive, string Entry)
{
    /// <summary>The silo's last sign of life, by the store's clock, which alone writes it.</summary>
    public DateTimeOffset IAmAlive { get; init; }
}
